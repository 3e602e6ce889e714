"""Grades for other systems: as CSV, and as the scores of LTI's Assignment and Grade Services."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from aula.audit.aula_audit.values import EXTENDED, Key, Value
from aula.audit.stores import Stores

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell begins that a spreadsheet would compute: a name is never that."""


@dataclass(frozen=True)
class Total:
    """What one student has in one assignment."""

    student: str
    assignment: str
    points: float
    maximum: float
    penalty: float
    complete: bool
    """Whether no person has still to mark some of it."""
    handed_in: str
    changed: str
    """When a mark of it was changed last, by the log; "" where it does not know."""


def totals(found: Stores) -> list[Total]:
    """Return what each has, by student and assignment: nbgrader's points, less what being late costs."""
    most: dict[str, float] = defaultdict(float)
    mine: dict[tuple[str, str], dict[Key, Value]] = defaultdict(dict)
    for key, value in found.values.items():
        if key.field == "max_score":
            most[key.assignment] += _number(value)
        elif key.student and key.field != EXTENDED:
            mine[key.student, key.assignment][key] = value
    steps = [(entry, step.key) for entry in found.reading.entries for step in entry.steps]
    changed = {(key.student, key.assignment): entry.at for entry, key in steps if key.field != EXTENDED}
    return [
        Total(
            *one,
            points=max(0.0, _points(values) - _penalty(values)),
            maximum=most[one[1]],
            penalty=_penalty(values),
            complete=one not in found.waiting,
            handed_in=next((str(value)[:19] for key, value in values.items() if key.field == "timestamp"), ""),
            changed=changed.get(one, ""),
        )
        for one, values in sorted(mine.items())
    ]


def as_csv(found: Stores) -> str:
    """Return a table with a line for each student and assignment."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    header = ("student", "first_name", "last_name", "assignment", "points", "maximum", "late_penalty", "complete")
    table.writerow([*header, "handed_in_utc", "changed_utc"])
    for one in totals(found):
        first, last, _ = found.people.get(one.student, ("", "", ""))
        texts = [_text(text) for text in (one.student, first, last, one.assignment)]
        rest = ["yes" if one.complete else "no", one.handed_in, one.changed[:19]]
        table.writerow([*texts, f"{one.points:g}", f"{one.maximum:g}", f"{one.penalty:g}", *rest])
    return out.getvalue()


def as_lti(found: Stores, run: str) -> str:
    """Return as JSON, for each assignment, a line item and its Score objects, as LTI 1.3 sends them to a platform."""
    items: dict[str, list[Total]] = defaultdict(list)
    for one in totals(found):
        items[one.assignment].append(one)
    said = [
        {
            "label": name,
            "resourceId": f"{run}/{name}",
            "scoreMaximum": all_of_it[0].maximum,
            "scores": list(_scores(found, all_of_it)),
        }
        for name, all_of_it in sorted(items.items())
    ]
    return json.dumps({"run": run, "lineItems": said}, indent=2, ensure_ascii=False) + "\n"


def _scores(found: Stores, all_of_it: list[Total]) -> Iterator[dict[str, object]]:
    """Yield Score objects: the user is who the learning system knows, or else the student's name at the hub."""
    for one in all_of_it:
        yield {
            "userId": found.people.get(one.student, ("", "", ""))[2] or one.student,
            "scoreGiven": one.points,
            "scoreMaximum": one.maximum,
            "activityProgress": "Completed" if one.complete else "Submitted",
            "gradingProgress": "FullyGraded" if one.complete else "PendingManual",
            "timestamp": one.changed or f"{one.handed_in.replace(' ', 'T') or '1970-01-01T00:00:00'}+00:00",
        }


def _points(values: dict[Key, Value]) -> float:
    """Return a submission's points: of each cell a person's, else the program's, and what is given beyond."""
    cells: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for key, value in values.items():
        if key.field in ("auto_score", "manual_score", "extra_credit"):
            cells[key.notebook, key.cell][key.field] = _number(value)
    return sum(
        one.get("manual_score", one.get("auto_score", 0.0)) + one.get("extra_credit", 0.0) for one in cells.values()
    )


def _penalty(values: dict[Key, Value]) -> float:
    return sum(_number(value) for key, value in values.items() if key.field == "late_submission_penalty")


def _number(value: Value) -> float:
    return value if isinstance(value, float) else 0.0


def _text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
