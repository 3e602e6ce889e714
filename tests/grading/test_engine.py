"""Every attack meets the engine that grades: all are contained, and honest work beside them is what it is anywhere."""

import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode

from aula import kernel, marks, notebook
from aula.grading.batch import Batch
from aula.grading.limits import Limits
from aula.grading.mark import Graded
from tests.grading import assignments, honest, planted
from tests.grading.attacks.every import ATTACKS, aimed_at
from tests.grading.hostile import HIDDEN, WALL_S, Hostile
from tests.grading.planted import Planted

HONEST = 20
RUNNING = [one for one in ATTACKS if one.line != 19]
"""Those whose code does it. Pages, of line 19, do it in a browser."""


@dataclass(frozen=True)
class Class:
    """What came of everybody: attackers by the attack's name, honest people by their submission's."""

    graded: dict[str, Graded]
    honest: list[honest.Honest]
    changed: bool
    reached: bool


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Grade all attacks and some honest work in one batch an assignment."""
    root = tmp_path_factory.mktemp("class")
    run = root / "graded"
    with (
        kernel.settled(Path(sys.executable).parent),
        socket.create_server(("127.0.0.1", 0)) as door,
        pytest.MonkeyPatch.context() as patch,
    ):
        target = Planted(root / "planted", door.getsockname()[1])
        target.plant()
        patch.setenv(*planted.VARIABLE)
        before = target.state()
        released = assignments.release_course(root, run)
        work = list(honest.submissions(released, HONEST))
        for attack in (one for one in aimed_at(target) if one.line != 19):
            _hand_in(run, attack.name, attack.task, attack.node(released[attack.task]))
        for one in work:
            _hand_in(run, one.name, one.task, one.node)
        graded: dict[str, Graded] = {}
        for task in assignments.TASKS:
            limits = Limits(wall_s=int(WALL_S), cpu_s=int(WALL_S))
            batch = Batch(run, "graded", task, limits=limits, cell_s=WALL_S)
            graded |= {_name(one): one for one in batch.grade(tell=print)}
        door.settimeout(0.1)
        try:
            reached = bool(door.accept())
        except TimeoutError:
            reached = False
        yield Class(graded, work, target.state() != before, reached)


def _name(one: Graded) -> str:
    return one.student.replace("_", " ")


def _hand_in(run: Path, name: str, task: str, node: NotebookNode) -> None:
    notebook.write(node, run / "submitted" / name.replace(" ", "_") / task / f"{task}.ipynb")


@pytest.mark.parametrize("attack", RUNNING, ids=lambda one: one.name)
def test_it_is_contained(everybody: Class, attack: Hostile) -> None:
    """It earns no more than what is done in it, in time, with a reason, and finds nothing of what is planted."""
    graded = everybody.graded[attack.name]
    assert graded.points <= attack.at_most
    assert graded.seconds <= attack.within_s
    told = [mark.reason for mark in graded.marks.values()]
    outputs = [
        str(cell.get("outputs"))
        for cell in graded.node.cells
        if cell.cell_type == "code" and marks.of(cell).get("grade_id") not in graded.marks
    ]
    found = "\n".join([*told, *outputs, *graded.notes])
    assert [word for word in (*planted.WORDS, *HIDDEN) if word in found] == []
    if attack.says_why:
        assert any(told)


def test_nothing_outside_was_touched(everybody: Class) -> None:
    """No planted file changed, and nobody came by the network."""
    assert not everybody.changed
    assert not everybody.reached


def test_honest_work_is_what_it_is_anywhere(everybody: Class) -> None:
    """Beside attackers, right answers earn all that they are worth, and wrong ones less."""
    worth = {task: assignments.tests(task) for task in assignments.TASKS}
    wrong = []
    for one in everybody.honest:
        for grade_id, right in one.right.items():
            marks_of = everybody.graded[one.name.replace("_", " ")].marks
            given = {name: marks_of[name].points for name in worth[one.task][grade_id]}
            if (given == worth[one.task][grade_id]) != right:
                wrong.append((one.name, grade_id, one.mistakes.get(grade_id), given))
    assert wrong == []
