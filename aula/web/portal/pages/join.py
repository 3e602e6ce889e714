"""Joining: a code, what it leads to, and only then a button that joins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, enrolments, invitations
from aula.people.errors import PeopleError, RefusedError
from aula.people.tables import Invitation, Person
from aula.people.values import RUN_NAME
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.page import Page, answer_to

COOKIE, COOKIE_S = "aula-code", 15 * 60
"""What carries a code through the hub's sign-in."""

CODE = Field(
    "code",
    message("Joining code"),
    hint=message("Twelve letters and digits, as on your invitation."),
    pattern=r"[A-Za-z0-9 -]{1,40}",
    longest=40,
)
FULL_NAME = Field("full_name", message("Full name"), autocomplete="name")
EMAIL = Field(
    "email",
    message("E-mail address (optional)"),
    type="email",
    required=False,
    pattern=r"[^@\s]{1,64}@[A-Za-z0-9.-]{1,190}",
    autocomplete="email",
)
PASSWORD = Field(
    "password",
    message("Password"),
    hint=message("At least 12 characters."),
    type="password",
    longest=1000,
    autocomplete="new-password",
)
AGAIN = Field("again", message("The same password again"), type="password", longest=1000, autocomplete="new-password")
REGISTRATION = (FULL_NAME, EMAIL, PASSWORD, AGAIN)


@dataclass(frozen=True)
class Offer:
    """What a code leads to."""

    run: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    company: str | None
    role: str
    already: bool

    @classmethod
    def of(cls, invitation: Invitation, *, already: bool) -> "Offer":
        """Return what an invitation leads to."""
        run, company = invitation.run, invitation.company
        return cls(
            run.name,
            run.title,
            run.starts,
            run.ends,
            run.time_zone,
            company.full_name if company else None,
            invitation.role,
            already,
        )


def look(session: Session, person: Person | None, code: str) -> Offer:
    """Return what a code leads to. Raise RefusedError."""
    invitation = invitations.look(session, code, person)
    already = person is not None and enrolments.is_in(session, invitation.run, person)
    return Offer.of(invitation, already=already)


class Joining(Page):
    """What the pages about a code share."""

    def forget_code(self) -> None:
        """Take the code out of the browser."""
        if self.get_cookie(COOKIE) is not None:
            self.clear_cookie(COOKIE, path="/")

    def ask(self, *, status: int = 200, wrong: object = None, course: str | None = None) -> None:
        """Show the field for a code."""
        self.show("join.html", status=status, code_field=CODE, wrong=wrong and self.say(wrong), course=course)

    def offer(self, code: str, offer: Offer, *, status: int = 200, wrong: object = None, **given: Any) -> None:
        """Show what a code leads to, and what one can do about it."""
        self.show(
            "offer.html",
            status=status,
            code=code,
            offer=offer,
            wrong=wrong and self.say(wrong),
            fields=REGISTRATION,
            given=given,
            local_accounts=self.portal.local_accounts,
            oidc_name=self.portal.oidc_name,
        )


class Join(Joining):
    """The page with the field for a code."""

    address = "/join"
    operations: ClassVar = {
        "get": Operation(
            "Show the field for a joining code",
            public=True,
            fields=(
                Field("course", message("The course that was asked for"), required=False, pattern=RUN_NAME.pattern),
            ),
        ),
        "post": Operation("Go to what a joining code leads to", public=True, fields=(CODE,)),
    }

    async def get(self) -> None:
        """Show it; who comes from signing in with a code goes on to what it leads to."""
        carried = self.get_cookie(COOKIE)
        if carried and self.name is not None:
            self.forget_code()
            try:
                self.go(f"/join/{CODE.read(carried).replace(' ', '')}")
                return
            except ValueError:  # not a code of ours
                pass
        await self.see_who()
        self.ask(course=self.form["course"])

    async def post(self) -> None:
        """Go to the code's own page: there it is looked at."""
        self.go(f"/join/{self.form['code'].replace(' ', '')}")


class JoinWithCode(Joining):
    """What a code leads to."""

    address = "/join/{code}"
    operations: ClassVar = {
        "get": Operation("Show what a joining code leads to", public=True),
        "post": Operation("Join by a code"),
    }

    async def get(self, code: str) -> None:
        """Show it. Nobody joins by opening a page."""
        try:
            offer = await self.guess(lambda session, person: look(session, person, code))
        except RefusedError as error:
            self.ask(status=400, wrong=error)
            return
        self.offer(code, offer)

    async def post(self, code: str) -> None:
        """Join."""
        try:
            await self.guess(lambda session, person: invitations.join(session, code, access.to_own(person)) and None)
        except RefusedError as error:
            self.ask(status=400, wrong=error)
            return
        except PeopleError as error:
            raise answer_to(error) from error
        self.forget_code()
        self.go("/")


class SignInWithCode(Joining):
    """The way to the hub's sign-in for somebody who has a code."""

    address = "/join/{code}/sign-in"
    operations: ClassVar = {"post": Operation("Go to the hub's sign-in and bring a joining code", public=True)}

    async def post(self, code: str) -> None:
        """Keep the code in the browser, and go."""
        self.set_cookie(COOKIE, code, max_age=COOKIE_S, path="/", **self.cookie_flags)
        self.go_to_hub("login", next=f"{self.portal.base}/")  # from there on to the code, unless it has joined already
