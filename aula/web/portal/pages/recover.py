"""A new password by a link that an operator has sent."""

from typing import ClassVar

from aula.locale import message
from aula.people import recoveries
from aula.people.errors import PeopleError
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page, SaidError
from aula.web.portal.pages.join import AGAIN, PASSWORD
from aula.web.portal.pages.register import AT_ONCE

FIELDS = (PASSWORD, AGAIN)


class Recover(Page):
    """The form for a new password. Whether the link can be used is told only to who sends one."""

    address = "/recover/{token}"
    operations: ClassVar = {
        "get": Operation("Show the form for a new password", public=True),
        "post": Operation("Set a new password by a recovery link", public=True, fields=FIELDS),
    }

    async def get(self, token: str) -> None:
        """Show it."""
        self._ask(token)

    async def post(self, token: str) -> None:
        """Set the password, and lead to the hub's sign-in."""
        if not self.portal.local_accounts:
            raise SaidError(404, message("Passwords are not kept here. Sign in with your organisation's account."))
        if self.form["password"] != self.form["again"]:
            self._ask(token, status=400, wrong=message("The two passwords are not the same."))
            return
        try:
            async with AT_ONCE:
                name = await self.guess(
                    lambda session, _: recoveries.redeem(session, token, self.form["password"]).name
                )
        except PeopleError as error:
            self._ask(token, status=400, wrong=error)
            return
        self.go_to_hub("login", username=name, next=self.portal.prefix)

    def _ask(self, token: str, *, status: int = 200, wrong: object = None) -> None:
        self.show("recover.html", status=status, token=token, fields=FIELDS, wrong=wrong and self.say(wrong))
