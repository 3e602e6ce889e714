"""The hand-in service's word about what somebody handed in: the portal reads it for them, with its own token."""

import asyncio
import json
import logging
import tarfile
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.netutil import ssl_options_to_context

from aula.web.hand_in.asker import FOR

log = logging.getLogger("aula.portal")
AT_ONCE, ANSWERS_S = 32, 8.0
"""Questions to the service at the same time: a class opens its page together; and how long one may take."""
REMEMBERED = 5000
CERTIFICATE, KEY, AUTHORITIES = "tls.crt", "tls.key", "clients.crt"


@dataclass(frozen=True)
class Points:
    """Points as they were published."""

    score: float
    maximum: float
    penalty: float

    @property
    def total(self) -> float:
        """What counts: the score, less what being late costs."""
        return max(0.0, self.score - self.penalty)


@dataclass(frozen=True)
class HandIn:
    """Something that was handed in; `late` is None where nobody knows when it was due."""

    number: int
    at: datetime
    late: timedelta | None
    pages: tuple[str, ...]
    points: Points | None


@dataclass(frozen=True)
class Attempts:
    """How often somebody may hand in, None where there is no limit, and has."""

    allowed: int | None
    used: int


@dataclass(frozen=True)
class LateRule:
    """What being late costs."""

    percent_per_day: float
    most_percent: float
    grace_minutes: int


@dataclass(frozen=True)
class Assignment:
    """An assignment that is released, as one person has it; None stands for what the service does not know."""

    name: str
    due: datetime | None
    extended: bool
    accepted_until: datetime | None
    attempts: Attempts | None
    late_rule: LateRule | None
    hand_ins: tuple[HandIn, ...]

    def hand_in(self, number: int) -> HandIn | None:
        """Return one by its number."""
        return next((one for one in self.hand_ins if one.number == number), None)


@dataclass(frozen=True)
class Told:
    """What the service told: when, by its clock, and the assignments by name."""

    now: datetime | None
    assignments: dict[str, Assignment]


class HandIns:
    """Asks the service. What it says is remembered for some seconds, and asked for once by all who wait for it."""

    def __init__(
        self, address: str, token: str, tls: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.address, self._token, self._tls, self._clock = address, token, tls, clock
        self._client: AsyncHTTPClient | None = None
        self._known: OrderedDict[tuple[str, str], tuple[float, asyncio.Task[Told | None]]] = OrderedDict()

    async def of(self, run: str, student: str, *, seconds: float = 3) -> Told | None:
        """Return what a person has in a run, not older than so many seconds; None where the service does not answer."""
        at, task = self._known.get((run, student), (0.0, None))
        if task is None or (task.done() and at < self._clock() - seconds):
            task = asyncio.create_task(self._told(run, student))
            self._known[run, student] = (self._clock(), task)
            self._known.move_to_end((run, student))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return await asyncio.shield(task)

    async def page(self, run: str, student: str, assignment: str, number: int, name: str) -> bytes | None:
        """Return a page of feedback; None where there is none, or the service does not answer."""
        answer = await self._ask(f"runs/{run}/assignments/{assignment}/submissions/{number}/feedback", student)
        if answer is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(None, partial(_of_tar, answer.body, name))

    async def receipt(self, run: str, student: str, assignment: str, number: int) -> bytes | None:
        """Return a receipt; None where there is none, or the service does not answer."""
        answer = await self._ask(f"runs/{run}/assignments/{assignment}/submissions/{number}/receipt", student)
        return answer.body if answer else None

    async def _told(self, run: str, student: str) -> Told | None:
        answer = await self._ask(f"runs/{run}/assignments", student)
        try:
            return told(json.loads(answer.body)) if answer else None
        except (ValueError, KeyError, TypeError) as error:
            log.error("The hand-in service says what is not understood: %s", error)
            return None

    async def _ask(self, path: str, student: str) -> HTTPResponse | None:
        if not self.address:
            return None
        request = HTTPRequest(
            f"{self.address}{path}",
            headers={"Authorization": f"token {self._token}", FOR: student},
            connect_timeout=ANSWERS_S,
            request_timeout=ANSWERS_S,
            ssl_options=self._context(),
        )
        self._client = self._client or AsyncHTTPClient(force_instance=True, max_clients=AT_ONCE)
        try:
            return await self._client.fetch(request)
        except HTTPClientError as error:
            if error.code != 404:
                log.error("The hand-in service does not answer: %s", error)
        except OSError as error:
            log.error("The hand-in service cannot be reached: %s", error)
        return None

    def _context(self) -> Any:
        """Return who we are and whom we believe, under internal TLS."""
        if self._tls is None:
            return None
        files = {"certfile": self._tls / CERTIFICATE, "keyfile": self._tls / KEY, "ca_certs": self._tls / AUTHORITIES}
        return ssl_options_to_context({key: str(path) for key, path in files.items()}, server_side=False)

    def close(self) -> None:
        """Ask nothing any more."""
        for _, task in self._known.values():
            task.cancel()
        if self._client:
            self._client.close()


def told(said: dict[str, Any]) -> Told:
    """Return what the service said. Raises KeyError, TypeError, ValueError where it is something else."""
    return Told(_moment(said.get("now")), {one["name"]: _assignment(one) for one in said["assignments"]})


def _assignment(said: dict[str, Any]) -> Assignment:
    attempts, rule = said.get("attempts"), said.get("late_rule")
    return Assignment(
        said["name"],
        _moment(said.get("due")),
        bool(said.get("extended")),
        _moment(said.get("accepted_until")),
        attempts and Attempts(attempts["allowed"], attempts["used"]),
        rule and LateRule(rule["percent_per_day"], rule["most_percent"], rule["grace_minutes"]),
        tuple(_hand_in(one) for one in sorted(said["submissions"], key=lambda one: int(one["number"]))),
    )


def _hand_in(said: dict[str, Any]) -> HandIn:
    late, points = said.get("late"), said.get("points")
    return HandIn(
        said["number"],
        datetime.fromisoformat(said["at"]),
        None if late is None else timedelta(seconds=late),
        tuple(sorted(said["feedback"])),
        points and Points(points["score"], points["max_score"], points["late_penalty"]),
    )


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


def _of_tar(archive: bytes, name: str) -> bytes | None:
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        found = next((one for one in tar if one.isreg() and one.name == name), None)
        file = found and tar.extractfile(found)
        return file.read() if file else None
