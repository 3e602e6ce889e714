"""A course run for those who look after it: who is in it, and who was invited."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.people import access, companies, enrolments, invitations, requests
from aula.people.access import RunRights
from aula.people.tables import CourseRun, Enrolment, Invitation, Person, RunState, now
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page
from aula.web.portal.pages.invitation import INVITATION


@dataclass(frozen=True)
class Member:
    """Somebody in a run."""

    name: str
    full_name: str
    company: str
    role: str
    joined: datetime
    removable: bool

    @classmethod
    def of(cls, enrolment: Enrolment, rights: RunRights) -> "Member":
        """Return a row of the roster."""
        person, company = enrolment.person, enrolment.company
        return cls(
            person.name,
            person.full_name,
            company.full_name if company else "",
            enrolment.role,
            enrolment.joined,
            enrolment.role in rights.invites,
        )


@dataclass(frozen=True)
class Invited:
    """An invitation, without its code, which nobody can look up."""

    number: int
    role: str
    company: str
    uses: int
    used: int
    expires: datetime
    state: str
    revocable: bool

    @classmethod
    def of(cls, invitation: Invitation, rights: RunRights) -> "Invited":
        """Return a row of the list of invitations."""
        state = "open"
        if invitation.revoked is not None:
            state = "revoked"
        elif invitation.expires <= now():
            state = "expired"
        elif invitation.used >= invitation.uses:
            state = "used"
        return cls(
            invitation.id,
            invitation.role,
            invitation.company.full_name if invitation.company else "",
            invitation.uses,
            invitation.used,
            invitation.expires,
            state,
            state in ("open", "used") and invitation.role in rights.invites,
        )


@dataclass(frozen=True)
class RunView:
    """What the page shows of a run."""

    name: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    open: bool
    ready: bool
    grades: bool
    invites: tuple[str, ...]
    members: list[Member]
    invited: list[Invited]
    companies: list[tuple[str, str]]
    requests: int


def look(session: Session, person: Person | None, name: str) -> RunView:
    """Return what somebody may see of a run."""
    run, rights = access.to_run(session, person, name)
    invites = rights.invites if run.state == RunState.OPEN else ()
    return RunView(
        run.name,
        run.title,
        run.starts,
        run.ends,
        run.time_zone,
        run.state == RunState.OPEN,
        run.content is not None,
        rights.grades,
        invites,
        members(session, run, RunRights(invites)),
        [Invited.of(one, RunRights(invites)) for one in reversed(invitations.of_run(session, run))]
        if rights.invites
        else [],
        [(one.name, one.full_name) for one in companies.everyone(session)] if invites else [],
        requests.open_in(session, run),
    )


def members(session: Session, run: CourseRun, rights: RunRights) -> list[Member]:
    """Return the roster, those who look after the run first."""
    order = {"instructor": 0, "tutor": 1, "trainee": 2}
    found = [Member.of(one, rights) for one in enrolments.present(session, run)]
    return sorted(found, key=lambda one: (order[one.role], one.full_name.casefold()))


class Run(Page):
    """The page of one run."""

    address = "/runs/{run}"
    operations: ClassVar = {"get": Operation("Show a course run: who is in it, and who was invited")}

    async def get(self, run: str) -> None:
        """Show it to those who look after it."""
        view = await self.work(lambda session, person: look(session, person, run))
        self.show("run.html", run=view, fields=INVITATION)
