"""A new account for somebody who has a joining code and no identity provider; and the page that greets them."""

import asyncio
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import registration
from aula.people.errors import PeopleError, RefusedError
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page, SaidError
from aula.web.portal.pages.join import REGISTRATION, Joining, Offer, look

COOKIE, COOKIE_S = "aula-new", 10 * 60
AT_ONCE = asyncio.Semaphore(2)
"""Hashing a password takes some 50 ms of a core."""


class Register(Joining):
    """The form for a new account."""

    address = "/join/{code}/register"
    operations: ClassVar = {"post": Operation("Make an account and join by a code", public=True, fields=REGISTRATION)}

    async def post(self, code: str) -> None:
        """Make the account; only where local accounts are allowed, and for somebody who has none."""
        if not self.portal.local_accounts:
            raise SaidError(404, message("Accounts are not made here. Sign in with your organisation's account."))
        if self.name is not None:
            raise SaidError(400, message("You are signed in already. Sign out to make another account."))
        try:
            offer = await self.guess(lambda session, person: look(session, person, code))
        except RefusedError as error:
            self.ask(status=400, wrong=error)
            return
        if self.form["password"] != self.form["again"]:
            self._again(code, offer, message("The two passwords are not the same."))
            return
        try:
            async with AT_ONCE:
                name = await self.attempt(lambda session, _: self._register(session, code))
        except PeopleError as error:
            self._again(code, offer, error)
            return
        self.forget_code()
        self.set_secure_cookie(
            COOKIE, name, expires_days=None, max_age=COOKIE_S, path=self.portal.prefix, **self.cookie_flags
        )
        self.go("/welcome")

    def _register(self, session: Session, code: str) -> str:
        person = registration.register(
            session,
            code,
            full_name=self.form["full_name"],
            email=self.form["email"],
            language=self.language,
            password=self.form["password"],
        )
        return person.name

    def _again(self, code: str, offer: Offer, wrong: object) -> None:
        """Show the form again with what was written, but for the passwords."""
        given: dict[str, Any] = {"full_name": self.form["full_name"], "email": self.form["email"] or ""}
        self.offer(code, offer, status=400, wrong=wrong, **given)


class Welcome(Page):
    """What a new person must know: the name they sign in by."""

    address = "/welcome"
    operations: ClassVar = {"get": Operation("Show a new person the name that they sign in by", public=True)}

    async def get(self) -> None:
        """Show it to the browser that made the account, for a few minutes."""
        name = self.get_secure_cookie(COOKIE, max_age_days=1)
        if name is None:
            self.go("/")
            return
        self.show("welcome.html", new_name=name.decode())
