"""Notebooks are damaged at random: none is lost, and where no answer was changed the points are what they would be."""

import os
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from aula.grading import restoring
from aula.grading.handed_in import Submission
from aula.grading.repair import finding
from aula.grading.repair.cells import squeezed
from aula.grading.restoring import Restored
from aula.grading.template import Template
from tests.aula.grading.repair import files, run_order
from tests.aula.grading.repair.damages import DAMAGES
from tests.aula.grading.repair.files import File
from tests.grading import honest
from tests.grading.honest import Honest

COUNT = int(os.environ.get("AULA_DAMAGES", "200"))
"""How many are damaged; 2,000 with AULA_DAMAGES=2000."""
ANSWERED = 24
NAMES = ("{task}.ipynb", "Copy of {task}.ipynb", "{task}-Copy1.ipynb", "ödev (1).IPYNB")
MANY = settings(
    max_examples=COUNT,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)


class Answered:
    """Answered notebooks, right and wrong ones, with cells of their trainees' own, and what is graded of each."""

    def __init__(self, templates: dict[str, Template]) -> None:
        released = {task: author.released for task, author in templates.items()}
        self._all = [*honest.submissions(released, ANSWERED)]
        self._templates = templates
        self._whole = [
            restored(files.as_it_is(one.node), f"{one.task}.ipynb", templates[one.task]) for one in self._all
        ]

    def __getitem__(self, which: int) -> tuple[Honest, Restored, Template]:
        one = self._all[which]
        return one, self._whole[which], self._templates[one.task]


@pytest.fixture(scope="module")
def answered(templates: dict[str, Template]) -> Answered:
    """Return the answered notebooks."""
    return Answered(templates)


def restored(content: bytes, name: str, author: Template) -> Restored:
    """Return what is graded of a file of some name that was handed in alone."""
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        return restoring.restore(finding.read(Submission("ana", author.name, Path(folder), None)), author)


def same(found: Restored, whole: Restored, author: Template) -> bool:
    """Return whether the same code runs before each test, and the same answers are read: the points are the same."""
    mine = run_order.own(whole.node)
    code = run_order.steps(found.node, author, mine) == run_order.steps(whole.node, author, mine)
    return code and run_order.written(found.node, author) == run_order.written(whole.node, author)


def lost(found: Restored, whole: Restored) -> set[str]:
    """Return the lines of a whole notebook that are neither in what is graded nor on the page of what was mended."""
    texts = [cell.source for cell in found.node.cells] + [change.handed_in for change in found.changes]
    there = squeezed("".join(texts))
    lines = {squeezed(line) for cell in whole.node.cells for line in cell.source.splitlines()}
    return {line for line in lines if line not in there}


def explained(author: Template) -> set[str]:
    """Return the lines of what explains an assignment: nobody needs them to be graded."""
    texts = [cell.source for cell in author.released.cells if cell.cell_type == "markdown"]
    return {squeezed(line) for text in texts for line in text.splitlines()}


def damaged(one: Honest, damages: list[str], seed: int) -> NotebookNode:
    """Return an answered notebook with damages, one after the other."""
    node, chance = deepcopy(one.node), Random(seed)  # noqa: S311 - a test's variety, no secret
    for damage in damages:
        DAMAGES[damage](node, chance)
    return node


@MANY
@given(st.integers(0, ANSWERED - 1), st.sampled_from(sorted(DAMAGES)), SEEDS)
def test_what_was_damaged_once_gets_the_same_points(answered: Answered, which: int, damage: str, seed: int) -> None:
    """After each kind of damage the same code runs before each test, in the same order."""
    one, whole, author = answered[which]
    found = restored(files.as_it_is(damaged(one, [damage], seed)), f"{one.task}.ipynb", author)
    event(damage)
    assert same(found, whole, author), (which, damage, seed, found.said)


@MANY
@given(
    st.integers(0, ANSWERED - 1),
    st.lists(st.sampled_from(sorted(DAMAGES)), min_size=1, max_size=4),
    st.sampled_from(files.FILES),
    st.sampled_from(NAMES),
    SEEDS,
)
def test_what_was_damaged_often_is_the_same_or_flagged(
    answered: Answered,
    which: int,
    damages: list[str],
    file: File,
    name: str,
    seed: int,
) -> None:
    """Up to four damages, in another file of another format: all tests are there, and a person is told of doubts."""
    one, whole, author = answered[which]
    found = restored(file(damaged(one, damages, seed)), name.format(task=one.task), author)
    tests = [name for name, _ in run_order.steps(found.node, author) if name]
    assert tests == [*author.tests]
    assert lost(found, whole) <= explained(author), found.said
    is_same = same(found, whole, author)
    event("same" if is_same else "flagged")
    assert is_same or any(change.is_doubtful for change in found.changes), (which, damages, seed, found.said)
