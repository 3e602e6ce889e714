"""A second course beside the first: its run has its own lessons, kernel, assignments and formgrader."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import yaml

from deploy import demo
from deploy.accounts import home
from deploy.classroom import exchange
from tests.classroom import Classroom
from tests.integration.person import Person, alone, wait_for

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
COURSE, RUN, ASSIGNMENT = "two-nodes-only", "two-nodes-demo", "two-nodes"


@pytest.fixture
def second_course(classroom: Classroom) -> Iterator[None]:
    """Another course among those that are installed: the first one's second assignment, and its lesson."""
    installed = classroom.settings.code / "courses"
    folder = installed / COURSE
    shutil.copytree(installed / demo.COURSE, folder)
    contract = yaml.safe_load((folder / "course.yml").read_text())
    for task in contract["assignments"]:
        if task["name"] != ASSIGNMENT:
            shutil.rmtree(folder / "assignments" / task["name"])
    contract |= {
        "title": "Two nodes",
        "profile": {"cores": 1, "memory_gb": 2, "minutes": 60},
        "assignments": [task for task in contract["assignments"] if task["name"] == ASSIGNMENT],
    }
    (folder / "course.yml").write_text(yaml.safe_dump(contract))
    yield
    shutil.rmtree(folder)


@pytest.fixture
def second_run(classroom: Classroom, second_course: None) -> Iterator[None]:
    """A run of it, with Bruno in it, who is in the first course's run as well."""
    del second_course
    first = date.today()
    dates = (f"--from={first}", f"--to={first + timedelta(20)}", "--zone=Europe/Lisbon")
    classroom.aula("run", "create", RUN, f"--course={COURSE}", *dates)
    classroom.aula("enrol", RUN, classroom.name("bruno"), "--role=trainee")
    wait_for(classroom.settled, "the machine has made the run ready", 120)
    yield
    classroom.aula("leave", RUN, classroom.name("bruno"))
    classroom.aula("run", "archive", RUN)
    wait_for(classroom.settled, "the machine has closed the run", 120)


def begins_with(person: Person, run: str) -> str:
    """Return the profile with which the form begins on the way to a run's lessons."""
    way = {"next": f"/hub/user-redirect/lab/tree/courses/{run}/lessons"}
    page = person.session.get(f"{person.hub}/spawn", params=way, timeout=30).text
    found = re.search(r'value="([a-z]+)"\s+aria-describedby="[a-z-]+" checked', page)
    assert found, page
    return found[1]


def test_two_courses_at_once(classroom: Classroom, second_run: None) -> None:
    """Who is in a run of each course has both courses' lessons and kernels; each run hands out its own assignments."""
    del second_run
    released = {path.name for path in (exchange.given(classroom.settings) / RUN / "outbound").iterdir()}
    assert released == {ASSIGNMENT}
    with alone(classroom, "bruno") as bruno:
        assert {run: begins_with(bruno, run) for run in (demo.RUN, RUN)} == {demo.RUN: "standard", RUN: "medium"}
        bruno.start()
        kernels = bruno.at_server("api/kernelspecs").json()["kernelspecs"]
        assert {RUN, demo.RUN} <= set(kernels)
        assert kernels[RUN]["spec"]["display_name"] == "Two nodes"
        courses = home(classroom.settings, bruno.name) / "courses"
        assert {RUN, demo.RUN} <= {path.name for path in courses.iterdir()}
        assert list((courses / RUN / "lessons").glob("*.ipynb"))
        page = bruno.session.get(f"{classroom.address}/services/portal/", timeout=30).text
    assert "Two nodes" in page
    assert "HPC and Slurm" in page
