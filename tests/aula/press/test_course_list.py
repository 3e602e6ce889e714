"""The page of all courses."""

from pathlib import Path

from aula.course import Audience
from aula.press import course_list
from tests.aula.small_course import edit, load


def test_every_path_has_its_courses(small: Path) -> None:
    """A course stands under each of its paths, with time and numbers; a path without one says so."""
    edit(small / "course.yml", "paths: [hpc-user]", "paths: [hpc-user, data-scientist]")
    edit(small / "course.yml", "minutes: 60\nprofile", "minutes: 95\nprofile")
    page = course_list.page((load(small),))
    card = '<span class="aula-quiet">1 lesson, 1 assignment, about 1 h 35 min</span>'
    parts = page.split("\n## ")[1:]
    assert len(parts) == len(course_list.PATHS)
    assert [card in part for part in parts] == [False, True, False, True]
    assert parts[0].endswith("There is no course for this path yet.\n\n(data-scientist)=")
    assert "- [HPC users](#hpc-user): one course" in page


def test_no_path_of_a_contract_is_left_out() -> None:
    """Each path that course.yml may name has a title on the page."""
    assert set(course_list.PATHS) == set(Audience.__args__)  # type: ignore[attr-defined]


def test_the_level_is_that_of_the_skills(small: Path) -> None:
    """The last letter of a skill says basic, intermediate or expert; several say the bounds, none nothing."""
    assert course_list.level(load(small)) == ""
    edit(small / "course.yml", "[USE1.1]", "[USEB]")
    assert course_list.level(load(small)) == ""
    edit(small / "course.yml", "[USEB]", "[USE1-B, K4-B]")
    assert course_list.level(load(small)) == "basic"
    edit(small / "course.yml", "[USE1-B, K4-B]", "[USE1-B, K4-E]")
    assert course_list.level(load(small)) == "basic to expert"
