"""The courses' notebooks on the cluster, at another size than the book's."""

import json
from pathlib import Path

import pytest

from aula import catalogue
from deploy.accounts import home
from deploy.classroom import run
from deploy.classroom.material import LIMIT_S, on_a_node
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.integration.cores import undisturbed


@pytest.mark.timeout(900)
def test_every_notebook_runs_at_the_size_for_a_node(classroom: Classroom) -> None:
    """Lesson and solved assignments run clean in a job on a node, with the parameters that course.yml gives for one."""
    out = Path(home(classroom.settings, classroom.settings.site.course_account), "at-node-size")
    words = ["aula", "notebooks", "--parameters", "node", "--out", out, "--timeout", LIMIT_S]
    with undisturbed(classroom):
        run.as_course(classroom.settings, words, through=on_a_node(classroom.settings), timeout=600)
    courses = catalogue.load(CHECKOUT).courses
    expected = {item.file for course in courses for item in course.lessons}
    expected |= {item.name for course in courses for item in course.assignments}
    rows = json.loads((out / "report.json").read_text())["notebooks"]
    assert {row["state"] for row in rows} == {"ok"}
    assert {Path(row["notebook"]).stem for row in rows} == expected
    assert {row["host"] for row in rows} <= {classroom.name("node1"), classroom.name("node2")}
