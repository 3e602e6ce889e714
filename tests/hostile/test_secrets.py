"""HOSTILE.md 6: what a trainee's account can read and write of the class, on the service node and on a node."""

import json
from pathlib import Path

import pytest

from deploy import accounts, demo
from deploy.classroom import exchange
from deploy.classroom import run as course_run
from deploy.command import run
from deploy.errors import CommandError
from tests.classroom import Classroom

TRAINEE = "bruno"
# Prints those of its arguments that can be listed or read.
OPENED = 'for path; do if ls "$path/" >/dev/null 2>&1 || cat "$path" >/dev/null 2>&1; then echo "$path"; fi; done'


def as_trainee(classroom: Classroom, *words: str, text: str = "") -> str:
    """Run a command in a trainee's name on the service node and return what it printed."""
    return run(["runuser", "-u", classroom.name(TRAINEE), "--", *words], input=text, timeout=60, cwd=Path("/"))


def on_a_node(classroom: Classroom, *words: str) -> str:
    """Run a command as a trainee's job and return what it printed."""
    return classroom.slurm("srun", "--time=1", "--mem=50M", *words, person=TRAINEE)


def closed(classroom: Classroom) -> list[Path]:
    """Return what no trainee may look into."""
    settings = classroom.settings
    return [
        *(settings.state / part for part in ("secrets", "hub", "log", "work", ".lock")),
        *(settings.state / "secrets" / name for name in ("users.json", "proxy.token", "service-portal.token")),
        *(settings.state / "hub" / name for name in ("settings.json", "jupyterhub.sqlite")),
        settings.state / "people.json",
        settings.state / "people",
        settings.state / "people" / "people.sqlite",
        settings.code / "courses",
        course_run.content(settings, demo.RUN),
        classroom.run.folder(settings),
        classroom.run.folder(settings) / "gradebook.db",
        classroom.run.folder(settings) / "source",
        exchange.handed_in(settings) / demo.RUN,
        exchange.given(settings) / demo.RUN,
        exchange.folder(settings) / "receipts.key",
        *(accounts.home(settings, classroom.name(who)) for who in ("ana", "deniz", "ines")),
        accounts.home(settings, settings.site.course_account),
        accounts.home(settings, settings.site.hub_account),
        *(settings.state / "slurm" / part for part in ("munge", "controller", "slurmdbd.conf", "mariadb/data")),
        Path("/etc/sudoers.d") / settings.name,
    ]


def known_secrets(classroom: Classroom) -> list[str]:
    """Return every generated password and token of the class."""
    folder = classroom.settings.state / "secrets"
    people = json.loads((folder / "users.json").read_text())
    found = [row["password"] for row in people] + [path.read_text() for path in folder.glob("*.token")]
    assert len(found) >= 7
    return found


def test_a_trainee_opens_nothing_that_is_closed(classroom: Classroom) -> None:
    """Passwords, tokens, settings, hashes, grades, solutions, hand-ins, logs and other homes cannot be opened."""
    paths = [str(path) for path in closed(classroom) if path.exists() or path.name != "gradebook.db"]
    assert as_trainee(classroom, "sh", "-c", OPENED, "sh", *paths) == ""
    assert on_a_node(classroom, "sh", "-c", OPENED, "sh", *paths) == ""


def test_that_would_be_found(classroom: Classroom) -> None:
    """The search of the test above can fail: it finds what is open, as a folder and as a file."""
    settings = classroom.settings
    open_paths = [str(settings.state / "lessons"), str(settings.state / "slurm" / "slurm.conf")]
    assert as_trainee(classroom, "sh", "-c", OPENED, "sh", *open_paths).split() == open_paths


def test_no_readable_file_holds_a_secret(classroom: Classroom) -> None:
    """Searching every file of the class that a trainee can read finds no password and no token."""
    settings = classroom.settings
    script = 'grep -rlFf - "$@" 2>/dev/null; test $? -ne 0'
    where = [settings.state, settings.code, "/etc/sudoers.d", "/var/log", "/dev/shm"]  # noqa: S108  readers are tested
    text = "\n".join(known_secrets(classroom)) + "\n"
    assert as_trainee(classroom, "sh", "-c", script, "sh", *map(str, where), text=text) == ""


def test_no_command_line_holds_a_secret(classroom: Classroom) -> None:
    """Everybody on the service node may read command lines: no password and no token stands on one."""
    lines = ""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines += path.read_text(errors="replace")
        except OSError:
            continue  # it has ended meanwhile
    assert not [secret for secret in known_secrets(classroom) if secret in lines]


def test_a_trainee_writes_only_where_they_should(classroom: Classroom) -> None:
    """In the whole class a trainee can write in their home, and nowhere else."""
    settings = classroom.settings
    home = accounts.home(settings, classroom.name(TRAINEE))
    where = (str(settings.state), str(settings.prefix), "-path", str(home), "-prune", "-o")
    kinds = ("(", "-type", "f", "-o", "-type", "d", ")", "-writable", "-not", "-user", classroom.name(TRAINEE))
    script = 'find "$@" 2>/dev/null; true'  # it ends with an error where it may not look
    found = as_trainee(classroom, "sh", "-c", script, "sh", *where, *kinds, "-print").split()
    assert found == []


@pytest.mark.parametrize("words", [("-l",), ("-u", "root", "id"), ("-u", "deniz", "/usr/bin/sbatch", "--version")])
def test_a_trainee_has_no_sudo(classroom: Classroom, words: tuple[str, ...]) -> None:
    """No trainee can become anybody else, on the service node or from a job."""
    local = [classroom.name(word) if word == "deniz" else word for word in words]
    for call in (as_trainee, on_a_node):
        with pytest.raises(CommandError, match=r"a password is required|may not run sudo|not allowed"):
            call(classroom, "sudo", "-n", *local)
