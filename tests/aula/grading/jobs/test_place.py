"""Where job scripts of a course run may be run, as the operator's file says."""

import json
from pathlib import Path

import pytest

from aula.course import JobScript
from aula.grading.errors import JobsError
from aula.grading.jobs import place
from aula.grading.jobs.jobs import jobs


def test_where_nobody_made_an_account_it_says_what_to_ask_for(tmp_path: Path) -> None:
    """Without the operator's file nothing is graded of an assignment with a job script; others need none."""
    with pytest.raises(JobsError, match=r"ask the operator to name one under 'accounts\.jobs' in site\.yml"):
        jobs(tmp_path, "night", JobScript(leaves=("result.json",)), Path("python3"))
    assert jobs(tmp_path, "sums", None, Path("python3")) is None


def test_it_is_what_the_file_says(tmp_path: Path) -> None:
    """Account, program, partition and environment are read."""
    said = {"account": "job01", "program": ["sudo", "x"], "partition": "batch", "environment": {"PATH": "/bin"}}
    (tmp_path / place.FILE).write_text(json.dumps(said))
    assert place.read(tmp_path) == place.Place("job01", ("sudo", "x"), "batch", {"PATH": "/bin"})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"account": "job01"}'])
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    """A file that is none of ours is an error with what helps."""
    (tmp_path / place.FILE).write_text(text)
    with pytest.raises(JobsError, match="run make up again"):
        place.read(tmp_path)
