"""The hub's word about the servers of a run's trainees, and what the portal asks it to do with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tornado.web import HTTPError

from aula.web.portal.page import AWAY, SaidError


@dataclass(frozen=True)
class Server:
    """How somebody's server stands: stopped, starting, ready, stopping or failed."""

    state: str = "stopped"
    said: str = ""
    since: datetime | None = None
    used: bool = False

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Server":
        """Return what the hub told."""
        since = told.get("since")
        moment = datetime.fromtimestamp(since, UTC) if since else None
        return cls(told["state"], told.get("said", ""), moment, bool(told.get("used")))


@dataclass(frozen=True)
class Told:
    """What the hub told: the server of everybody whom it knows, and the profiles that all of them may have."""

    servers: dict[str, Server]
    profiles: list[tuple[str, str]]


class Servers:
    """Asks the hub, with the portal's own token, about the trainees of one run at a time."""

    def __init__(self, hub_auth: Any) -> None:
        self._hub = hub_auth

    async def look(self, run: str, language: str) -> Told:
        """Return how all stand, by one question."""
        told = await self._ask("GET", run, params={"language": language})
        servers = {name: Server.of(one) for name, one in told["servers"].items()}
        return Told(servers, [(one["name"], one["title"]) for one in told["profiles"]])

    async def start(self, run: str, names: Iterable[str], profile: str | None) -> None:
        """Start the servers that are not there: of one profile, or of each one's last choice if the course fits in."""
        await self._ask("POST", run, json={"names": list(names), **({"profile": profile} if profile else {})})

    async def stop_unused(self, run: str, names: Iterable[str]) -> None:
        """Have the servers stopped that nobody has used."""
        await self._ask("DELETE", run, json={"names": list(names)})

    async def _ask(self, method: str, run: str, **more: Any) -> Any:
        address = f"{self._hub.api_url}/aula/groups/nbgrader-{run}/servers"
        try:
            return await self._hub._api_request(method, address, **more)
        except HTTPError as error:
            raise SaidError(503, AWAY) from error
