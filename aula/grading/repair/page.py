"""The page that shows an instructor what was mended in what somebody handed in; nothing of it is markup."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aula.grading.repair import difference
from aula.grading.repair.change import Change

NAME = "repaired.html"
"""What it is called, beside the graded notebook."""
MOST = 200
"""Changes that are shown."""
ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "html"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def of(assignment: str, student: str, changes: Sequence[Change]) -> str:
    """Return the page; empty where nothing was mended."""
    if not changes:
        return ""
    rows = [{"change": change, "lines": difference.lines(change)} for change in changes[:MOST]]
    return ENVIRONMENT.get_template(NAME).render(
        assignment=assignment, student=student, rows=rows, more=max(0, len(changes) - MOST)
    )
