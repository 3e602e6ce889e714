"""The reports of executed notebooks."""

import json
from pathlib import Path

from aula.run import report
from aula.run.job import Result
from tests.aula.small_course import junit


def test_a_failure_of_any_text_is_valid_xml(tmp_path: Path) -> None:
    """Control characters and markup in an error do not spoil the report."""
    error = "cell 1: \x00\x1b[31m <b> & ñ \ud800"
    result = Result("c", "lessons/01-a", "error", 1.0, "2026-11-23T00:00:00+00:00", "h", "3.11", error)
    report.write([result], tmp_path)
    failure = junit(tmp_path / "junit.xml").find("testcase/failure")
    assert failure is not None
    assert "<b> & ñ" in (failure.text or "")
    assert json.loads((tmp_path / "report.json").read_text())["failed"] == 1
