"""A run's roster as a file for a spreadsheet."""

import csv
import io
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access
from aula.people.tables import Person
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page
from aula.web.portal.pages.run import members

TITLES = ("name", "full_name", "company", "role", "joined")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def roster(session: Session, person: Person | None, name: str) -> str:
    """Return the roster as CSV, for those who may see the run."""
    run, rights = access.to_run(session, person, name)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(TITLES)
    for one in members(session, run, rights):
        values = (one.name, one.full_name, one.company, one.role, one.joined.isoformat())
        rows.writerow([plain(value) for value in values])
    return text.getvalue()


def plain(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula: people choose their own names."""
    return f"'{value}" if value.startswith(FORMULA) else value


class Roster(Page):
    """The file."""

    address = "/runs/{run}/roster.csv"
    operations: ClassVar = {"get": Operation("Give out a course run's roster", kind="text/csv")}

    async def get(self, run: str) -> None:
        """Give it out."""
        text = await self.work(lambda session, person: roster(session, person, run))
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{run}.csv"')
        self.finish("\ufeff" + text)
