"""A proxy that only remembers its routes; nothing listens."""

from datetime import UTC, datetime
from typing import Any

from jupyterhub.proxy import Proxy


class NoProxy(Proxy):
    """Remembers what it is told."""

    should_start = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known: dict[str, dict[str, Any]] = {}

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        """Remember a route, and when it was last used: nothing ever comes through it."""
        noted = {"last_activity": datetime.now(UTC).isoformat()}
        self.known[routespec] = {"routespec": routespec, "target": target, "data": {**data, **noted}}

    async def delete_route(self, routespec: str) -> None:
        """Forget a route."""
        self.known.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, dict[str, Any]]:
        """Return the routes."""
        return self.known
