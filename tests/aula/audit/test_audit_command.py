"""The commands `aula audit …`."""

import json
from pathlib import Path

import pytest

from aula import cli
from tests.aula.audit.marking import by_hand, past_all

Capture = pytest.CaptureFixture[str]


def test_verify_ends_with_one_where_a_mark_was_changed(run_dir: Path, capsys: Capture) -> None:
    """In words and as JSON; a run without a gradebook is named."""
    assert cli.main(["audit", "verify", str(run_dir)]) == 0
    assert "The log is whole, and the gradebook is as it says" in capsys.readouterr().out
    past_all(run_dir, "UPDATE grade SET auto_score = 0.25")
    assert cli.main(["audit", "verify", str(run_dir)]) == 1
    assert "ana, sums, total-test: auto score: is 0.25, and 2 by the log" in capsys.readouterr().out
    assert cli.main(["audit", "verify", "--json", str(run_dir)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["well"], len(said["problems"])) == (False, 6)
    assert cli.main(["audit", "verify", str(run_dir.parent)]) == 1
    assert "has no gradebook.db" in capsys.readouterr().err


def test_show_tells_who_changed_what(run_dir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all, of a student, of an assignment; as a table, and as JSON with the submission's whole hash."""
    monkeypatch.setenv("AULA_ACTOR", "ines")
    by_hand(run_dir, "cem", manual_score=0.5)
    assert cli.main(["audit", "show", "--student", "cem", str(run_dir)]) == 0
    out = capsys.readouterr().out
    assert "ines" in out.splitlines()[-1]
    assert "manual score" in out.splitlines()[-1]
    assert "ana" not in out
    assert cli.main(["audit", "show", "--json", "--student", "cem", "--assignment", "sums", str(run_dir)]) == 0
    last = json.loads(capsys.readouterr().out)["changes"][-1]
    assert [last[name] for name in ("who", "cell", "from", "to", "submission")] == ["ines", "why", None, 0.5, "cem-1.0"]
    assert cli.main(["audit", "show", "--assignment", "nothing", str(run_dir)]) == 0
    assert capsys.readouterr().out == "Nothing was changed.\n"


def test_anchor_and_export(run_dir: Path, capsys: Capture, tmp_path: Path) -> None:
    """An anchor is verified; grades are written, with a warning where the log does not vouch for them."""
    anchors, table, scores = tmp_path / "anchors", tmp_path / "grades.csv", tmp_path / "grades.json"
    assert cli.main(["audit", "anchor", str(run_dir), str(anchors)]) == 0
    assert cli.main(["audit", "verify", str(run_dir), "--anchor", str(anchors)]) == 0
    assert cli.main(["audit", "export", str(run_dir), "--csv", str(table)]) == 0
    assert capsys.readouterr().err == ""
    past_all(run_dir, "UPDATE grade SET auto_score = 0.25")
    assert cli.main(["audit", "export", str(run_dir), "--lti", str(scores)]) == 0
    assert "does not vouch" in capsys.readouterr().err
    assert table.read_text().startswith("student,")
    assert json.loads(scores.read_text())["run"] == "run"
    assert cli.main(["audit", "export", str(run_dir), "--csv", str(tmp_path)]) == 1
    assert "cannot be written" in capsys.readouterr().err
