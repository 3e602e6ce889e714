"""Forging: no submission passes that does not answer, whatever it does to the protocol, and the judge goes on."""

from collections.abc import Callable

import pytest

from tests.aula.grading.attacks import ATTACKS
from tests.aula.grading.conftest import Answers

Graded = Callable[..., Answers]
RIGHT = "def square(x):\n    return x * x"
TESTS = {
    "equal": "assert square(3) == 9\nassert square(12) == 144",
    "near": "assert abs(square(3) - 9) < 1e-9 and abs(square(12) - 144) < 1e-9",
    "numpy": "import numpy as np\nnp.testing.assert_allclose(square(12), 144)\nnp.testing.assert_allclose(square(3), 9)",
    "caught": "try:\n    answers = [square(3), square(12)]\nexcept Exception:\n    answers = None\nassert answers == [9, 144]",
}


def test_the_right_answer_passes(graded: Graded) -> None:
    """The tests that the attacks face are passed by the answer that they want, with no operator allowed."""
    found = graded([RIGHT], [*TESTS.values()], operators=[])
    assert [one["outcome"] for one in found] == ["passed"] * len(TESTS)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_passes(graded: Graded, name: str, test: str) -> None:
    """An attack does not pass, there is a reason, and the judge judges what comes next."""
    found = graded([ATTACKS[name]], [TESTS[test], "assert 1 + 1 == 2"], operators=[], reference=[RIGHT])
    assert found[0]["outcome"] in ("failed", "refused")
    assert found[0]["said"]
    assert found[0]["told"]
    assert found[1]["outcome"] == "passed"


def test_there_are_enough_attacks() -> None:
    """The collection is as large as was asked for."""
    assert len(ATTACKS) >= 20
