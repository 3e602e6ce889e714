"""Forging: no submission passes that does not answer, whatever it does to the protocol, and the judge goes on."""

from collections.abc import Callable

import pytest

from tests.aula.grading.attacks import ALL_EQUAL, ATTACKS, HIJACK
from tests.aula.grading.conftest import Answers

Graded = Callable[..., Answers]
RIGHT = "def square(x):\n    return x * x"
TESTS = {
    "equal": "assert square(3) == 9\nassert square(12) == 144",
    "near": "assert abs(square(3) - 9) < 1e-9 and abs(square(12) - 144) < 1e-9",
    "numpy": "from numpy.testing import assert_allclose as near\nnear(square(12), 144)\nnear(square(3), 9)",
    "caught": "try:\n    got = [square(3), square(12)]\nexcept Exception:\n    got = None\nassert got == [9, 144]",
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


def test_an_object_does_not_answer_for_a_table(graded: Graded) -> None:
    """Where the reference returns a table, the trainee's own object is not asked whether it equals the expected one."""
    right = "import pandas as pd\ndef square(x):\n    return pd.DataFrame({'a': [x * x]})"
    sly = (
        "class Frame:\n    shape = (1, 1)\n    def equals(self, other): return True\ndef square(x):\n    return Frame()"
    )
    test = "import pandas as pd\nassert square(3).equals(pd.DataFrame({'a': [9]}))"
    recorded = graded([right], [test])[0]
    assert recorded["outcome"] == "passed"
    found = graded([sly], [test], operators=recorded["operators"])[0]
    assert found["outcome"] == "refused"
    assert "'equals'" in found["said"]


def test_sources_are_those_handed_in(graded: Graded) -> None:
    """A test that reads the source sees the submission's, whatever the trainee's process says."""
    lying = "def square(x):\n    import math\n    return x * x\nsquare.__code__ = (lambda x: x * x).__code__"
    patched = "import inspect\ninspect.getsource = lambda value: 'def square(x): return x * x'\n" + lying
    test = "import inspect\nassert 'import' not in inspect.getsource(square)"
    assert graded([patched], [test], reference=[RIGHT])[0]["outcome"] == "failed"
    assert graded([RIGHT], [test])[0]["outcome"] == "passed"


def test_what_a_test_catches_is_refused_all_the_same(graded: Graded) -> None:
    """A test that swallows every exception is refused where the judge refused something in it."""
    test = "try:\n    fine = square(3) == 9\nexcept:\n    fine = True\nassert fine"
    found = graded([ALL_EQUAL + "def square(x):\n    return Yes()"], [test], operators=[])[0]
    assert found["outcome"] == "refused"


def test_only_what_was_handed_over_is_called_back(graded: Graded) -> None:
    """The trainee's code reaches no attribute of a function that it was given, nor what it was not given."""
    for asked in ("'do': 'get', 'on': 1, 'name': '__globals__'", "'do': 'get', 'on': 1, 'name': 'real'"):
        sly = HIJACK + f"def square(f):\n    f(1)\n    return end.ask({{{asked}}})"
        found = graded([sly], ["square(lambda v: v)"], operators=[])[0]
        assert found["outcome"] == "refused"
        assert "may not be asked" in found["said"]


def test_exchanges_are_bounded(graded: Graded) -> None:
    """A generator that never ends is refused after so many values, by the judge itself."""
    endless = "def square(x):\n    while True:\n        yield x"
    found = graded([endless], ["sum(square(1))", "assert True"])
    assert found[0]["outcome"] == "refused"
    assert "100,000 times" in found[0]["said"]
    assert found[1]["outcome"] == "passed"
