"""The log as a table for people: who changed what."""

from aula.audit.reading import Entry, Reading, Step, shown

HEADER = ("when (UTC)", "who", "through", "student", "assignment", "cell", "what", "from", "to", "submission")


def rows(reading: Reading, student: str = "", assignment: str = "") -> list[dict[str, object]]:
    """Return what was changed, the oldest first: of all, or of a student or an assignment."""
    return [
        _row(entry, step)
        for entry in reading.entries
        for step in entry.steps
        if student in ("", step.key.student) and assignment in ("", step.key.assignment)
    ]


def table(found: list[dict[str, object]]) -> list[tuple[str, ...]]:
    """Return these as rows of text, the header first."""
    return [HEADER, *(_texts(row) for row in found)]


def _row(entry: Entry, step: Step) -> dict[str, object]:
    key = step.key
    return {
        "seq": entry.seq,
        "at": entry.at,
        "who": entry.who,
        "through": "taken over" if entry.kind == "begin" else entry.through,
        "version": entry.version,
        **key._asdict(),
        "from": step.before,
        "to": step.after,
        "submission": entry.submissions.get((key.student, key.assignment), ""),
    }


def _texts(row: dict[str, object]) -> tuple[str, ...]:
    names = ("who", "through", "student", "assignment", "cell")
    values = [shown(value if isinstance(value, float | str) else None) for value in (row["from"], row["to"])]
    what, digest = str(row["field"]).replace("_", " "), str(row["submission"])[:12]
    return (str(row["at"])[:19], *(str(row[name]) or "-" for name in names), what, *values, digest or "-")
