"""All course runs, for operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aula.people import access, companies, runs
from aula.people.tables import Enrolment, Person, RunState
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page


@dataclass(frozen=True)
class Row:
    """A run in the list."""

    name: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    open: bool
    ready: bool
    people: int


def look(session: Session, person: Person | None) -> tuple[list[Row], list[tuple[str, str]]]:
    """Return all runs, and all companies, for operators."""
    access.to_every_run(person)
    counted = select(Enrolment.run_id, func.count()).where(Enrolment.left.is_(None)).group_by(Enrolment.run_id)
    people: dict[int, int] = {run: number for run, number in session.execute(counted)}
    rows = [
        Row(
            run.name,
            run.title,
            run.starts,
            run.ends,
            run.time_zone,
            run.state == RunState.OPEN,
            run.content is not None,
            people.get(run.id, 0),
        )
        for run in runs.everyone(session)
    ]
    return rows, [(one.name, one.full_name) for one in companies.everyone(session)]


class Runs(Page):
    """The list."""

    address = "/runs"
    operations: ClassVar = {"get": Operation("Show all course runs")}

    async def get(self) -> None:
        """Show it."""
        rows, all_companies = await self.work(look)
        self.show("runs.html", runs=rows, companies=all_companies)
