"""Damaged notebooks are graded for real, and an instructor finds what was repaired."""

import json
from copy import deepcopy
from pathlib import Path
from random import Random

import nbformat
import pytest
from nbformat import NotebookNode

from aula import cli, marks
from aula.grading.batch import Batch
from aula.grading.repair import page
from tests.aula.grading.class_of import RIGHT, hand_in, points
from tests.aula.grading.repair.damages import DAMAGES

ALL_LOST = "copy_out"
KINDS = ("split", "merge", "retype", "swap", "lose_name", ALL_LOST)
"""Damages that are graded for real; of the others the restored notebook is compared."""


def read(path: Path) -> NotebookNode:
    """Return the notebook at a path."""
    node: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    return node


def damage(path: Path, kind: str, seed: int) -> None:
    """Damage a notebook that was handed in."""
    node = deepcopy(read(path))
    DAMAGES[kind](node, Random(seed))  # noqa: S311 - a test's variety, no secret
    path.write_text(json.dumps(node), encoding="utf-8")


def graded(run_dir: Path, student: str, name: str) -> Path:
    """Return a file that the grading left for formgrader."""
    return run_dir / "autograded" / student / "sums" / name


def test_whoever_damaged_what_has_the_points_of_the_answer(run_dir: Path) -> None:
    """A right answer passes after each of some damages, and in a notebook of another name; one on top says so."""
    for number, kind in enumerate(KINDS):
        damage(hand_in(run_dir, kind, RIGHT), kind, number)
    path = hand_in(run_dir, "renamed", RIGHT)
    path.rename(path.with_name("Copy of sums.ipynb"))
    hand_in(run_dir, "whole", RIGHT)
    Batch(run_dir, "run", "sums").grade(tell=lambda _: None)
    assert points(run_dir) == dict.fromkeys((*KINDS, "renamed", "whole"), 2.0)
    for student in (*KINDS, "renamed"):
        first = read(graded(run_dir, student, "sums.ipynb")).cells[0]
        assert first.source.startswith("**About what was handed in:**"), student
        assert "What was repaired" in graded(run_dir, student, page.NAME).read_text()
    assert marks.of(read(graded(run_dir, "whole", "sums.ipynb")).cells[1])["grade_id"] == "total"
    assert not graded(run_dir, "whole", page.NAME).exists()


def test_no_trainee_writes_the_page(run_dir: Path) -> None:
    """A file, or a folder, of its name is not where the page is looked for."""
    path = hand_in(run_dir, "ana", RIGHT)
    path.with_name(page.NAME).write_text("<script>alert(1)</script>")
    (hand_in(run_dir, "bo", RIGHT).parent / page.NAME).mkdir()
    (run_dir / "submitted/bo/sums" / page.NAME / "x.txt").write_text("x")
    path = hand_in(run_dir, "carla", RIGHT)
    damage(path, ALL_LOST, 0)
    path.with_name(page.NAME).symlink_to("/etc/passwd")
    Batch(run_dir, "run", "sums").grade(tell=lambda _: None)
    assert not graded(run_dir, "ana", page.NAME).exists()
    assert not graded(run_dir, "bo", page.NAME).exists()
    assert "What was repaired" in graded(run_dir, "carla", page.NAME).read_text()


def test_hidden_tests_are_not_shown(run_dir: Path) -> None:
    """What is on the page of a changed test is what trainees were given."""
    path = hand_in(run_dir, "ana", RIGHT)
    path.write_text(path.read_text().replace("assert isinstance", "assert 1 or isinstance"))
    Batch(run_dir, "run", "sums").grade(tell=lambda _: None)
    shown = graded(run_dir, "ana", page.NAME).read_text()
    assert "assert 1 or isinstance" in shown
    assert "19, 23" not in shown
    assert "19, 23" in graded(run_dir, "ana", "sums.ipynb").read_text()


def test_the_command_shows_it_and_grades_nothing(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each difference by its lines, what cannot be read with the reason; --json is one object."""
    hand_in(run_dir, "ana", RIGHT)
    damage(hand_in(run_dir, "bo", RIGHT), "merge", 0)
    hand_in(run_dir, "carla", RIGHT).write_text("no notebook")
    assert cli.main(["repair", str(run_dir), "sums"]) == 0
    said = capsys.readouterr().out
    assert "ana: whole\nbo:\n" in said
    assert "    - assert isinstance(total([1]), int)\n" in said
    assert "carla: sums.ipynb cannot be read as a notebook" in said
    assert said.endswith("2 of 3 to repair. '-' was handed in, '+' counts.\n")
    assert cli.main(["repair", str(run_dir), "sums", "ana"]) == 0
    assert capsys.readouterr().out == "ana: whole\n1 are whole.\n"
    assert cli.main(["repair", str(run_dir), "sums", "bo", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["submissions"]
    assert (one["student"], one["unreadable"]) == ("bo", "")
    assert any("taken apart" in change["said"] for change in one["changes"])
    assert not (run_dir / "autograded").exists()
    assert cli.main(["repair", str(run_dir), "sums", "deniz"]) == 1
    assert "was not handed in by deniz" in capsys.readouterr().err
