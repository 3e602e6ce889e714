"""The quick way to grade: cells in order in one process, each wrong answer in a fork of it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula import kernel
from aula.check import quick

ANSWER = "def double(n):\n    return 2 * n\n"
TEST = "assert double(21) == 42\n"
TESTS = {1: ("double", 2.0)}


@pytest.fixture(autouse=True)
def _kernel() -> Iterator[None]:
    """Let the quick way find the interpreter that notebooks run on."""
    with kernel.settled(Path(sys.executable).parent):
        yield


def killed(folder: Path, *answers: str) -> set[int]:
    """Return which of these wrong answers the test notices."""
    return set(quick.trial(folder, [ANSWER, TEST], TESTS, [{0: answer} for answer in answers]).killed)


def test_points_are_those_of_the_tests_that_pass(tmp_path: Path) -> None:
    """A test that fails, or ends the process politely, costs its points and nothing else."""
    cells = [ANSWER, TEST, "raise SystemExit", "assert double(1) == 3", "assert double(2) == 4"]
    tests = {1: ("a", 1.0), 2: ("b", 1.0), 3: ("c", 2.0), 4: ("d", 4.0)}
    points = quick.trial(tmp_path, cells, tests).points
    assert (points.earned, points.possible, points.failed) == (5.0, 8.0, ("b", "c"))


def test_a_right_answer_survives_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    """Only what a test notices counts as noticed, whatever happened to the wrong answer before it."""
    wrong = "def double(n):\n    return n\n"
    right = "def double(n):\n    return n + n\n"
    assert killed(tmp_path, wrong, right, wrong) == {0, 2}


@pytest.mark.parametrize(
    "answer",
    ["import os\nos._exit(0)", "import os\nos.kill(os.getpid(), 9)", "x = bytearray(2**33)", "raise SystemExit"],
)
def test_an_answer_that_dies_is_noticed(tmp_path: Path, answer: str) -> None:
    """A crash, too much memory and an early end are noticed, and what comes after them is tried all the same."""
    assert killed(tmp_path, f"{answer}\n{ANSWER}", ANSWER) == {0}


def test_an_answer_that_never_ends_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop without an end is stopped, and so is what it has started."""
    monkeypatch.setattr(quick, "SECONDS", 1)
    loop = f"import subprocess\nsubprocess.Popen(['sleep', '61.{os.getpid()}'])\nwhile True:\n    pass"
    assert killed(tmp_path, loop, ANSWER) == {0}
    assert f"61.{os.getpid()}" not in "".join(path.read_text() for path in commands())


def commands() -> Iterator[Path]:
    """Yield the command line of each process of this account."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.exists() and path.parent.stat().st_uid == os.getuid():
            yield path


def test_a_wrong_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    """Each runs in a copy of the folder and in a process of its own: the next one does not see what it did."""
    (tmp_path / "table.csv").write_text("2\n")
    answer = "factor = int(open('table.csv').read())\ndef double(n):\n    return factor * n\n"
    spoils = "open('table.csv', 'w').write('3')\nfactor = 3\ndouble = lambda n: 3 * n\n"
    trial = quick.trial(tmp_path, [answer, TEST], TESTS, [{0: spoils}, {0: answer}])
    assert (trial.killed, trial.points.failed) == ({0}, ())
    assert (tmp_path / "table.csv").read_text() == "2\n"


def test_ipythons_lines_are_understood(tmp_path: Path) -> None:
    """A cell with a magic or a command of the system runs as in a notebook."""
    cells = ["%matplotlib inline\nlines = !echo 42\n", "assert lines == ['42']", "assert get_ipython() is not None"]
    assert quick.trial(tmp_path, cells, {1: ("a", 1.0), 2: ("b", 1.0)}).points.failed == ()


def test_a_test_may_read_the_source_of_an_answer(tmp_path: Path) -> None:
    """What inspects or pickles an answer finds it, as in a notebook."""
    test = "import inspect, pickle\nassert 'return 2 * n' in inspect.getsource(double)\npickle.dumps(double)"
    assert quick.trial(tmp_path, [ANSWER, test], TESTS).points.failed == ()
