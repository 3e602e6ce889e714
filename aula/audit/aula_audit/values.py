"""The values that the log watches: what of a gradebook makes up a mark, each by the names that people know."""

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

Value = float | str | None
EXTENDED = "extended_until"
"""Until when a student has longer than all: the one value of theirs that is there without a submission."""
Execute = Callable[[str, tuple[Any, ...]], Iterable[Any]]
"""Runs a statement of SQLite with its parameters, and returns the rows."""


class Key(NamedTuple):
    """Whose and what a value is; "" for what it does not depend on."""

    student: str
    assignment: str
    notebook: str
    cell: str
    field: str


@dataclass(frozen=True)
class Part:
    """One table of nbgrader's, and how the names of its rows are found."""

    fields: tuple[str, ...]
    texts: bool
    """Whether its values are texts, which the log holds the hash of."""
    every: str
    """The query of all its rows: student, assignment, notebook, cell, then the fields."""
    one: str
    """What is added to it, to get some rows by their ids."""


_CHOSEN = ".id IN (SELECT value FROM json_each(?))"
_OF_A_CELL = """
    JOIN base_cell c ON c.id = it.cell_id JOIN submitted_notebook sn ON sn.id = it.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    JOIN notebook n ON n.id = sn.notebook_id JOIN assignment a ON a.id = sa.assignment_id"""
_WORTH = """
    JOIN base_cell c ON c.id = it.id JOIN notebook n ON n.id = c.notebook_id
    JOIN assignment a ON a.id = n.assignment_id"""


def _part(table: str, names: str, fields: tuple[str, ...], joins: str = "", *, texts: bool = False) -> Part:
    columns = ", ".join([names, *(f"it.{one}" for one in fields)])
    return Part(fields, texts, " ".join(["SELECT", columns, "FROM", table, "it", joins]), " WHERE it" + _CHOSEN)


_CELL, _AUTHORS = "sa.student_id, a.name, n.name, c.name", "'', a.name, n.name, c.name"
PARTS: Mapping[str, Part] = {
    "grade": _part("grade", _CELL, ("auto_score", "manual_score", "extra_credit"), _OF_A_CELL),
    "comment": _part("comment", _CELL, ("auto_comment", "manual_comment"), _OF_A_CELL, texts=True),
    "submitted_notebook": _part(
        "submitted_notebook",
        "sa.student_id, a.name, n.name, ''",
        ("late_submission_penalty",),
        "JOIN submitted_assignment sa ON sa.id = it.assignment_id JOIN assignment a ON a.id = sa.assignment_id "
        "JOIN notebook n ON n.id = it.notebook_id",
    ),
    "submitted_assignment": _part(
        "submitted_assignment",
        "it.student_id, a.name, '', ''",
        ("timestamp", "extension"),
        "JOIN assignment a ON a.id = it.assignment_id",
    ),
    "grade_cells": _part("grade_cells", _AUTHORS, ("max_score",), _WORTH),
    "task_cells": _part("task_cells", _AUTHORS, ("max_score",), _WORTH),
    "assignment": _part("assignment", "'', it.name, '', ''", ("duedate",)),
    "aula_extension": _part("aula_extension", "it.student, it.assignment, '', ''", (EXTENDED,)),
}
"""By the name of the table. The last is ours, and not in every gradebook."""


def read(execute: Execute, ids: Mapping[str, Collection[str]] | None = None) -> dict[Key, Value]:
    """Return all values of a gradebook that are set; or those of some rows, by table and id."""
    found: dict[Key, Value] = {}
    there = {str(name) for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'", ())}
    for table, part in PARTS.items():
        if table not in there:
            continue
        if ids is None:
            rows = execute(part.every, ())
        elif chosen := ids.get(table):
            rows = execute(part.every + part.one, (json.dumps(sorted(chosen)),))
        else:
            continue
        for row in rows:
            student, assignment, notebook, cell, *values = row
            for field, kept in zip(part.fields, values, strict=True):
                if (value := _plain(kept, part.texts)) is not None:
                    found[Key(str(student), assignment, notebook, cell, field)] = value
    return found


def _plain(value: object, text: bool) -> Value:
    """Return a value of the gradebook as the log writes it."""
    if value is None:
        return None
    if text:
        return f"sha256:{sha256(str(value).encode()).hexdigest()}"
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return value if isinstance(value, str) else repr(value)
