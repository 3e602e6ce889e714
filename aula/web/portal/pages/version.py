"""The journal's version, which the machine's keeper polls to see whether something has changed."""

from typing import ClassVar

from aula.locale import message
from aula.people import journal
from aula.web.portal.address import is_loopback
from aula.web.portal.declaration import Operation
from aula.web.portal.page import Page, SaidError, same


class Version(Page):
    """Answered to this machine, and to the portal's own token only."""

    address = "/version"
    operations: ClassVar = {
        "get": Operation("Say how far the journal is, to the machine that the portal runs on", kind="text/plain")
    }

    async def prepare(self) -> None:
        """Refuse everybody else. The hub is not asked: it may be down when the keeper looks."""
        direct = is_loopback(self.request.remote_ip or "") and "X-Forwarded-For" not in self.request.headers
        given = self.request.headers.get("Authorization", "")
        if not direct or not same(given, f"token {self.portal.api_token}") or self.request.method != "GET":
            raise SaidError(403, message("This is for the machine itself."))

    async def get(self) -> None:
        """Say it."""
        version = await self.work(lambda session, _: journal.version(session))
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{version}\n")
