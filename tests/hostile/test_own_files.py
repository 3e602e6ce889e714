"""HOSTILE.md 5: a person's own files cannot keep their server from starting, nor change what it is."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import accounts
from deploy.command import run, succeeds
from tests.integration.person import Person

SHELL = "echo {name} >> {mark}; exit 1\n"
PYTHON = "open({mark!r}, 'a').write({name!r} + chr(10))\nraise SystemExit('stopped by a file of its owner')\n"
SITE = ".local/lib/python3.11/site-packages"
TRAPS = {
    ".bashrc": SHELL,
    ".bash_profile": SHELL,
    ".bash_login": SHELL,
    ".profile": SHELL,
    ".zshenv": SHELL,
    ".local/bin/python": "#!/bin/sh\n" + SHELL,
    "bin/python3": "#!/bin/sh\n" + SHELL,
    f"{SITE}/sitecustomize.py": PYTHON,
    f"{SITE}/usercustomize.py": PYTHON,
    f"{SITE}/trap.pth": "import sys; open({mark!r}, 'a').write('pth'); sys.exit(1)\n",
    f"{SITE}/jupyterhub/__init__.py": PYTHON,
    f"{SITE}/json.py": PYTHON,
    ".jupyter/jupyter_server_config.py": PYTHON,
    ".jupyter/jupyter_config.py": PYTHON,
    ".jupyter/jupyterhub_singleuser_config.py": PYTHON,
    ".jupyter/jupyter_server_config.json": '{{"ServerApp": {{"port": 1, "ip": "127.0.0.1", "token": "open"}}}}',
    ".local/etc/jupyter/jupyter_server_config.py": PYTHON,
    "jupyter_server_config.py": PYTHON,
    "jupyterhub.py": PYTHON,
    "sitecustomize.py": PYTHON,
    ".pam_environment": "PYTHONPATH DEFAULT={home}\nBASH_ENV DEFAULT={home}/.bashrc\n",
    ".aula/jupyter_server_config.py": PYTHON,
}


class Home:
    """A person's home folder full of traps, and the file in which a trap that snapped leaves its name."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.path = accounts.home(person.classroom.settings, person.name)
        self.mark = self.path / "snapped"

    def set_traps(self) -> None:
        """Write every trap, as its owner."""
        for name, text in TRAPS.items():
            content = text.format(name=name, mark=str(self.mark), home=str(self.path))
            self._as_owner(
                ["sh", "-c", 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod 755 "$1"', "sh", name], content
            )

    def _as_owner(self, words: list[str], text: str = "") -> None:
        run(["runuser", "-u", self.person.name, "--", "env", "-C", str(self.path), *words], input=text)

    def snapped(self) -> str:
        """Return the names of the traps that snapped, and forget them."""
        names = self.mark.read_text() if self.mark.exists() else ""
        self.mark.unlink(missing_ok=True)
        return names


@pytest.fixture(scope="module")
def trapped(bruno: Person, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Bruno's home with traps in it; afterwards it is as it was before."""
    home = Home(bruno)
    kept = tmp_path_factory.mktemp("kept") / "home"
    run(["cp", "-a", home.path, kept])
    home.set_traps()
    yield home
    bruno.stop()
    for path in home.path.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    run(["cp", "-a", f"{kept}/.", home.path])


def test_the_traps_do_snap(trapped: Home) -> None:
    """A login shell and a Python of their owner do run into the traps: the other tests of this file can fail."""
    owner = ["runuser", "-u", trapped.person.name, "--", "env", "-i", f"HOME={trapped.path}"]
    assert not succeeds([*owner, "bash", "-lc", "true"])
    assert ".bash_profile" in trapped.snapped()
    assert not succeeds([*owner, "/usr/bin/python3", "-c", "pass"])
    assert trapped.snapped()


def test_the_server_starts_all_the_same(trapped: Home) -> None:
    """With all traps set the server starts and answers, and not one of them was run."""
    person = trapped.person
    person.start()
    assert person.at_server("api/status").status_code == 200
    assert trapped.snapped() == ""


def test_its_configuration_is_the_sites(trapped: Home) -> None:
    """The port, address and token in ~/.jupyter have no power: a stranger is still turned away."""
    person = trapped.person
    assert person.at_server("api/contents", token="open").status_code in (302, 403)
    (job,) = person.jobs()
    assert job.user == person.name


def test_a_kernel_starts_all_the_same(trapped: Home) -> None:
    """The person's notebooks work too: a kernel starts and no trap snaps."""
    person = trapped.person
    kernel = person.create_at_server("api/kernels", {"name": "python3"})
    assert kernel.status_code == 201
    assert person.at_server(f"api/kernels/{kernel.json()['id']}").status_code == 200
    assert trapped.snapped() == ""


def test_the_log_and_the_folder_are_the_owners(trapped: Home) -> None:
    """The server's log lies in the owner's home and is the owner's."""
    log = Path(trapped.path / ".aula" / "server.log")
    assert log.owner() == trapped.person.name
