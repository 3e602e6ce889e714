"""What a judge begins with, and which tests cannot be judged."""

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from aula import notebook
from aula.grading import statements
from aula.grading.unjudged import Unjudged, problems

ROOT = Path(__file__).resolve().parents[3]
GIVEN = {"grade": False, "solution": False, "locked": True}
ANSWER = {"grade": False, "solution": True, "locked": False}
TEST = {"grade": True, "solution": False, "locked": True, "points": 1}
FREE: dict[str, object] = {}


def node(*cells: tuple[dict[str, object], str]) -> NotebookNode:
    """Return a notebook of code cells with what they say to nbgrader."""
    made = [
        new_code_cell(source, metadata={"nbgrader": {"schema_version": 3, "grade_id": "x", **said}} if said else {})
        for said, source in cells
    ]
    return new_notebook(cells=made)


def test_imports_are_the_judges_own() -> None:
    """All cells' imports are, once each, and no name that they bind is asked for."""
    found = statements.begin(
        node(
            (FREE, "import numpy as np\nx = 1"),
            (ANSWER, "from math import pi\nimport numpy as np"),
            (TEST, "import re"),
        )
    )
    assert found.own == ["import numpy as np", "from math import pi", "import re"]
    assert found.names == ["x"]


def test_functions_of_locked_cells_are_the_judges_own() -> None:
    """A locked helper is; a trainee's function, and a helper that needs a trainee's name at once, are asked for."""
    cells = node(
        (
            GIVEN,
            "import functools\n@functools.cache\ndef helper(x):\n    return answer(x)\nclass Node:\n    size: int = 3",
        ),
        (ANSWER, "def answer(x):\n    return x"),
        (GIVEN, "def needing(x=answer):\n    return x\nclass Sub(Theirs):\n    pass"),
        (TEST, "def check(x):\n    assert x"),
    )
    found = statements.begin(cells)
    assert [one.splitlines()[-1].strip() for one in found.own] == [
        "import functools",
        "return answer(x)",
        "size: int = 3",
    ]
    assert found.names == ["Sub", "answer", "needing"]


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("week = '''a\nb'''", True),
        ("rate = -0.5", True),
        ("pair = (1, 'a')", True),
        ("rates = [1, 2]", False),
        ("count = 0\ndef up():\n    global count\n    count += 1", False),
        ("now = time()", False),
        ("n = 1\nn = 2", False),
    ],
)
def test_plain_values_of_locked_cells_are_the_judges_own(source: str, *, own: bool) -> None:
    """A text or number that a locked cell binds once cannot be changed by a trainee; what can change is asked for."""
    name = source.partition(" ")[0]
    found = statements.begin(node((GIVEN, source)))
    assert (name in found.names) is not own
    assert statements.begin(node((ANSWER, source))).names.count(name) == 1


def test_names_are_what_top_level_binds() -> None:
    """Loops, with, unpacking, walrus, branches and global ones count; attributes, locals and comprehensions do not."""
    source = (
        "a, (b, *c) = 1, (2, 3)\nfor d in []:\n    e = 1\nif (f := 1):\n    g = 2\nwith open('x') as h:\n    pass\n"
        "def i():\n    global j\n    j = k = 1\ni.l = 2\n[m for m in []]\n%timeit n = 1\nlambda o: (p := o)"
    )
    assert statements.begin(node((FREE, source))).names == list("abcdefghij")


def test_the_courses_assignments_can_be_judged() -> None:
    """Every assignment of ours is: its tests' names are known, and nothing stands in the way."""
    paths = sorted((ROOT / "courses").glob("*/assignments/*/*.md"))
    assert paths
    for path in paths:
        read = notebook.read(path)
        assert list(problems(read)) == []
        assert statements.begin(read).names


@pytest.mark.parametrize(
    ("test", "sentence", "remedy"),
    [
        ("class Fake(Theirs):\n    pass", "a subclass of the trainee's class 'Theirs'", "locked cell"),
        ("with patch('builtins.print') as said:\n    pass", "patches 'builtins.print'", "redirect_stdout"),
        ("with mock.patch('builtins.input', lambda: '3'):\n    pass", "patches 'builtins.input'", "argument"),
        ("with mock.patch('__main__.helper'):\n    pass", "patches '__main__.helper'", "Bind the name"),
        ("assert 'x' in dir()", "calls dir()", "NameError"),
        ("assert 'x' in globals()", "calls globals()", "NameError"),
        ("locals()", "calls locals()", "NameError"),
        ("%timeit Theirs()", "IPython's '%timeit'", "plain Python|Write it in Python"),
        ("x = 1\n!ls", "IPython's '!ls'", "Write it in Python"),
        ("get_ipython().run_cell('x')", "IPython's shell", "Write it in Python"),
        ("import matplotlib.pyplot as plt\nplt.gca()", "calls gca()", "return its axes"),
        ("assert Theirs.f.__code__.co_argcount == 1", "reads '__code__'", "inspect.signature"),
    ],
)
def test_what_cannot_be_judged_is_said_with_its_remedy(test: str, sentence: str, remedy: str) -> None:
    """Each way to write a test that needs the trainee's process is found, at its line, with another way."""
    found = list(problems(node((ANSWER, "class Theirs:\n    pass"), (TEST, test))))
    assert len(found) == 1
    assert isinstance(found[0], Unjudged)
    assert sentence in found[0].sentence
    assert any(one in found[0].remedy for one in remedy.split("|"))
    assert found[0].cell == 2
    assert found[0].line in (1, 2)


def test_other_cells_may_be_written_as_they_like() -> None:
    """What is no test is not looked at, and ordinary tests are fine."""
    fine = "assert hasattr(answer, 'x')\nassert vars(answer)\nimport math\nclass Own(Exception):\n    pass"
    assert list(problems(node((ANSWER, "%matplotlib inline\ndir()\nanswer = 1"), (TEST, fine)))) == []
