"""What stands between an assignment's markers, and what is released of a cell."""

import re

from nbformat import NotebookNode

from aula import marks

SECRETS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
MARKER = re.compile(r"^\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)\s*$")


def secrets(cell: NotebookNode) -> dict[str, list[str]]:
    """Return the lines of a cell that trainees may not see, by the marker that says so."""
    found, rest = of(cell.source)
    if marks.of(cell).get("solution") and "SOLUTION" not in found:
        found["SOLUTION"] = rest
    return found


def visible(cell: NotebookNode) -> list[str]:
    """Return the lines of a cell that are released."""
    found, rest = of(cell.source)
    return [] if marks.of(cell).get("solution") and "SOLUTION" not in found else rest


def of(source: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the lines inside markers, by marker, and all others."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    inside: str | None = None
    for line in source.splitlines():
        if marker := MARKER.match(line):
            inside = marker[2] if marker[1] == "BEGIN" else None
            found.setdefault(marker[2], [])
        else:
            (found[inside] if inside else rest).append(line)
    return found, rest
