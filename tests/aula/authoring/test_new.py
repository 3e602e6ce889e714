"""`aula new`: what it writes is in the catalogue at once, what it refuses leaves nothing behind."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from aula import catalogue, cli, notebook
from aula.authoring import new
from aula.catalogue import CONTRACT
from aula.errors import AuthorError
from aula.press import book
from tests.aula.small_course import edit

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout without courses."""
    (tmp_path / "courses").mkdir()
    return tmp_path


def aula(root: Path, *words: str) -> int:
    """Run the command at root."""
    return cli.main(["--root", str(root), "new", *words])


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every file below root, hidden ones too."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def course(root: Path) -> Path:
    """Return the folder of a course made by the command."""
    assert aula(root, "course", "night-forecast", "--author", "Ana Sousa") == 0
    return root / "courses" / "night-forecast"


def test_a_new_course_is_in_the_catalogue(root: Path, course: Path) -> None:
    """A course, another lesson and an assignment are read at once; minutes follow, and every file is there."""
    assert aula(root, "lesson", course.name, "02-more") == 0
    assert aula(root, "assignment", course.name, "first-job", "--title", 'Größe: "x" & [y]') == 0
    (found,) = catalogue.load(root).courses
    assert found.title == "Night forecast"
    assert found.contract.authors == ("Ana Sousa",)
    assert [item.file for item in found.lessons] == ["01-first-steps", "02-more"]
    assert [found.lesson_title(item) for item in found.lessons] == ["First steps", "More"]
    assert [item.title for item in found.assignments] == ['Größe: "x" & [y]']
    assert found.contract.minutes == 2 * sum(new.MINUTES.values()) + new.MINUTES_ASSIGNMENT
    assert {"index.md", "instructor.md", "CITATION.cff", "LICENSE.md", CONTRACT} <= set(snapshot(course))
    assert len(list((course / "mutants/first-job").glob("*.md"))) == 3
    citation = yaml.safe_load((course / "CITATION.cff").read_text())
    assert citation["authors"] == [{"name": "Ana Sousa"}]
    assert "Ana Sousa" in (course / "LICENSE.md").read_text()


def test_the_contract_keeps_its_comments(root: Path, course: Path) -> None:
    """An entry is added without a change to any other line but the minutes."""
    path = course / CONTRACT
    path.write_text(path.read_text() + "# The end: ask Ana before you change this.\n", encoding="utf-8")
    before = path.read_text().splitlines()
    assert aula(root, "lesson", course.name, "02-more") == 0
    after = path.read_text().splitlines()
    assert [line for line in before if line not in after] == [line for line in before if line.startswith("minutes:")]
    assert "# The end: ask Ana before you change this." in after


def test_a_lesson_goes_where_its_number_puts_it(root: Path, course: Path) -> None:
    """The order of teaching is that of the numbers."""
    for name in ("04-four", "02-two", "00-zero"):
        assert aula(root, "lesson", course.name, name) == 0
    (found,) = catalogue.load(root).courses
    assert [item.file for item in found.lessons] == ["00-zero", "01-first-steps", "02-two", "04-four"]


def test_the_name_that_is_offered_has_a_free_number(
    root: Path, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the last lesson there is no number: the first free one is offered."""
    assert aula(root, "lesson", course.name, "99-last") == 0
    assert aula(root, "lesson", course.name, "more") == 1
    assert "call it '02-more'" in capsys.readouterr().err


def test_what_is_new_runs_on_the_environment_of_its_course(root: Path, course: Path) -> None:
    """Lessons, assignments and wrong answers of a course with an environment of its own ask for its kernel."""
    edit(course / "course.yml", "profile:", "environment: torch\nprofile:")
    assert aula(root, "lesson", course.name, "02-deep") == 0
    assert aula(root, "assignment", course.name, "deep") == 0
    made = [course / "lessons/02-deep.md", *course.rglob("deep/*.md")]
    assert [notebook.read(path).metadata.kernelspec.name for path in made] == ["torch"] * 5


def test_a_lesson_has_the_parts_of_a_lesson(course: Path) -> None:
    """One cell of parameters, exercises with folded solutions, objectives, key points, next step."""
    path = course / "lessons/01-first-steps.md"
    node = notebook.lesson(path)
    tags = [tag for cell in node.cells for tag in notebook.tags(cell)]
    assert tags.count("parameters") == 1
    assert tags.count("exercise") == 3
    text = path.read_text()
    assert text.index("Exercise 1: predict") < text.index("<details><summary>Solution of exercise 1</summary>")
    titles = ["## Objectives", "**Before you start.**", "Exercise 2: write", "Exercise 3: repair", "## Key points"]
    assert [text.index(title) for title in [*titles, "## Next step"]] == sorted(
        map(text.index, [*titles, "## Next step"])
    )
    assert "{{" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("course", "Mein Kurs"), "'Mein Kurs' is no name for a new course: call it 'mein-kurs': small letters a-z"),
        (("course", "éolienne"), "call it 'eolienne'"),
        (("course", "../x"), "call it 'x'"),
        (("course", "日本"), "call it 'my-course'"),
        (("course", "x" * 61), "at most 60 in all"),
        (("course", "night-forecast"), "course 'night-forecast' is there already"),
        (("course", "other", "--title", "two\nlines"), "title 'two\\nlines': write one line of 1 to 100 characters"),
        (("course", "other", "--author", " "), "author ' ': write one line"),
        (("lesson", "night-forcast", "02-x"), "no course 'night-forcast'"),
        (("lesson", "night-forcast", "02-x"), "did you mean 'night-forecast'?"),
        (("lesson", "night-forecast", "more"), "'more' is no name for a new lesson: call it '02-more': two digits"),
        (("lesson", "night-forecast", "2-Viel Mehr"), "call it '02-viel-mehr'"),
        (("lesson", "night-forecast", "01-first-steps"), "lesson '01-first-steps' is there already"),
        (("lesson", "night-forecast", "01-other"), "01 is the number of 01-first-steps: call it '02-other'"),
        (("assignment", "night-forecast", "First Job"), "call it 'first-job'"),
    ],
)
def test_what_is_refused_leaves_nothing(
    root: Path, course: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """A bad name, a taken one, an unknown course: one sentence with the remedy, and no file."""
    before = snapshot(root)
    capsys.readouterr()
    assert aula(root, *words) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""
    assert snapshot(root) == before
    assert sorted(path.name for path in (root / "courses").iterdir()) == [course.name]


def test_folders_that_no_contract_lists_are_told_first(
    root: Path, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where contract and folder disagree already, nothing is added to the confusion."""
    (course / "assignments/first-job").mkdir(parents=True)
    before = snapshot(root)
    assert aula(root, "assignment", course.name, "first-job") == 1
    assert "assignments/first-job/ exists, but key 'assignments' does not list it" in capsys.readouterr().err
    assert snapshot(root) == before


def test_wrong_answers_of_the_same_name_are_kept(root: Path, course: Path) -> None:
    """A folder of wrong answers that is there is not overwritten, and nothing else is written."""
    (course / "mutants/first-job").mkdir(parents=True)
    (course / "mutants/first-job/mine.md").write_text("# Mine\n")
    before = snapshot(root)
    with pytest.raises(AuthorError, match="mutants/first-job: is there already"):
        new.assignment(root, course.name, "first-job", None)
    assert snapshot(root) == before
    assert not (course / "assignments").exists()


def test_a_contract_that_cannot_be_changed_is_left_alone(
    root: Path, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a document has an end, text below it would be lost: the author gets the lines to add."""
    path = course / CONTRACT
    path.write_text(path.read_text() + "...\n")
    before = path.read_bytes()
    capsys.readouterr()
    assert aula(root, "assignment", course.name, "first-job") == 0
    said = capsys.readouterr().out
    assert path.read_bytes() == before
    assert "course.yml is as it was" in said
    assert "Add under 'assignments:'\n\n  - name: first-job\n    title: First job\n" in said
    assert "and write 'minutes: 82'" in said


def test_programs_read_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the command names every file in one object."""
    assert aula(root, "course", "x", "--json") == 0
    assert aula(root, "lesson", "x", "02-y", "--json") == 0
    first, second = capsys.readouterr().out.split("\n}\n", 1)
    assert str(root / "courses/x/course.yml") in json.loads(first + "}")["written"]
    assert json.loads(second) == {"written": [str(root / "courses/x/lessons/02-y.md")], "to_add": "", "minutes": 44}


def test_without_a_name_the_authors_are_the_courses(root: Path) -> None:
    """Where nobody is named, and git knows nobody, no placeholder gets into licence and citation."""
    new.course(root, "x", "HPC at night", [])
    assert catalogue.find(root, "x").contract.authors == ("The authors of HPC at night",)


def test_an_editor_finds_the_schema_in_a_checkout(root: Path, course: Path) -> None:
    """The contract names the schema where there is one, and only there."""
    assert "yaml-language-server" not in (course / CONTRACT).read_text()
    (root / "aula").mkdir()
    (root / "aula/course.schema.json").write_text("{}")
    new.course(root, "x", None, ["Ana"])
    assert (root / "courses/x" / CONTRACT).read_text().startswith("# yaml-language-server: $schema=../../aula/course.")


def test_a_second_course_changes_nothing_outside_its_folder(tmp_path: Path) -> None:
    """Beside the courses of this repository, a new one is in the catalogue and in the book's table of contents."""
    shutil.copytree(ROOT / "courses", tmp_path / "courses")
    before = snapshot(tmp_path)
    assert aula(tmp_path, "course", "night-forecast") == 0
    assert aula(tmp_path, "assignment", "night-forecast", "first-job") == 0
    after = snapshot(tmp_path)
    assert {path: text for path, text in after.items() if not path.startswith("courses/night-forecast/")} == before
    courses = catalogue.load(tmp_path).courses
    assert {course.id for course in courses} == {path.name for path in catalogue.folders(ROOT)} | {"night-forecast"}
    listed = json.dumps(book.contents(courses, changes=True, cited=False))
    for page in ("index", "lessons/01-first-steps", "assignments/first-job/first-job"):
        assert f'"courses/night-forecast/{page}"' in listed
