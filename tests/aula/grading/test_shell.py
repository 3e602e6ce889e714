"""Cells run as in a notebook, and their outputs are those of a notebook."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.aula.grading.conftest import Begin
from tests.aula.grading.said import run, said


def test_outputs_are_of_the_four_kinds(begin: Begin) -> None:
    """A cell's prints, displays, result and error come as nbformat has them, in their order."""
    answer = run(begin(), "import sys\nprint('a')\nprint('b', file=sys.stderr)\ndisplay(1)\nprint('c')\n2")
    kinds = [(one["output_type"], one.get("text") or one["data"]["text/plain"]) for one in answer["outputs"]]
    assert kinds == [
        *(("stream", "a\n"), ("stream", "b\n"), ("display_data", "1"), ("stream", "c\n"), ("execute_result", "2"))
    ]
    assert not answer["failed"]


def test_outputs_are_sound_in_a_notebook(begin: Begin) -> None:
    """A notebook with every kind of output, figures and frames too, is a valid one."""
    student = begin()
    cells = [
        "import matplotlib.pyplot as plt, pandas as pd\nplt.plot([1, 2])\nprint('x')\npd.DataFrame({'a': [1]})",
        "1 / 0",
        "from IPython.display import Image\ndisplay(Image(data=b'\\x89PNG', format='png'))",
    ]
    answers = [run(student, one) for one in cells]
    nodes = [
        new_code_cell(source, outputs=answer["outputs"], execution_count=1)
        for source, answer in zip(cells, answers, strict=True)
    ]
    nbformat.validate(nbformat.from_dict(new_notebook(cells=nodes)))
    assert [one["failed"] for one in answers] == [False, True, False]
    figure = answers[0]["outputs"][-1]
    assert figure["output_type"] == "display_data"
    assert "image/png" in figure["data"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("!echo hello", "hello"),
        ("import os; _ = os.system('echo raw')", "raw"),
        ("%%capture kept\nprint('kept')\n", ""),
        ("import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "waited"),
        ("%matplotlib inline\nprint('inline')", "inline"),
        ("%timeit -n 1 -r 1 1", "each"),
        ("input()", "StdinNotImplementedError"),
        ("x = (", "SyntaxError"),
        ("print(open('/dev/null').read() + 'quiet');", "quiet"),
        ("from multiprocessing import Pool\nwith Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))", "[1, 2]"),
        ("import random, numpy; print(random.random(), numpy.random.rand())", "0.8444218515250481 0.5488135039273248"),
    ],
)
def test_what_notebooks_do_works(begin: Begin, source: str, words: str) -> None:
    """Shell commands, magics, top-level await, processes and seeds are as a notebook's author expects."""
    assert words in said(begin(), source)


def test_names_stay_from_cell_to_cell(begin: Begin) -> None:
    """A cell sees what earlier ones bound, and a failed one does no harm."""
    student = begin()
    run(student, "x = 1")
    run(student, "x / 0")
    assert said(student, "print(x + 1, _i)") == "2 x / 0\n"


def test_displays_are_updated_and_cleared(begin: Begin) -> None:
    """What is displayed under a name can be changed, and outputs cleared, as progress bars do."""
    student = begin()
    answer = run(student, "one = display('a', display_id=True)\none.update('b')")
    assert [one["data"]["text/plain"] for one in answer["outputs"]] == ["'b'"]
    assert said(student, "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')") == "b\n"
