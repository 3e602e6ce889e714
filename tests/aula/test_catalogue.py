"""The catalogue: contracts against their folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aula import catalogue
from aula.errors import CatalogueError, UnknownCourseError
from tests.aula.small_course import edit, load


def test_a_sound_course_is_read(small: Path) -> None:
    """A folder that agrees with its contract becomes a course with its lessons and assignments."""
    course = load(small)
    assert (course.id, course.title) == ("small", "Small course")
    assert [lesson.file for lesson in course.lessons] == ["01-hello"]
    assert [task.name for task in course.assignments] == ["sums"]
    assert course.lesson_file(course.lessons[0]).is_file()


DISAGREEMENTS: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "lesson not listed",
        lambda c: (c / "lessons/02-extra.md").write_text("# Extra"),
        "lessons/02-extra.md exists, but key 'lessons' does not list it",
    ),
    (
        "lesson missing",
        lambda c: (c / "lessons/01-hello.md").rename(c / "lessons/01-helo.md"),
        "lists '01-hello', but lessons/01-hello.md is missing: did you mean '01-helo'?",
    ),
    (
        "assignment not listed",
        lambda c: (c / "assignments/extra").mkdir(),
        "assignments/extra/ exists, but key 'assignments' does not list it",
    ),
    (
        "assignment missing",
        lambda c: (c / "assignments/sums").rename(c / "assignments/sum"),
        "lists 'sums', but assignments/sums/ is missing: did you mean 'sum'?",
    ),
    (
        "assignment's notebook missing",
        lambda c: (c / "assignments/sums/sums.md").rename(c / "assignments/sums/other.md"),
        "sums/sums.md: is missing",
    ),
    ("a notebook with outputs", lambda c: (c / "lessons/x.ipynb").write_text("{}"), "hold MyST text only"),
    (
        "listed twice",
        lambda c: edit(
            c / "course.yml",
            "assignments:\n",
            "assignments:\n  - {name: sums, title: Again, points: 3, due_days: 7}\n",
        ),
        "lists name 'sums' twice",
    ),
    ("no contract", lambda c: (c / "course.yml").unlink(), "course.yml: cannot be read"),
    (
        "a lesson's name with spaces and accents",
        lambda c: (c / "lessons/02 Übung.md").write_text("# Übung"),
        "lessons/02 Übung.md exists, but key 'lessons' does not list it: rename it, as '02-ubung', and list it",
    ),
    (
        "data missing",
        lambda c: edit(c / "lessons/01-hello.md", "data/table.csv", "data/tables.csv"),
        "01-hello.md:15: names '../data/tables.csv', which is missing: did you mean 'table.csv'?",
    ),
    (
        "data missing, and nothing like it",
        lambda c: (c / "data/table.csv").unlink(),
        "small/data/, or mend the path",
    ),
    (
        "data that does not travel",
        lambda c: edit(c / "assignments/sums/sums.md", "# Sums\n", "# Sums\n\nSee [it](../../data/table.csv).\n"),
        "sums.md:3: names '../../data/table.csv', which trainees will not have: put the file into",
    ),
    (
        "a link",
        lambda c: (c / "assignments/sums/answer.txt").symlink_to("/etc/hostname"),
        "answer.txt: is a link",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), [d[1:] for d in DISAGREEMENTS], ids=[d[0] for d in DISAGREEMENTS])
def test_folder_and_list_must_agree(small: Path, spoil: Callable[[Path], object], message: str) -> None:
    """Each way in which contract and folder can disagree is an error that names the thing."""
    spoil(small)
    with pytest.raises(CatalogueError) as caught:
        load(small)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "near"), [("Mein Kurs", "mein-kurs"), ("dağ_ışığı", "dag-isigi"), ("日本", "my-course"), ("a--b", "a-b")]
)
def test_a_folder_that_cannot_be_a_name_is_refused(small: Path, name: str, near: str) -> None:
    """Spaces, capitals and letters beyond a-z in a course's folder are an error that offers a name."""
    small.rename(small.with_name(name))
    with pytest.raises(CatalogueError, match=f"{name}: is no name for a course: rename the folder, as '{near}': small"):
        catalogue.load(small.parents[1])


def test_one_course_can_be_read_though_another_is_broken(small: Path) -> None:
    """An author goes on with their own course while somebody else's is being written."""
    (small.parent / "other").mkdir()
    assert catalogue.find(small.parents[1], "small").title == "Small course"
    with pytest.raises(UnknownCourseError, match="did you mean 'small'"):
        catalogue.find(small.parents[1], "smal")
    with pytest.raises(CatalogueError, match=r"other/course\.yml: cannot be read"):
        catalogue.find(small.parents[1], "other")


def test_all_problems_are_told_at_once(small: Path) -> None:
    """An author mends everything in one go: no problem hides another."""
    edit(small / "lessons/01-hello.md", "data/table.csv", "data/tables.csv")
    (small / "lessons/02-extra.md").write_text("# Extra")
    with pytest.raises(CatalogueError) as caught:
        load(small)
    assert len(str(caught.value).splitlines()) == 2


def test_an_unknown_course_names_the_nearest(small: Path) -> None:
    """A misspelt course is an error that offers the one that was meant."""
    with pytest.raises(UnknownCourseError, match="did you mean 'small'"):
        catalogue.load(small.parents[1]).course("smal")


@pytest.mark.parametrize("name", ["", "courses"])
def test_a_root_without_courses_is_an_error(tmp_path: Path, name: str) -> None:
    """Neither a folder without courses/ nor an empty courses/ passes for a catalogue."""
    (tmp_path / name).mkdir(exist_ok=True)
    with pytest.raises(CatalogueError, match="courses"):
        catalogue.load(tmp_path)
