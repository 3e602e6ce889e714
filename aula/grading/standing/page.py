"""The page that a trainee reads right after handing in: what the visible tests say, and what they do not."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aula import marks
from aula.grading.inside.verdict import NEUTRAL
from aula.grading.mark import Graded, Mark
from aula.grading.standing import public
from aula.grading.standing.public import Public

LONGEST = 2000
"""Characters of a reason."""
WARNED = 200
"""Characters of an error in a trainee's own cell."""
MOST_CELLS = 5
ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "html"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def result(known: Public, graded: Graded, at: float, left: int) -> str:
    """Return the page of a hand-in whose visible tests have run; its sender has so many results left."""
    rows = [*_rows(known, graded)]
    passed = sum(row["state"] == "passed" for row in rows)
    summary = f"{passed} of {_count(len(rows), 'visible test')} passed."
    tone = "all" if passed == len(rows) else "some"
    stopped = [] if tone == "all" else [*_stopped(known, graded)]
    notes = [*graded.notes, *stopped[:MOST_CELLS], _left(left)]
    return _page(known, at, summary, tone, rows, notes)


def none(known: Public, at: float, why: str, notes: Sequence[str] = ()) -> str:
    """Return the page of a hand-in that gets no result at once, and why; it is graded all the same."""
    return _page(known, at, why, "none", [], notes)


def _page(
    known: Public, at: float, summary: str, tone: str, rows: Sequence[dict[str, str]], notes: Sequence[str]
) -> str:
    return ENVIRONMENT.get_template("result.html").render(
        assignment=known.template.name,
        at=time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at)),
        summary=summary,
        tone=tone,
        beside=_beside(known),
        rows=rows,
        notes=[_sentence(note) for note in notes],
    )


def _rows(known: Public, graded: Graded) -> Iterator[dict[str, str]]:
    """Yield what is to be told of each test that trainees can see."""
    titles, said = public.headings(known.template.node), _said(graded)
    for cell in public.kinds(known, "test"):
        mark = graded.marks[cell.name]
        points = mark.points or 0.0
        state = "passed" if points == cell.points else "partly" if points else "failed"
        about = [cell.name, _count(cell.points, "point")]
        if cell.name in known.partly:
            about.append("hidden tests come on top")
        yield {
            "state": state,
            "word": {"passed": "Passed", "failed": "Failed", "partly": "In part"}[state],
            "title": titles.get(cell.name) or cell.name,
            "about": ", ".join(about),
            "reason": "" if state == "passed" else _reason(mark, said.get(cell.name, "")),
        }


def _reason(mark: Mark, said: str) -> str:
    """Return the author's words; where there are none, which line of the test it was: trainees have it before them."""
    return (said if mark.reason == NEUTRAL and said else mark.reason)[:LONGEST].strip().removesuffix(":")


def _stopped(known: Public, graded: Graded) -> Iterator[str]:
    """Say which cells of the trainee's own notebook ended with an error: what they define after it is not there."""
    for number, cell in enumerate(graded.node.cells, start=1):
        if marks.of(cell).get("grade_id") in known.template.tests:
            continue
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"cell {number} of your notebook ended with {output.ename}: {output.evalue[:WARNED]}"


def _said(graded: Graded) -> dict[str, str]:
    """Return what each test said that did not pass, by its name."""
    found = {}
    for cell in graded.node.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                found[str(marks.of(cell).get("grade_id"))] = "\n".join(output.traceback)
    return found


def _beside(known: Public) -> str:
    """Say what else counts in the mark."""
    read = len(public.kinds(known, "written")) + len(public.kinds(known, "task"))
    others = []
    if known.partly or known.hidden:
        others.append("hidden tests")
    if read:
        others.append(f"{_count(read, 'answer')} that a person reads")
    counted = f"When it is graded, {' and '.join(others)} count, too. " if others else ""
    return f"{counted}The feedback on the grading takes the place of this page."


def _left(left: int) -> str:
    if not left:
        return "this was your last result at once for this assignment: you can still hand in, and all of it is graded"
    return f"you have {_count(left, 'more result')} at once for this assignment"


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}" if number == 1 else f"{number:g} {what}s"


def _sentence(note: str) -> str:
    text = note.strip()[:LONGEST]
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")
