"""Runs the code cells of an assignment in order, and mutants of them in forked processes.

A program of its own: the interpreter that notebooks run on starts it, which has the libraries of the course
and not this package. It reads one JSON object and writes one: see `aula.check.quick`.
"""

import ast
import contextlib
import json
import linecache
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import types
from typing import Any

NEEDS_IPYTHON = re.compile(r"^\s*[%!]|\bget_ipython\b|\bdisplay\(|[^=!<>]=\s*[%!]", re.MULTILINE)
SURVIVED = 77
"""How a mutant's process ends that no test noticed; 0 would be the word of any cell that ends the process itself."""


def main() -> None:
    """Do what the order on standard input says; write the answer to standard output, and nothing else."""
    order = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    cells, tests = order["cells"], set(order["tests"])
    mutants = [{int(place): source for place, source in mutant.items()} for mutant in order["mutants"]]
    namespace, prepare = _namespace(cells)
    signal.signal(signal.SIGALRM, _too_long)
    killed: list[int] = []
    failed: list[int] = []
    for place, source in enumerate(cells):
        for number, mutant in enumerate(mutants):
            if place == min(mutant, default=None) and not failed:
                rest = {later: mutant.get(later, cells[later]) for later in range(place, len(cells))}
                if _is_killed(rest, tests, namespace, prepare, order):
                    killed.append(number)
        signal.alarm(order["cell_seconds"])
        if not _run(source, place, namespace, prepare) and place in tests:
            failed.append(place)
        signal.alarm(0)
    json.dump({"failed": failed, "killed": killed}, answer)
    answer.close()


def _too_long(*_: object) -> None:
    raise TimeoutError("the cell ran too long")


def _namespace(cells: list[str]) -> tuple[dict[str, Any], Any]:
    """Return the names of a fresh `__main__`, and what makes Python of a cell's text."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    if not any(NEEDS_IPYTHON.search(cell) for cell in cells):
        return module.__dict__, str
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    shell = InteractiveShell.instance(user_module=module)
    # %matplotlib asks for it, and there is no window here.
    shell.enable_gui = lambda *_, **__: None  # type: ignore[method-assign]  # IPython's own kernels override it
    module.__dict__.update(get_ipython=lambda: shell, display=display)
    return module.__dict__, shell.transform_cell


def _run(source: str, place: int, namespace: dict[str, Any], prepare: Any) -> bool:
    """Execute a cell; return whether it came to its end."""
    name = f"<cell {place + 1}>"
    try:
        text = prepare(source)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(ast.parse(text), name, "exec"), namespace)  # noqa: S102 - the author's own code, as a kernel does
    except BaseException:  # noqa: BLE001 - whatever stops a cell, SystemExit too, is its failure
        return False
    return True


def _is_killed(
    cells: dict[int, str], tests: set[int], namespace: dict[str, Any], prepare: Any, order: dict[str, Any]
) -> bool:
    """Run the cells from a mutant on in a process of its own; return whether a test notices the mutant."""
    with tempfile.TemporaryDirectory(dir=order["scratch"]) as folder:
        shutil.copytree(os.getcwd(), folder, dirs_exist_ok=True)  # noqa: PTH109 - the standard library's plain way
        child = os.fork()
        if child == 0:
            os.setsid()
            os.chdir(folder)
            resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(order["seconds"])
            for place, source in cells.items():
                if not _run(source, place, namespace, prepare) and place in tests:
                    os._exit(1)
            os._exit(SURVIVED)
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status) != SURVIVED


if __name__ == "__main__":
    main()
