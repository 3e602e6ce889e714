"""TLS between hub, proxy and servers on a real cluster: HOSTILE.md 7. Who has no certificate learns nothing."""

import json
import os
import pwd
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from deploy.accounts import home
from deploy.command import run
from tests.classroom import Classroom
from tests.integration.person import Person, alone, wait_for

OnServiceNode = Callable[..., str]
# Tries to get an answer from HOST PORT, in the clear and with TLS; prints what came back.
NEIGHBOUR = """
import json, socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
answers = []
for wrap in (lambda plain: plain, context.wrap_socket):
    try:
        with wrap(socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10)) as way:
            way.sendall(b"GET /hub/api/ HTTP/1.0\\r\\n\\r\\n")
            answers.append(way.recv(100).decode(errors="replace"))
    except (ssl.SSLError, ConnectionError):
        answers.append("")
print(json.dumps(answers))
"""
# Prints which of its arguments can be read.
READ = 'for path; do if cat "$path" >/dev/null 2>&1; then echo "$path"; fi; done'


@pytest.fixture(scope="module")
def deniz(classroom: Classroom) -> Iterator[Person]:
    """Deniz, whose server runs."""
    assert classroom.settings.site.internal_tls, "these tests are for a class with internal TLS"
    with pytest.MonkeyPatch.context() as patch:
        if classroom.settings.site.certificate:  # it is signed by itself
            patch.setenv("REQUESTS_CA_BUNDLE", str(classroom.settings.site.certificate))
        with alone(classroom, "deniz") as person:
            person.start()
            yield person


def place(person: Person) -> tuple[str, int]:
    """Return address and port of a person's server, as the hub's database has them."""
    question = "SELECT ip, port FROM servers JOIN spawners ON server_id = servers.id JOIN users ON users.id = user_id"
    database = sqlite3.connect(f"file:{person.classroom.settings.state}/hub/jupyterhub.sqlite?mode=ro", uri=True)
    try:
        row = database.execute(f"{question} WHERE users.name = ?", [person.name]).fetchone()
    finally:
        database.close()
    return str(row[0]), int(row[1])


def process(person: Person) -> Path:
    """Return where the kernel shows the process of a person's server."""
    uid = pwd.getpwnam(person.name).pw_uid
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):  # it comes before its children
        try:
            if folder.stat().st_uid == uid and b"singleuser.py" in (folder / "cmdline").read_bytes():
                return folder
        except OSError:
            continue  # it has ended meanwhile
    raise AssertionError(f"{person.name} has no server")


def key_file(person: Person) -> Path:
    """Return where a person's server has its key."""
    return next(fd for fd in (process(person) / "fd").iterdir() if b"PRIVATE KEY" in content(fd))


def content(path: Path) -> bytes:
    """Return what is in a regular file or a memory file; nothing for any other."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def test_its_server_answers_through_the_proxy(deniz: Person) -> None:
    """A server works as ever: files, and a kernel's whole life, go through the proxy."""
    assert deniz.at_server("api/status").status_code == 200
    made = deniz.create_at_server("api/kernels", {})
    assert made.status_code == 201
    assert [kernel["id"] for kernel in deniz.at_server("api/kernels").json()] == [made.json()["id"]]


def test_nbgrader_lists_a_persons_assignments(deniz: Person) -> None:
    """What nbgrader asks the hub from within a server, it asks with the server's certificate."""
    found = deniz.at_server("assignments?course_id=hpc-and-slurm-demo").json()
    assert found["success"], found


@pytest.mark.parametrize("what", ["server", "hub"])
def test_a_neighbour_on_the_network_gets_nothing(classroom: Classroom, deniz: Person, what: str) -> None:
    """Another trainee's job connects to the server's port and to the hub's: neither says a word without certificate."""
    site = classroom.settings.site
    address, port = place(deniz) if what == "server" else (site.node_address, site.hub_port)
    words = ("srun", "--quiet", "--time=1", "--mem=50M", "/usr/bin/python3", "-c", NEIGHBOUR, address, str(port))
    assert json.loads(classroom.slurm(*words, person="bruno")) == ["", ""]


def test_the_neighbour_would_hear_an_answer(classroom: Classroom) -> None:
    """The attempt of the test above can fail: from who serves everybody it gets an answer."""
    server = "import http.server as s; s.HTTPServer(('', 20999), s.BaseHTTPRequestHandler).handle_request()"
    script = (
        f"{{ timeout 20 python3 -c \"{server}\" & }} 2>/dev/null; sleep 2; python3 -c '{NEIGHBOUR}' 127.0.0.1 20999"
    )
    words = ("srun", "--quiet", "--time=1", "--mem=100M", "sh", "-c", script)
    assert json.loads(classroom.slurm(*words, person="bruno").splitlines()[-1])[0].startswith("HTTP/1.0")


def test_the_key_lies_nowhere(classroom: Classroom, deniz: Person) -> None:
    """The server's key is in its process's memory alone: in no file of Slurm, log, home or temporary folder."""
    lines = key_file(deniz).read_text().splitlines()
    centre = classroom.cluster.state
    folders = [centre / "slurm", centre / "log", classroom.settings.state / "log", home(classroom.cluster, deniz.name)]
    searched = [str(folder) for folder in (*folders, Path("/dev/shm"), Path("/tmp")) if folder.exists()]  # noqa: S108
    assert len(searched) >= 5
    found = run(["sh", "-c", 'grep -rlsF -e "$0" "$@" || true', lines[1], *searched], timeout=120)
    assert found == ""
    shown = classroom.slurm("scontrol", "show", "job", deniz.jobs()[0].id)
    assert lines[1] not in shown
    assert "CREDENTIALS" not in shown


def test_nobody_else_reads_it(classroom: Classroom, deniz: Person) -> None:
    """Another trainee reads neither the key nor the environment of the server's process; no command line tells it."""
    key, folder = key_file(deniz), process(deniz)
    paths = [str(key), str(folder / "environ"), str(folder / "mem")]
    as_bruno = ["runuser", "-u", classroom.name("bruno"), "--", "sh", "-c", READ, "sh"]
    assert run([*as_bruno, *paths], cwd=Path("/")) == ""
    as_deniz = ["runuser", "-u", deniz.name, "--", "sh", "-c", READ, "sh"]
    assert run([*as_deniz, paths[0]], cwd=Path("/")).strip() == str(key), "its owner could, so the test can fail"
    given = dict(entry.partition(b"=")[::2] for entry in (folder / "environ").read_bytes().split(b"\0"))
    secret, uid = given[b"JUPYTERHUB_START_CREDENTIALS"], folder.stat().st_uid
    for other in Path("/proc").glob("[0-9]*"):
        try:
            assert secret not in (other / "cmdline").read_bytes()
            if other.stat().st_uid not in (uid, 0):
                assert secret not in (other / "environ").read_bytes()
        except OSError:
            continue  # it has ended meanwhile


def test_a_server_that_died_is_told_of_on_a_page(deniz: Person) -> None:
    """The proxy fetches the hub's error page though it shows no certificate for it. The key is gone with the server."""
    folder = process(deniz)
    os.kill(int(folder.name), signal.SIGKILL)
    wait_for(lambda: not (folder / "fd").exists() or not key_is_there(folder), "the key is gone")
    assert "<html" in wait_for(lambda: told(deniz), "a page says so").lower()


def told(person: Person) -> str:
    """Return the page that says that a person's server does not answer; nothing while the hub still ends its job."""
    address = f"{person.classroom.server(person.who)}/lab"
    answer = requests.get(address, timeout=30, headers={"Authorization": f"token {person.token}"})
    return answer.text if answer.status_code in (503, 424) else ""


def key_is_there(folder: Path) -> bool:
    """Whether a process still has a key."""
    try:
        return any(b"PRIVATE KEY" in content(fd) for fd in (folder / "fd").iterdir())
    except OSError:
        return False
