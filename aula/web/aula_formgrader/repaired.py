"""The pages that grading leaves of submissions that it had to repair, and the line that leads to one."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

NAME = "repaired.html"
"""What such a page is called, beside the graded notebook."""
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
BODY = '<div class="panel panel-default">'
"""With what nbgrader's page of a submission begins, below its head."""


def students(autograded: Path, assignment: str) -> Iterator[str]:
    """Yield in whose submissions of an assignment something was repaired."""
    for folder in sorted(autograded.iterdir() if autograded.is_dir() else ()):
        if (folder / assignment / NAME).is_file():
            yield folder.name


def address(base_url: str, assignment: str, student: str) -> str:
    """Return where the page of a submission is."""
    return f"{base_url}/formgrader/aula/repaired/{quote(assignment, safe='')}/{quote(student, safe='')}"


class Noting:
    """nbgrader's exporter of a submission, with a line above one that was repaired."""

    def __init__(self, exporter: Any) -> None:
        self._exporter = exporter

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, Any]:
        """Return its page, as nbgrader's own does."""
        page, more = self._exporter.from_filename(filename, resources=resources)
        if Path(filename).with_name(NAME).is_file():
            where = address(resources["base_url"], resources["assignment_id"], resources["student"])
            link = f'<a href="{escape(where)}" target="_blank" rel="noopener">See what was repaired</a>'
            line = f'<div class="alert alert-warning">What was handed in had to be repaired. {link}</div>'
            page = page.replace(BODY, f"{line}\n{BODY}", 1)
        return page, more
