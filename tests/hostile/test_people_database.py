"""People's database and its commands: what a trainee's account can do with them, which is nothing."""

from pathlib import Path

import pytest

from deploy.classroom import people_database
from deploy.command import run
from deploy.errors import CommandError
from tests.classroom import Classroom

COMMANDS = [
    *(("people", "list"), ("people", "state"), ("people", "recover", "ines"), ("people", "operator", "bruno")),
    *(("people", "close", "ana"), ("people", "link", "bruno", "--issuer=https://x.example", "--subject=s")),
    *(("people", "pool", "bruno"), ("people", "account", "bruno", "ana"), ("people", "cleaned", "ana")),
    *(("company", "add", "x", "X"), ("company", "list"), ("run", "list"), ("run", "archive", "hpc-and-slurm-demo")),
    *(("run", "show", "hpc-and-slurm-demo"), ("run", "reopen", "hpc-and-slurm-demo")),
    *(("enrol", "hpc-and-slurm-demo", "bruno", "--role=instructor"), ("leave", "hpc-and-slurm-demo", "ana")),
    *(("invite", "hpc-and-slurm-demo", "--role=instructor"), ("revoke", "1")),
]


def as_bruno(classroom: Classroom, *words: str) -> str:
    """Run a command in a trainee's name and return what it printed."""
    return run(["runuser", "-u", classroom.name("bruno"), "--", *words], timeout=60, cwd=Path("/"))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_works_for_a_trainee(classroom: Classroom, words: tuple[str, ...]) -> None:
    """The program may be run, the database is out of reach: it is neither read nor changed."""
    settings = classroom.settings
    before = people_database.look(settings).version
    program, address = str(settings.environment("hub") / "bin" / "aula"), people_database.address(settings)
    with pytest.raises(CommandError, match="cannot be opened"):
        as_bruno(classroom, program, *words, f"--database={address}")
    assert people_database.look(settings).version == before


def test_the_operators_command_is_roots(classroom: Classroom) -> None:
    """It names the database, with its password where it has one: nobody else reads or runs it."""
    command = str(classroom.settings.prefix / "bin" / "aula")
    for words in ((command, "people", "list"), ("cat", command)):
        with pytest.raises(CommandError, match="Permission denied"):
            as_bruno(classroom, *words)
