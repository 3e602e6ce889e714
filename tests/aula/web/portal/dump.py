"""All that a database holds, to compare what was there before and after."""

from typing import Any

from sqlalchemy import select

from aula.people.database import Database
from aula.people.tables import Table

Rows = dict[str, list[dict[str, Any]]]


def dump(database: Database) -> Rows:
    """Return every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Table.metadata.sorted_tables
        }


def without(rows: Rows, name: str) -> Rows:
    """Return the rows without what one person may change by themselves: their own choices, and what they did."""
    mine = next(row["id"] for row in rows["person"] if row["name"] == name)
    own = {"language", "time_zone"}
    return {
        **rows,
        "person": [
            {key: value for key, value in row.items() if row["id"] != mine or key not in own} for row in rows["person"]
        ],
        "request": [row for row in rows["request"] if row["person_id"] != mine],
        "change": [row for row in rows["change"] if row["actor"] != name],
    }
