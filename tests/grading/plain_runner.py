"""Runs notebooks one after the other, each in a fork that has the libraries already.

A program of its own: the interpreter that notebooks run on starts it, which has nothing of this project. It reads one
JSON object and writes one: see `tests.grading.plain`.
"""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot
import numpy  # noqa: F401  loaded before the fork
import pandas  # noqa: F401  likewise
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Cells = Sequence[tuple[str, str, float]]


def main() -> None:
    """Run the notebooks of the order on standard input; write what each one's tests earned."""
    order = json.load(sys.stdin)
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.InteractiveTB.set_mode("Minimal")  # nobody reads them, and the long ones take their time
    # %matplotlib asks for it, and there is no window here.
    shell.enable_gui = lambda *_, **__: None
    json.dump([_in_a_fork(shell, cells, order["folder"]) for cells in order["notebooks"]], sys.stdout)


def _in_a_fork(shell: InteractiveShell, cells: Cells, folder: str) -> dict[str, float]:
    mine, its = os.pipe()
    with tempfile.TemporaryDirectory() as place:
        if child := os.fork():
            os.close(its)
            with os.fdopen(mine) as answer:
                earned = answer.read()
            os.waitpid(child, 0)
            return dict(json.loads(earned))
        try:
            work = shutil.copytree(folder, f"{place}/work")
            os.chdir(work)
            earned = json.dumps(_earned(shell, cells))
            with os.fdopen(its, "w") as answer:
                answer.write(earned)
        except BaseException:  # noqa: BLE001 - a fork must never go on as the parent
            traceback.print_exc()
        finally:
            os._exit(0)


def _earned(shell: InteractiveShell, cells: Cells) -> dict[str, float]:
    earned = {}
    for source, test, worth in cells:
        said, complained = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            done = shell.run_cell(source, store_history=True)
        if test:
            earned[test] = _points(done.result, worth) if done.success and not complained.getvalue() else 0.0
    return earned


def _points(result: object, worth: float) -> float:
    """Return what a cell earns that came to its end: its last number, if there is one, or all."""
    try:
        number = float(repr(result))
    except ValueError:
        return worth
    return number if 0 <= number <= worth else worth


if __name__ == "__main__":
    main()
