"""Where a job tells the hub on which port its server listens, or why it does not, once; and when it has to end."""

import asyncio
import json
from typing import Any

from jupyterhub.apihandlers import (  # type: ignore[import-untyped]  # jupyterhub has no types
    APIHandler,
    default_handlers,
)
from tornado.web import HTTPError

from aula_spawner.lifetime import ANEW, ENDED

PATH = "/api/aula/port"
FAILURE_PATH = "/api/aula/failure"
END_PATH = "/api/aula/end"
STOCK_PATH = "/api/batchspawner"

_MOST_BYTES = 1000
_EXPECTED = 'Send exactly {"port": N}, with N a whole number from 1024 to 65535.'
_MOST_LOG_BYTES = 20_000
_EXPECTED_LOG = 'Send exactly {"log": "…"}, the end of the server\'s log.'
_EXPECTED_END = f'Send exactly {{"why": "…"}}, with one of {", ".join(ENDED)}.'
_LOG_LINES, _LOG_COLUMNS = 20, 300
_STOPPING_S = 0.2


class StartHandler(APIHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Hears of a server that is starting from its own job."""

    def starting(self) -> Any:
        """Return the spawner whose start was given the request's token; refuse everybody else."""
        token = self.get_auth_token()
        owner = self.current_user
        if token is None or owner is None or not hasattr(owner, "spawners"):
            raise HTTPError(403, "Only a server that is starting may report here, with its own token.")
        spawner = next((one for one in owner.spawners.values() if _issued(one, token)), None)
        if spawner is None:
            raise HTTPError(403, "This token is not the token of a server that is starting.")
        return spawner

    def noted(self, what: str) -> None:
        """Answer that it was noted."""
        self.set_status(200)
        self.finish(json.dumps({"message": f"{what} noted"}))


class PortHandler(StartHandler):
    """Takes the port of a server that is starting."""

    def post(self) -> None:
        """Note the port, or say what was wrong and change nothing."""
        spawner = self.starting()
        port = checked_port(self.request.body)
        if spawner.pending not in ("spawn", "check"):
            raise HTTPError(400, "This server is not starting. Nothing was changed.")
        if spawner.reported_port:
            self.log.warning("%s reported port %s after %s", spawner._log_name, port, spawner.reported_port)
            raise HTTPError(400, "This start has reported its port already. Nothing was changed.")
        spawner.take_port(port)
        self.log.info("Server %s reported port %s", spawner._log_name, port)
        self.noted("port")


class FailureHandler(StartHandler):
    """Takes the end of the log of a server that could not start; nobody but its owner gets to read it."""

    def post(self) -> None:
        """Note it, once, or say what was wrong and change nothing."""
        spawner = self.starting()
        log = checked_log(self.request.body)
        if spawner.pending not in ("spawn", "check") or spawner.last_words:
            raise HTTPError(400, "This server is not starting, or has said already why it failed.")
        spawner.last_words = log
        self.noted("failure")


class EndHandler(StartHandler):
    """Stops a server that runs, as it wishes itself, and keeps why; where its owner wished so, starts it anew."""

    async def post(self) -> None:
        """Note the reason and stop the server. Its own connection ends with it: the answer comes first."""
        spawner = self.starting()
        why = checked_end(self.request.body)
        if spawner.pending or not spawner.ready:
            raise HTTPError(400, "This server does not run. Nothing was changed.")
        spawner.ended = ENDED[why]
        self.log.info("Server %s asks to be stopped: %s", spawner._log_name, why)
        self.noted("end")
        await self.stop_single_user(spawner.user, spawner.name)
        if why == ANEW:
            while spawner.pending:
                await asyncio.sleep(_STOPPING_S)
            await self.spawn_single_user(spawner.user, spawner.name)


def _issued(spawner: Any, token: str) -> bool:
    """Tell whether the spawner is one of ours and its present start was given this token."""
    issued = getattr(spawner, "issued", None)
    return issued is not None and bool(issued(token))


def checked_port(body: bytes) -> int:
    """Return the port in the body, or raise an HTTP 400 that says what was expected."""
    port = only(body, "port", _MOST_BYTES, _EXPECTED)
    if type(port) is not int or not 1024 <= port <= 65535:
        raise HTTPError(400, _EXPECTED)
    return port


def checked_log(body: bytes) -> str:
    """Return the last lines of the log in the body, as plain text; raise an HTTP 400 for anything else."""
    log = only(body, "log", _MOST_LOG_BYTES, _EXPECTED_LOG)
    if not isinstance(log, str):
        raise HTTPError(400, _EXPECTED_LOG)
    lines = ["".join(one if one.isprintable() else " " for one in line) for line in log.split("\n")]
    return "\n".join([line.rstrip()[:_LOG_COLUMNS] for line in lines if line.strip()][-_LOG_LINES:])


def checked_end(body: bytes) -> str:
    """Return the reason in the body, or raise an HTTP 400 that says what was expected."""
    why = only(body, "why", _MOST_BYTES, _EXPECTED_END)
    if not isinstance(why, str) or why not in ENDED:
        raise HTTPError(400, _EXPECTED_END)
    return why


def only(body: bytes, key: str, most: int, expected: str) -> Any:
    """Return the value of the one key that a body may have."""
    if len(body) > most:
        raise HTTPError(400, f"The message is too long. {expected}")
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise HTTPError(400, f"The message is not JSON. {expected}") from error
    if not isinstance(pairs, _Pairs) or len(pairs) != 1 or pairs[0][0] != key:
        raise HTTPError(400, expected)
    return pairs[0][1]


class _Pairs(list[tuple[str, Any]]):
    """The keys and values of a JSON object as they were sent, repeated keys included."""


_OURS = {PATH: PortHandler, FAILURE_PATH: FailureHandler, END_PATH: EndHandler}


def replace_stock_endpoint() -> None:
    """Take batchspawner's endpoint, which sets any attribute that is sent, away; put ours in its place."""
    default_handlers[:] = [one for one in default_handlers if one[0] not in (STOCK_PATH, *_OURS)]
    default_handlers.extend(_OURS.items())
