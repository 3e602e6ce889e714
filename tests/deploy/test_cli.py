"""The command behind the Makefile, run as people run it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cli import ACTIONS
from deploy.settings import CHECKOUT

DEPLOY = ["/usr/bin/python3", "-m", "deploy"]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def call(words: list[str], cwd: Path = CHECKOUT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a checkout and return how it ended."""
    clean = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture(scope="module")
def readable() -> Iterator[Path]:
    """A copy of deploy/ that everybody can read; this checkout may lie in root's own folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(CHECKOUT / "deploy", Path(folder, "deploy"), ignore=shutil.ignore_patterns("__pycache__"))
        yield Path(folder)


@pytest.fixture(scope="module")
def nowhere() -> dict[str, str]:
    """The environment of a classroom that does not exist."""
    return {
        "NAME": "nowhere",
        "STATE": "/srv/aula-nowhere/state",
        "PREFIX": "/opt/aula-nowhere/prefix",
        "PORT": "23700",
    }


@pytest.mark.parametrize("command", ["up", "down", "book"])
def test_without_root_it_says_what_to_do(command: str, nowhere: dict[str, str], readable: Path) -> None:
    """Who is not root reads why root is needed and what to do, no traceback, and nothing was made."""
    done = call([*NOBODY, *DEPLOY, command], cwd=readable, **nowhere)
    assert done.returncode == 1
    assert "This needs root" in done.stdout
    assert "sudo" in done.stdout
    assert done.stderr == ""
    assert not Path(nowhere["STATE"]).exists()


def test_status_needs_no_root_and_makes_nothing(nowhere: dict[str, str], readable: Path) -> None:
    """Anybody may ask how a classroom is; looking makes no folder, and what is not there does not run."""
    for who in (NOBODY, []):
        done = call([*who, *DEPLOY, "status"], cwd=readable, **nowhere)
        assert (done.returncode, done.stderr) == (1, "")
        assert "DOES NOT RUN" in done.stdout
        assert "make up" in done.stdout
        assert not Path(nowhere["STATE"]).exists()


def test_down_of_what_is_not_there(nowhere: dict[str, str]) -> None:
    """`down` where nothing was ever up says so and is no error."""
    done = call([*DEPLOY, "down"], **nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing to stop" in done.stdout
    assert not Path(nowhere["STATE"]).exists()


def test_an_unknown_command_is_refused_with_the_known_ones() -> None:
    """A misspelt command is an error that names all commands."""
    done = call([*DEPLOY, "upp"])
    assert done.returncode == 2
    assert all(command in done.stderr for command in ACTIONS)


def test_help_names_commands_and_settings() -> None:
    """The help names every command and every setting from the environment."""
    done = call([*DEPLOY, "--help"])
    assert done.returncode == 0
    assert all(word in done.stdout for word in [*ACTIONS, "NAME", "PREFIX", "STATE", "PORT", "SUBNET", "NODES"])


def test_a_bad_setting_is_a_sentence() -> None:
    """A setting that cannot be used ends with one sentence, not with a traceback."""
    done = call([*DEPLOY, "status"], PORT="eighty")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.strip() == "PORT=eighty: give a whole number from 1024 to 65000."


def test_every_make_target_calls_a_command_that_exists() -> None:
    """Each `$(DEPLOY) word` of the Makefile is a command of ours."""
    words = [
        line.split()[1] for line in (CHECKOUT / "Makefile").read_text().splitlines() if line.startswith("\t@$(DEPLOY) ")
    ]
    assert set(words) - {"--help"} <= set(ACTIONS)
