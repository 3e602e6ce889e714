"""The tests of an answer change places where they do not need each other."""

import pytest

from aula.check.order import another

CASES = {
    "independent": (["a = 1", "assert a", "assert a == 1"], {1, 2}, [0, 2, 1]),
    "a helper": (["a = 1", "def near(x): return x", "assert near(a)", "assert a"], {1, 2, 3}, [0, 3, 1, 2]),
    "each its own": (["a = 1", "x = a\nassert x", "x = a + 1\nassert x"], {1, 2}, [0, 2, 1]),
    "a loop's own": (["a = 1", "for x in [a]:\n    assert x", "for x in [a, a]:\n    assert x"], {1, 2}, [0, 2, 1]),
    "grown": (["n = 0", "n += 1\nassert n == 1", "n += 1\nassert n == 2"], {1, 2}, [0, 1, 2]),
    "an answer between": (["assert 1", "b = 1", "assert b"], {0, 2}, [0, 1, 2]),
    "an import": (["a = 1", "import re\nassert re", "assert re.match('a', 'a')"], {1, 2}, [0, 1, 2]),
    "what the earlier one needs": (["a = 1", "assert a", "a = 2\nassert a"], {1, 2}, [0, 1, 2]),
    "no Python": (["a = 1", "%time a", "assert a"], {1, 2}, [0, 1, 2]),
}


@pytest.mark.parametrize(("cells", "tests", "places"), CASES.values(), ids=CASES)
def test_the_order(cells: list[str], tests: set[int], places: list[int]) -> None:
    """Neighbouring tests are turned round, as far as none uses what another binds."""
    assert another(cells, tests) == places
