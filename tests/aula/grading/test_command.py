"""The command `aula grade`."""

import json
from pathlib import Path

import pytest

from aula import cli
from tests.aula.grading.class_of import RIGHT, WRONG, hand_in


def test_it_tells_people_and_programs(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each submission and one at the end; --json is one object with each mark and its reason."""
    hand_in(run_dir, "ana", RIGHT)
    hand_in(run_dir, "bruno", WRONG)
    assert cli.main(["grade", str(run_dir), "sums"]) == 0
    said = capsys.readouterr().out
    assert "ana: 2 of 3 points" in said
    assert said.endswith("2 graded.\n")
    assert cli.main(["grade", str(run_dir), "sums"]) == 0
    assert "Nothing has changed" in capsys.readouterr().out
    assert cli.main(["grade", str(run_dir), "sums", "bruno", "--again", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["graded"]
    assert (one["student"], one["points"]) == ("bruno", 0.0)
    assert one["marks"]["total-test"]["reason"]
    assert one["marks"]["why"]["points"] == 0.0


def test_what_cannot_be_graded_is_said(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An assignment that was not released, and somebody who handed nothing in, are named with the remedy."""
    assert cli.main(["grade", str(run_dir), "other"]) == 1
    assert "release the assignment" in capsys.readouterr().err
    assert cli.main(["grade", str(run_dir), "sums", "ana"]) == 1
    assert "was not handed in by ana" in capsys.readouterr().err
