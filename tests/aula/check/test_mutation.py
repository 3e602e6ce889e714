"""Automatic mutants: which mistakes are made in which lines of a solution."""

import pytest

from aula.check.mutation import Score, mutants
from aula.check.page import Cell


def made(source: str) -> dict[str, str]:
    """Return the mutants of an answer cell that begins in line 1: each mistake, with what the cell then is."""
    return {mutant.mistake: mutant.source for mutant in mutants(Cell(1, 1, True, source, (), {}, {}), 0)}


MISTAKES = {
    "a statement left out": ("x = 1\ny = 2", "without 'y = 2'", "x = 1\npass"),
    "a block left out": ("for n in m:\n    x()", "without 'for n in m:'", "pass"),
    "a constant returned": ("def f():\n    return g()", "returns 0 instead of 'return g()'", "def f():\n    return 0"),
    "a comparison turned round": ("x = a == b", "'a != b' instead of 'a == b'", "x = a != b"),
    "a boundary moved": ("x = a < b", "'a <= b' instead of 'a < b'", "x = a <= b"),
    "a membership turned round": ("x = a in b", "'a not in b' instead of 'a in b'", "x = a not in b"),
    "a line of a text left out": ("x = 'a\\nb\\n'", "without the line 'b'", "x = 'a\\n'"),
    "one more": ("x = a[3]", "4 instead of 3", "x = a[4]"),
    "one less": ("x = a[3]", "2 instead of 3", "x = a[2]"),
}


@pytest.mark.parametrize(("source", "mistake", "mutant"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_made(source: str, mistake: str, mutant: str) -> None:
    """Each kind of mistake is made, and nothing else is changed in that mutant."""
    assert made(source)[mistake] == mutant


def test_only_the_solution_is_changed() -> None:
    """What trainees see of the cell stays, and so do docstrings, imports and definitions."""
    solution = 'def f(n):\n    """Say.\n    More."""\n    return n'
    source = f"import os\na = 1\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION\nb = 2"
    assert set(made(source)) == {"without 'return n'", "returns 0 instead of 'return n'"}
    lines = [mutant.line for mutant in mutants(Cell(1, 10, True, source, (), {}, {}), 0)]
    assert lines == [16, 16]


def test_the_same_mutant_is_made_once() -> None:
    """Two ways to the same program, or a mistake that changes nothing, do not count twice."""
    assert list(made("def f():\n    return 0")) == [
        "without 'return 0'",
        "1 instead of 0",
        "-1 instead of 0",
    ]


def test_true_is_no_number() -> None:
    """A truth value is not made larger by one."""
    assert list(made("x = True")) == ["without 'x = True'"]


def test_what_is_no_python_has_no_mutants() -> None:
    """A cell with magics is left alone."""
    assert made("%%bash\necho 1") == {}


def test_a_score_is_a_share() -> None:
    """The score is the share of mistakes that were noticed; without any it is nothing."""
    assert Score("c", "a", 9, 10, ()).percent == 90
    assert Score("c", "a", 0, 0, ()).percent == 0
