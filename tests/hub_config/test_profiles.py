"""Which profile a server begins with: the run's own, or one in which its course fits."""

from types import SimpleNamespace
from typing import Any

import pytest
from aula_spawner.slurm.profile import Profile, Request

from aula.course import Profile as CourseProfile
from hub_config.profiles import of_group, on_the_way
from hub_config.settings import CourseRun

USUAL = Request(partition="interactive", cores=1, memory="1G", walltime="02:00:00")
SMALL = Profile(name="small", title="Small")
MORE = Profile(name="more", title="More", memory="2G")
MOST = Profile(name="most", title="Most", memory="3G", cores=4)
THEIRS = Profile(name="theirs", title="Theirs", groups=("nbgrader-deep-demo",))
ASKED = {"deep-demo": 2.0, "plain-demo": 1.0, "unknown-demo": None}
RUNS = [
    CourseRun(
        id=run,
        course="a-course",
        title="A course",
        profile=memory and CourseProfile(cores=1, memory_gb=memory, minutes=60),
        formgrader_url="http://127.0.0.1:65010/",
        formgrader_token="a-token-of-the-formgrader",
    )
    for run, memory in ASKED.items()
]
WAY = "/hub/user-redirect/lab/tree/courses/{}/lessons/01.ipynb"


def spawner(*profiles: Profile, last: str = "") -> Any:
    """Return what is asked of somebody's spawner."""
    chosen = SimpleNamespace(user_options={"profile": last} if last else None)
    return SimpleNamespace(visible_profiles=profiles, usual=USUAL, orm_spawner=chosen)


@pytest.mark.parametrize(
    ("run", "last", "found"),
    [
        ("plain-demo", "", "small"),
        ("plain-demo", "most", "most"),
        ("deep-demo", "", "more"),
        ("deep-demo", "small", "more"),
        ("deep-demo", "most", "most"),
        ("deep-demo", "gone", "more"),
        ("unknown-demo", "most", None),
    ],
)
def test_a_course_fits_in_its_server(run: str, last: str, found: str | None) -> None:
    """The form begins with the last choice if that is large enough, else with the first that is; groups do, too."""
    mine = spawner(SMALL, MORE, MOST, last=last)
    assert on_the_way(RUNS)(mine, WAY.format(run)) == found
    assert of_group(RUNS)(mine, f"nbgrader-{run}") == found


def test_what_is_the_runs_own_comes_first() -> None:
    """A profile that is for the people of the run alone is what the centre wants them to have."""
    assert on_the_way(RUNS)(spawner(SMALL, MORE, THEIRS, last="more"), WAY.format("deep-demo")) == "theirs"


def test_where_nothing_is_large_enough_nothing_is_said() -> None:
    """Then it is the last choice, or the first profile; so it is on the way to anywhere else."""
    assert on_the_way(RUNS)(spawner(SMALL), WAY.format("deep-demo")) is None
    assert on_the_way(RUNS)(spawner(SMALL, MORE), "/hub/home") is None
