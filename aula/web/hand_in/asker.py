"""Who asks: what the hub says about the token that came with a request."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from jupyterhub.services.auth import HubAuth  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.web import HTTPError

from aula.people.values import NAME
from aula.web.hand_in.said import SaidError
from aula.web.hand_in.settings import HandInSettings

SCOPES = {"access:services!service=hand-in"}
TRAINEES, INSTRUCTORS = "nbgrader-", "formgrade-"
HUB_AT_ONCE = 16
"""How many questions the hub gets at once: who came first is answered first."""
CACHE_S = 60
"""Seconds for which the hub's word about a token counts."""
PORTAL, FOR = "portal", "X-Aula-For"
"""The service that may read for others, and the header in which it names for whom."""
HEADER = re.compile(r"(?:token|bearer) ([!-~]{1,500})", re.IGNORECASE)


@dataclass(frozen=True)
class Asker:
    """A person, by their name at the hub, and the groups that they are in. `reads`: the portal reads for them.

    The portal has looked into the people's database already: who is in a run is its to say then.
    """

    name: str
    groups: frozenset[str] = frozenset()
    reads: bool = False

    def is_in(self, run: str) -> bool:
        """Whether they learn in a course run, or look after it."""
        return self.reads or not self.groups.isdisjoint({TRAINEES + run, INSTRUCTORS + run})


class Askers:
    """Asks the hub who has a token, and remembers it for a minute."""

    def __init__(self, settings: HandInSettings) -> None:
        self._hub = HubAuth(
            api_url=settings.api_url,
            api_token=settings.api_token,
            hub_prefix="/hub/",
            hub_host="",
            access_scopes=SCOPES,
            cache_max_age=CACHE_S,
        )
        self._door = asyncio.Semaphore(HUB_AT_ONCE)

    async def of(self, header: str, reads_for: str | None = None) -> Asker:
        """Return who sends this header; of the portal, for whom it reads. Raises SaidError."""
        found = HEADER.fullmatch(header)
        if not found:
            raise SaidError(401, "There is no token of the hub with this request. Hand in from your server.")
        async with self._door:
            try:
                told = await self._hub.user_for_token(found[1], sync=False)
            except HTTPError as error:
                raise SaidError(503, "The hub does not answer. Nothing was changed. Try again in a minute.") from error
        if told is None:
            raise SaidError(401, "The hub does not know this token. Stop your server, start it, and try again.")
        return self._person(told) if reads_for is None else self._read_for(told, reads_for)

    def _read_for(self, told: dict[str, Any], name: str) -> Asker:
        is_portal = (told["kind"], told["name"]) == ("service", PORTAL)
        if not is_portal or not self._hub.check_scopes(SCOPES, told):
            raise SaidError(403, "Only the portal may read for others.")
        if not NAME.fullmatch(name):
            raise SaidError(400, f"{FOR} holds no name that a person can have.")
        return Asker(name, reads=True)

    def _person(self, told: dict[str, Any]) -> Asker:
        if told["kind"] != "user":
            raise SaidError(403, "Only people can hand in, and this is a service's token.")
        if not self._hub.check_scopes(SCOPES, told):
            raise SaidError(403, "This token is not for handing in. Stop your server, start it, and try again.")
        return Asker(told["name"], frozenset(told.get("groups", ())))
