"""What stands around the markers of a cell: where one was moved, a part of the secret is left there."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from aula import marks, regions

HIDDEN = re.compile(r"(^|[-_])hidden($|[-_])", re.IGNORECASE)
HIDDEN_COMMENT = re.compile(r"^\s*#+\s*hidden tests?\b", re.IGNORECASE | re.MULTILINE)
DOCSTRING = re.compile(r'[rRuU]?("""|\'\'\')')
HEAD = re.compile(r"(async def|def|class|import|from)\b|[@#]")


def problems(node: NotebookNode) -> Iterator[str]:
    """Yield, cell by cell, what a moved or lost marker leaves outside: names the line and the remedy."""
    tested = hides = False
    for number, cell in enumerate(node.cells, start=1):
        said = marks.of(cell)
        found, rest = regions.of(cell.source)
        for name, lines in found.items():
            if not any(line.strip() for line in lines):
                yield f"cell {number}: nothing stands between the markers of {name}: move them around what is secret"
        is_test = cell.cell_type == "code" and bool(said.get("grade")) and not said.get("solution")
        tested, hides = tested or is_test, hides or "HIDDEN TESTS" in found
        outside = _of_a_test(cell, found, rest) if is_test else _of_an_answer(cell) if "SOLUTION" in found else ()
        yield from (f"cell {number}: {sentence}" for sentence in outside)
    if tested and not hides:
        yield "hides none of its tests: put '### BEGIN HIDDEN TESTS' and '### END HIDDEN TESTS' around those of values"


def _of_a_test(cell: NotebookNode, found: dict[str, list[str]], rest: list[str]) -> Iterator[str]:
    """Yield what a test shows, although it is called hidden, or stands below its hidden tests."""
    code = [line.strip() for line in rest if line.strip() and not line.strip().startswith("#")]
    if HIDDEN.search(str(marks.of(cell).get("grade_id", ""))) or HIDDEN_COMMENT.search(cell.source):
        if code or "HIDDEN TESTS" not in found:
            line = f": '{code[0]}'" if code else ""
            yield f"is called hidden, but shows its tests{line}: put '### BEGIN HIDDEN TESTS' above, '### END …' below"
    elif "HIDDEN TESTS" in found and (below := _below(cell.source)):
        yield f"'{below[0].strip()}' stands below its hidden tests: move it above '### BEGIN HIDDEN TESTS', or in"


def _of_an_answer(cell: NotebookNode) -> Iterator[str]:
    """Yield statements at the markers' own level: there the trainee's answer begins, and there it ends."""
    lines = cell.source.splitlines()
    begins = [line for line in lines if (marker := regions.MARKER.match(line)) and marker[1] == "BEGIN"]
    depth = min((_indent(line) for line in begins), default=0)
    inside, docstring, brackets = False, "", 0
    for line in lines:
        text = line.strip()
        if marker := regions.MARKER.match(line):
            inside = marker[1] == "BEGIN"
        elif inside or not text:
            continue
        elif docstring:
            docstring = "" if docstring in text else docstring
        elif opening := DOCSTRING.match(text):
            docstring = opening[1] if text.count(opening[1]) == 1 else ""
        elif brackets or HEAD.match(text):
            brackets += text.count("(") - text.count(")")
        elif _indent(line) >= depth:
            yield (
                f"'{text}' stands beside the solution and would be released: take it in, between the markers, "
                "or give it in a cell of its own"
            )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _below(source: str) -> list[str]:
    """Return the lines of code below the last hidden test."""
    lines = source.splitlines()
    last = max(number for number, line in enumerate(lines) if regions.MARKER.match(line))
    return [line for line in lines[last + 1 :] if line.strip() and not line.strip().startswith("#")]
