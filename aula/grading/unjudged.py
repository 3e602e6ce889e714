"""Which test cells cannot be judged in a process of their own, why, and how to write them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from nbformat import NotebookNode

from aula.grading.statements import MAGIC, begin, is_test, parsed

PATCHES = {
    "builtins.print": "read what is printed: with contextlib.redirect_stdout(io.StringIO()) as said: ...",
    "builtins.input": "let the trainee's function take the text as an argument, or a function that gives it",
}
LISTS = {"dir", "globals", "locals", "vars"}
FIGURES = {"gcf", "gca", "get_fignums"}
INNARDS = {"__code__", "__globals__", "__closure__", "__dict__", "__defaults__"}


class Unjudged(NamedTuple):
    """A place in a test cell that cannot be judged; the cell and its line are counted from 1."""

    cell: int
    line: int
    sentence: str
    remedy: str


def problems(node: NotebookNode) -> Iterator[Unjudged]:
    """Yield what cannot be judged in the test cells of a source notebook."""
    theirs = set(begin(node).names)
    for number, cell in enumerate(node.cells, start=1):
        if not is_test(cell):
            continue
        for magic in MAGIC.finditer(cell.source):
            line = cell.source.count("\n", 0, magic.start(2)) + 1
            sentence = f"The test uses IPython's '{magic[2].split()[0]}', and tests run in plain Python."
            yield Unjudged(number, line, sentence, "Write it in Python, or move it to a locked cell that is no test.")
        for statement in parsed(cell.source):
            for one in ast.walk(statement):
                for sentence, remedy in _found(one, theirs):
                    yield Unjudged(number, getattr(one, "lineno", 1), sentence, remedy)


def _found(node: ast.AST, theirs: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one piece of a test, and the remedy."""
    if isinstance(node, ast.ClassDef):
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in theirs:
                sentence = f"The test makes a subclass of the trainee's class '{base.id}', which is in another process."
                yield sentence, "Define the subclass in a locked cell that is no test."
    elif isinstance(node, ast.Attribute) and node.attr in INNARDS:
        sentence = f"The test reads '{node.attr}', which does not leave the trainee's process."
        yield sentence, "Use inspect.signature or inspect.getsource, or look at what the function returns."
    elif isinstance(node, ast.Call):
        yield from _called(node)


def _called(node: ast.Call) -> Iterator[tuple[str, str]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    plain = isinstance(node.func, ast.Name)
    if plain and name in LISTS and not node.args:
        sentence = f"The test calls {name}(), which lists the judge's names and not the trainee's."
        yield sentence, "Use the name itself: try: answer; except NameError: ..."
    elif plain and name == "get_ipython":
        yield "The test asks for IPython's shell, and tests run in plain Python.", "Write it in Python."
    elif not plain and name in FIGURES:
        sentence = f"The test calls {name}(), which is the judge's figure and not the trainee's."
        yield sentence, "Let the trainee's function return its axes, and look at these."
    elif name == "patch" and node.args and isinstance(target := node.args[0], ast.Constant):
        where = str(target.value)
        if where.startswith(("builtins.", "__main__.")):
            sentence = f"The test patches '{where}' in its own process, and the trainee's code does not see it."
            yield sentence, PATCHES.get(where, "Bind the name in the test: f = my_own, with f a name of the trainee's.")
