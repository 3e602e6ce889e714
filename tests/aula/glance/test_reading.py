"""A course run's class, read from gradebook and folders."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aula import cli
from aula.errors import GlanceError
from aula.glance import reading
from aula.glance.folders import Folders
from aula.glance.model import State
from aula.glance.summary import summarise
from tests.aula.glance.sample import BEGIN, assignment, empty, give, mark, note, open_book

HOUR = timedelta(hours=1)
FULL = {"total-zero": 2.0, "total-many": 2.0, "mean": 2.0, "why": 4.0}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, settled: None) -> Folders:  # noqa: ARG001  nbgrader needs it
    """A class of eight, of whom everybody is in another state with `sums`."""
    made = empty(tmp_path_factory.mktemp("class"))
    with open_book(made) as book:
        assignment(book, "sums")
        assignment(book, "later", due=None)
        book.add_student("nina")
    note(made, "bo", "sums", BEGIN, [])
    note(made, "carla", "sums", BEGIN, [BEGIN + HOUR])
    note(made, "dario", "sums", BEGIN, [BEGIN + HOUR, BEGIN + 2 * HOUR, BEGIN + 3 * HOUR])
    note(made, "eda", "sums", BEGIN, [BEGIN + HOUR])
    note(made, "filip", "sums", BEGIN, [BEGIN + 2 * HOUR])
    note(made, "gul", "sums", None, [BEGIN + HOUR, BEGIN + 2 * HOUR])
    mark(
        made,
        "sums",
        ("dario", BEGIN + 2 * HOUR, {**FULL, "mean": 0.0, "total-zero": 1.0}),
        ("eda", BEGIN + HOUR, {**FULL, "why": None}),
        ("filip", BEGIN + 2 * HOUR, FULL),
        ("gul", BEGIN + 2 * HOUR, FULL),
        ("hans", BEGIN, {}),  # handed in before there was a service
    )
    give(made, "gul", "sums", 2)
    (made.run_dir / "autograded/gul/sums").mkdir(parents=True)
    (made.run_dir / "autograded/gul/sums/repaired.html").touch()
    return made


def test_everybody_is_in_a_state(folders: Folders) -> None:
    """Nothing, began, handed in, handed in again, for a person to mark, graded, feedback released."""
    told = reading.read(folders)
    sums = told.assignments[0]
    assert {name: sums.of(name).state for name in told.students} == {
        "nina": State.NOTHING,
        "bo": State.BEGAN,
        "carla": State.WAITING,
        "dario": State.AGAIN,
        "eda": State.BY_HAND,
        "filip": State.GRADED,
        "gul": State.GIVEN,
        "hans": State.GRADED,
    }
    assert {name: sums.of(name).number for name in told.students} == {
        **dict.fromkeys(told.students, 1),
        "nina": 0,
        "bo": 0,
        "dario": 3,
        "gul": 2,
    }
    assert [name for name in told.students if sums.of(name).repaired] == ["gul"]
    assert all(one.state is State.NOTHING for one in (told.assignments[1].of(name) for name in told.students))


def test_tests_and_points_are_told(folders: Folders) -> None:
    """A test is known by its first line that says something; points of programs and people are added up."""
    sums = reading.read(folders).assignments[0]
    assert [one.text for one in sums.tests] == [
        "An empty list has the total 0.",
        "Negative numbers count.",
        "assert mean([1, 2]) == 1.5",
    ]
    assert (sums.points, sums.of("dario").points, sums.of("eda").points) == (10.0, 7.0, 6.0)
    assert (sums.of("dario").failed, sums.of("dario").partial) == ((2,), (0,))
    assert sums.of("hans").failed == (0, 1, 2)


def test_late_is_the_last_hand_in(folders: Folders) -> None:
    """By the due date; where nothing is due nobody is late."""
    sums = reading.read(folders).assignments[0]
    assert {name: one.late_s for name, one in sums.work.items()} == {
        "bo": None,
        "carla": 0,
        "dario": 3600,
        "eda": 0,
        "filip": 0,
        "gul": 0,
        "hans": 0,
    }


def test_an_extension_counts_whenever_it_was_given(folders: Folders, tmp_path: Path) -> None:
    """Late is who is late by the terms that are written today; they bring the title, too."""
    given = tmp_path / "run"
    given.mkdir()
    terms = {"title": "Sums", "points": 10, "due": (BEGIN + HOUR).isoformat()}
    terms["extensions"] = {"dario": (BEGIN + 5 * HOUR).isoformat()}
    told = {"version": 1, "time_zone": "Europe/Madrid", "assignments": {"sums": terms}}
    (given / "terms.json").write_text(json.dumps(told))
    sums, later = reading.read(replace(folders, given=given)).assignments
    assert (sums.title, sums.due, later.title) == ("Sums", BEGIN + HOUR, "later")
    assert [name for name, one in sums.work.items() if one.late_s] == ["filip", "gul"]


def test_the_instructors_questions_are_answered(folders: Folders) -> None:
    """Who began, handed in, is late, is graded; which test fails; how the points are; times; who is stuck."""
    told = reading.read(folders)
    sums = told.assignments[0]
    found = summarise(sums, told.students, BEGIN + 10 * HOUR)
    counts = found.counts
    assert (counts.people, counts.began, counts.handed_in, counts.late) == (8, 7, 6, 1)
    assert (counts.graded, counts.waiting, counts.by_hand, counts.given) == (5, 2, 1, 1)
    assert [(one.passed, one.partial, one.failed) for one in found.tests] == [(3, 1, 1), (4, 0, 1), (3, 0, 2)]
    assert [one.people for one in found.bars] == [1, 0, 0, 0, 0, 0, 1, 1, 0, 2]
    assert found.median == 7.0
    assert found.times
    assert (found.times.people, found.times.quick, found.times.median, found.times.slow) == (4, 60, 60, 75)
    assert [(one.student, one.minutes) for one in found.stuck] == [("dario", None), ("bo", 600.0)]
    few = summarise(sums, ["nina", "bo"], BEGIN)
    assert (few.counts.people, few.bars, few.median, few.times, few.stuck) == (2, (), None, None, ())


def test_the_command_tells_people_and_programs(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    """A table, with the tests that fail and who may need help; one object with --json."""
    words = ["class", str(folders.run_dir), f"--handed-in={folders.handed_in}", f"--given={folders.given}"]
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    assert "sums        8       7      6          1     5       1        1         7 of 10" in said
    assert "40% of 5  assert mean([1, 2]) == 1.5" in said
    assert "may need help: dario" in said
    assert cli.main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told["assignments"]] == ["sums", "later"]


def test_damaged_lines_are_passed_over(folders: Folders, tmp_path: Path) -> None:
    """What the hand-in service could not write whole is left out, and nothing else."""
    damaged = shutil.copytree(folders.handed_in, tmp_path / "damaged")  # type: ignore[type-var]  # it is there
    with (damaged / "hand_ins.jsonl").open("a") as index:
        index.write('[]\n{"student": "zoe"}\n\n{"student": "zoe", "assignment": "sums", "at": "noon"}\n{"stu')
    told = reading.read(replace(folders, handed_in=damaged))
    assert told.assignments == reading.read(folders).assignments
    assert "zoe" not in told.students


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """No gradebook, and one that is none."""
    with pytest.raises(GlanceError, match="name the folder of a course run"):
        reading.read(Folders(tmp_path, "run"))
    (tmp_path / "gradebook.db").write_text("no database at all, but a text that is long enough")
    with pytest.raises(GlanceError, match="cannot be read"):
        reading.read(Folders(tmp_path, "run"))
