"""Where a job tells the hub on which port its server listens: one integer, once, from a pending start."""

import json
from typing import Any

from jupyterhub.apihandlers import (  # type: ignore[import-untyped]  # jupyterhub has no types
    APIHandler,
    default_handlers,
)
from tornado.web import HTTPError

PATH = "/api/aula/port"
STOCK_PATH = "/api/batchspawner"

_MOST_BYTES = 1000
_EXPECTED = 'Send exactly {"port": N}, with N a whole number from 1024 to 65535.'


class PortHandler(APIHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Takes the port of a server that is starting."""

    def post(self) -> None:
        """Note the port, or say what was wrong and change nothing."""
        token = self.get_auth_token()
        owner = self.current_user
        if token is None or owner is None or not hasattr(owner, "spawners"):
            raise HTTPError(403, "Only a server that is starting may report a port, with its own token.")
        spawner = next((one for one in owner.spawners.values() if _issued(one, token)), None)
        if spawner is None:
            raise HTTPError(403, "This token is not the token of a server that is starting.")
        port = checked_port(self.request.body)
        if spawner.pending not in ("spawn", "check"):
            raise HTTPError(400, "This server is not starting. Nothing was changed.")
        if spawner.reported_port:
            raise HTTPError(400, "This start has reported its port already. Nothing was changed.")
        spawner.take_port(port)
        self.log.info("Server %s reported port %s", spawner._log_name, port)
        self.set_status(200)
        self.finish(json.dumps({"message": "port noted"}))


def _issued(spawner: Any, token: str) -> bool:
    """Tell whether the spawner is one of ours and its present start was given this token."""
    issued = getattr(spawner, "issued", None)
    return issued is not None and bool(issued(token))


def checked_port(body: bytes) -> int:
    """Return the port in the body, or raise an HTTP 400 that says what was expected."""
    if len(body) > _MOST_BYTES:
        raise HTTPError(400, f"The message is too long. {_EXPECTED}")
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise HTTPError(400, f"The message is not JSON. {_EXPECTED}") from error
    if not isinstance(pairs, _Pairs) or len(pairs) != 1 or pairs[0][0] != "port":
        raise HTTPError(400, _EXPECTED)
    port = pairs[0][1]
    if type(port) is not int or not 1024 <= port <= 65535:
        raise HTTPError(400, _EXPECTED)
    return port


class _Pairs(list[tuple[str, Any]]):
    """The keys and values of a JSON object as they were sent, repeated keys included."""


def replace_stock_endpoint() -> None:
    """Take batchspawner's endpoint, which sets any attribute that is sent, away; put ours in its place."""
    default_handlers[:] = [one for one in default_handlers if one[0] not in (STOCK_PATH, PATH)]
    default_handlers.append((PATH, PortHandler))
