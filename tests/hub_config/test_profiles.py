"""Which profile a server begins with: the run's own, or one in which its course fits."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aula_spawner.slurm.profile import Profile, Request

from aula.course import Profile as Need
from hub_config.profiles import needs, of_group, on_the_way

USUAL = Request(partition="interactive", cores=1, memory="1G", walltime="02:00:00")
SMALL = Profile(name="small", title="Small")
MORE = Profile(name="more", title="More", memory="2G")
MOST = Profile(name="most", title="Most", memory="3G", cores=4)
THEIRS = Profile(name="theirs", title="Theirs", groups=("nbgrader-deep-demo",))
NEEDS = {"deep-demo": Need(cores=1, memory_gb=2, minutes=60), "plain-demo": Need(cores=1, memory_gb=1, minutes=60)}
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
    assert on_the_way(NEEDS)(mine, WAY.format(run)) == found
    assert of_group(NEEDS)(mine, f"nbgrader-{run}") == found


def test_what_is_the_runs_own_comes_first() -> None:
    """A profile that is for the people of the run alone is what the centre wants them to have."""
    assert on_the_way(NEEDS)(spawner(SMALL, MORE, THEIRS, last="more"), WAY.format("deep-demo")) == "theirs"


def test_where_nothing_is_large_enough_nothing_is_said() -> None:
    """Then it is the last choice, or the first profile; so it is on the way to anywhere else."""
    assert on_the_way(NEEDS)(spawner(SMALL), WAY.format("deep-demo")) is None
    assert on_the_way(NEEDS)(spawner(SMALL, MORE), "/hub/home") is None


def test_a_course_says_what_it_needs(tmp_path: Path) -> None:
    """It stands in course.yml; a course that is not there, or has mistakes, keeps nobody from starting."""
    courses = Path(__file__).parents[2] / "courses"
    runs = [SimpleNamespace(id=f"{course}-1", course=course) for course in ("deep-learning-to-ddp", "gone")]
    found = needs(SimpleNamespace(course_runs=runs), courses)  # type: ignore[arg-type]  # of the settings, this alone
    assert {run: need.memory_gb for run, need in found.items()} == {"deep-learning-to-ddp-1": 2}
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "course.yml").write_text("title: [")
    assert needs(SimpleNamespace(course_runs=runs), tmp_path) == {}  # type: ignore[arg-type]
