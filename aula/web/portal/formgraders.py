"""What a course run's formgrader tells the portal about the class, and what the portal has it do.

Each formgrader knows the portal by a key of its own: who works as one run's account learns nothing of the others'.
"""

import hashlib
import hmac
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.web import HTTPError

from aula.glance.alike import Alike
from aula.glance.model import Class
from aula.locale import message
from aula.web.portal.page import AWAY, SaidError, log

SILENT = message("This course run's formgrader does not answer at the moment. Try again in a minute.")
PATIENCE_S = 130
"""Comparing the answers of hundreds takes a while."""
Told = TypeVar("Told", bound=BaseModel)


class Batch(BaseModel):
    """How far the grading of an assignment is, or the release of its feedback."""

    model_config = ConfigDict(frozen=True)

    kind: str = ""
    """`grade` or `feedback`; nothing where neither was asked for since the formgrader began."""
    running: bool = False
    success: bool = False
    done: int = 0
    of: int = 0
    lines: tuple[str, ...] = ()


def key(secret: str, run: str) -> str:
    """Return the key by which a run's formgrader knows the portal."""
    return hmac.new(secret.encode(), run.encode(), hashlib.sha256).hexdigest()


class Formgraders:
    """Asks them; where each is, the hub knows. What they say is checked: they run as other accounts."""

    def __init__(self, hub_auth: Any, secret: str) -> None:
        self._hub, self._secret = hub_auth, secret

    async def look(self, run: str) -> Class:
        """Return the class. Raises SaidError, as all do."""
        return await self._ask("GET", run, "class", Class)

    async def alike(self, run: str, assignment: str) -> Alike:
        """Return the answers that look alike."""
        return await self._ask("GET", run, f"assignment/{assignment}/alike", Alike)

    async def batch(self, run: str, assignment: str) -> Batch:
        """Return how far what was asked for last is."""
        return await self._ask("GET", run, f"assignment/{assignment}/batch", Batch)

    async def grade(self, run: str, assignment: str, actor: str) -> Batch:
        """Have all graded that was handed in, for who asks."""
        return await self._ask("POST", run, f"assignment/{assignment}/grade", Batch, actor)

    async def feedback(self, run: str, assignment: str, actor: str) -> Batch:
        """Have the feedback of all released who are graded, for who asks."""
        return await self._ask("POST", run, f"assignment/{assignment}/feedback", Batch, actor)

    async def _ask(self, method: str, run: str, what: str, kind: type[Told], actor: str = "") -> Told:
        request = HTTPRequest(
            f"{await self._address(run)}/services/{run}/formgrader/api/aula/{what}",
            method,
            {"X-Aula-Key": key(self._secret, run), "X-Aula-Actor": actor},
            b"" if method == "POST" else None,
            request_timeout=PATIENCE_S,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            return kind.model_validate_json(answer.body)
        except (HTTPClientError, OSError, ValidationError) as error:
            log.error("the formgrader of %s: %s: %s", run, what, error)
            raise SaidError(503, SILENT) from error

    async def _address(self, run: str) -> str:
        """Return where a run's formgrader listens."""
        try:
            told = await self._hub._api_request("GET", f"{self._hub.api_url}/services/{run}", allow_403=True)
        except HTTPError as error:
            raise SaidError(503, AWAY) from error
        if not told or not told.get("url"):
            raise SaidError(503, SILENT)
        return str(told["url"]).rstrip("/")
