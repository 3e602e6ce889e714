"""What the person at the terminal reads."""

import re

import pytest

from deploy.progress import say, step


def test_a_step_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    """A step that ends well leaves one line with its name and its seconds."""
    with step("Slurm's accounting"):
        pass
    assert re.fullmatch(r"  ✓  Slurm's accounting +0\.0 s   \(at +\d+ s\)\n", capsys.readouterr().out)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_step_that_fails_is_marked(capsys: pytest.CaptureFixture[str], error: type[BaseException]) -> None:
    """A step that fails, or is interrupted, leaves one line that says which, and the error goes on."""
    with pytest.raises(error), step("Proxy"):
        raise error
    assert capsys.readouterr().out == "  ✗  Proxy\n"


def test_say_prints_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said stands on a line of its own."""
    say("All is well.")
    assert capsys.readouterr().out == "All is well.\n"
