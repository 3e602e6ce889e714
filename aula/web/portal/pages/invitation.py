"""Inviting to a run: a new code, shown once, with a link and a QR code to print; and taking an invitation back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import segno
from markupsafe import Markup
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, companies, invitations
from aula.people.errors import NotYoursError
from aula.people.invitations import MOST_DAYS, MOST_USES
from aula.people.tables import Person, Role
from aula.people.values import NAME
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.page import Page

ROLE = Field("role", message("They join as"), choices=tuple(role.value for role in Role))
COMPANY = Field("company", message("Company"), required=False, pattern=NAME.pattern)
USES = Field("uses", message("For how many people"), type="number", least=1, most=MOST_USES)
DAYS = Field("days", message("Valid for how many days"), type="number", least=1, most=MOST_DAYS)
INVITATION = {field.name: field for field in (ROLE, COMPANY, USES, DAYS)}


@dataclass(frozen=True)
class Made:
    """A new invitation with its code."""

    run: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    code: str
    role: str
    company: str
    uses: int
    expires: datetime


def invite(session: Session, person: Person | None, name: str, form: dict[str, object]) -> Made:
    """Make an invitation, in a role that the person may invite to."""
    run, rights = access.to_invite(session, person, name)
    if form["role"] not in rights.invites:
        raise NotYoursError(access.NOT_YOURS)
    company = companies.get(session, str(form["company"])) if form["company"] else None
    invitation, code = invitations.invite(
        session, run, role=str(form["role"]), company=company, uses=int(str(form["uses"])), days=int(str(form["days"]))
    )
    return Made(
        run.name,
        run.title,
        run.starts,
        run.ends,
        run.time_zone,
        code,
        invitation.role,
        company.full_name if company else "",
        invitation.uses,
        invitation.expires,
    )


def picture(link: str) -> Markup:
    """Return the QR code of a link as SVG; all of it is ours."""
    drawn = segno.make(link, error="m").svg_inline(border=2, dark="#000", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by segno of our own link


class MakeInvitation(Page):
    """The printable page of a new invitation."""

    address = "/runs/{run}/invitation"
    operations: ClassVar = {
        "post": Operation("Make an invitation, and show its code this once", fields=tuple(INVITATION.values()))
    }

    async def post(self, run: str) -> None:
        """Make it, and show it."""
        made = await self.work(lambda session, person: invite(session, person, run, self.form))
        link = f"{self.portal.public_url.rstrip('/')}{self.portal.base}/join/{made.code}"
        self.show("invitation.html", made=made, link=link, picture=picture(link))


class RevokeInvitation(Page):
    """Taking an invitation back."""

    address = "/runs/{run}/invitations/{number}/revoke"
    operations: ClassVar = {"post": Operation("Take an invitation back")}

    async def post(self, run: str, number: str) -> None:
        """Take it back, and show the run again."""

        def revoke(session: Session, person: Person | None) -> None:
            invitations.revoke(session, access.to_invitation(session, person, run, int(number)).id)

        await self.work(revoke)
        self.go(f"/runs/{run}")
