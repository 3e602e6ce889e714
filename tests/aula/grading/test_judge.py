"""The judge: test cells of the kinds that courses have pass on right answers and fail on wrong ones."""

from collections.abc import Callable

import pytest

from tests.aula.grading.cells import CASES
from tests.aula.grading.conftest import Answers

Graded = Callable[..., Answers]


@pytest.mark.parametrize("name", CASES)
def test_right_passes_and_wrong_fails(graded: Graded, name: str) -> None:
    """A right answer passes, with the operators that the reference used; a wrong one fails, and is not refused."""
    case = CASES[name]
    recorded = graded([*case.own, case.right], [case.test], own=[*case.own])[0]
    assert recorded["outcome"] == "passed", recorded["said"]
    again = graded([*case.own, case.right], [case.test], own=[*case.own], operators=recorded["operators"])[0]
    assert again["outcome"] == "passed", again["said"]
    names = {"reference": [case.right], "operators": recorded["operators"]}
    wrong = graded([*case.own, case.wrong], [case.test], own=[*case.own], **names)[0]
    assert wrong["outcome"] == "failed", wrong["said"]


def test_there_are_enough_cells() -> None:
    """The collection is as large as was asked for."""
    assert len(CASES) >= 56
