"""Running the system's commands."""

import pytest

from deploy.command import run, succeeds
from deploy.errors import CommandError


def test_it_returns_what_was_printed() -> None:
    """A command's output comes back, and our variables were added to its environment."""
    assert run(["printenv", "AULA_WORD"], env={"AULA_WORD": "a b; $(id)"}) == "a b; $(id)\n"


def test_words_are_not_read_by_a_shell() -> None:
    """A word with a shell's signs stays one word."""
    assert run(["printf", "%s|", "a b", "$(id)", ";id"]) == "a b|$(id)|;id|"


def test_a_failure_names_command_status_remedy_and_last_words() -> None:
    """A command that fails is an error with its name, its status, the remedy and the end of its output."""
    with pytest.raises(CommandError) as error:
        run(["ls", "/no/such/folder"], remedy="Make the folder.")
    assert str(error.value).startswith("ls /no/such/folder failed (exit 2). Make the folder.\n")
    assert "No such file" in str(error.value)


def test_a_missing_command_is_named() -> None:
    """A command that is not installed is named, with the remedy."""
    with pytest.raises(CommandError, match=r"^no-such-command is not installed\. Install it\.$"):
        run(["no-such-command"], remedy="Install it.")


def test_a_command_that_hangs_is_ended() -> None:
    """A command that takes too long is ended and named."""
    with pytest.raises(CommandError, match=r"^sleep 60 did not end within 0 s"):
        run(["sleep", "60"], timeout=0.1)


def test_whether_it_succeeds() -> None:
    """`succeeds` tells success from failure, absence and a time-out."""
    assert succeeds(["true"])
    assert not succeeds(["false"])
    assert not succeeds(["no-such-command"])
    assert not succeeds(["sleep", "60"], timeout=0.1)
