"""Handing in: what comes is unpacked and checked while it comes, then kept, and answered with a receipt."""

import asyncio
import hashlib
import logging
import shutil
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tornado.http1connection import HTTP1Connection
from tornado.web import stream_request_body

from aula.submissions.checks import check
from aula.submissions.errors import DamagedError
from aula.submissions.limits import MOST_BYTES
from aula.submissions.receipts import Receipt
from aula.submissions.store import May
from aula.submissions.unpacking import Unpacker
from aula.web.hand_in.handler import OfRun
from aula.web.hand_in.said import SaidError

log = logging.getLogger("aula.hand_in")
MOST_BODY = MOST_BYTES + 4_000_000
"""Bytes of an archive: its files, and what it says about them."""
MOST_READ = 2 * MOST_BODY
"""Bytes of a body that are taken in, so that its sender reads why it is refused; who sends more is cut off."""
LONGEST_LENGTH = 12
"""Digits of a Content-Length that is worth reading."""
LARGE = 500_000
"""Bytes of an archive above which it waits for its like only: reading it takes long, and much memory."""
AT_ONCE = 4
"""Hand-ins of one person at the same time."""
DIGEST = "X-Aula-Digest"


@stream_request_body
class Submissions(OfRun):
    """Where hand-ins of an assignment are sent."""

    def initialize(self) -> None:
        """Begin with nothing: a request can end at any moment."""
        self._turn = asyncio.Lock()
        self._sum = hashlib.sha256()
        self._received = 0
        self._refused: SaidError | None = None
        self._room: Path | None = None
        self._unpacker: Unpacker | None = None
        self._counted = False

    async def prepare(self) -> None:
        """Look whether anything can be accepted, before any of it is taken. Raises SaidError."""
        if isinstance(self.request.connection, HTTP1Connection):
            self.request.connection.set_max_body_size(MOST_READ)
        await super().prepare()
        if self.request.method != "POST":
            raise SaidError(405, "Hand in with POST.")
        if self.request.headers.get("Content-Encoding", "identity") != "identity":
            raise SaidError(415, "Send the archive as it is, without compression.")
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise SaidError(400, "The Content-Length is no number.")
        if len(length) > LONGEST_LENGTH or int(length) > MOST_BODY:
            raise SaidError(413, f"This is over {MOST_BYTES // 1_000_000} MB. Hand in less.")
        if self._busy[self.asker.name] >= AT_ONCE:
            raise SaidError(429, "You are handing in already. Wait until that is done, then try again.")
        self._busy[self.asker.name] += 1
        self._counted = True
        await self.do(self._begin, self.path_kwargs["run"], self.path_kwargs["assignment"])

    async def data_received(self, chunk: bytes) -> None:
        """Take a piece. After a refusal the rest is read all the same: else nobody reads the reason."""
        async with self._turn:
            try:
                await self.do(self._feed, chunk)
            except SaidError as error:
                self._refused = error

    async def post(self, run: str, assignment: str) -> None:
        """Keep what has come, and answer with its receipt."""
        at = datetime.now(UTC)
        async with self._turn:
            threads = "large" if self._received > LARGE else "threads"
            receipt = await self.do(self._accept, run, assignment, at, threads=threads)
        log.info("%s %s %s %s %s", run, self.asker.name, assignment, receipt.number, receipt.digest)
        self.set_status(201)
        await self.finish(receipt.model_dump())

    def on_finish(self) -> None:
        """Clear away what is not kept."""
        self._end()

    def on_connection_close(self) -> None:
        """Clear away what will not become whole."""
        super().on_connection_close()
        self._end()

    @property
    def _busy(self) -> Counter[str]:
        found: Counter[str] = self.settings["busy"]
        return found

    def _begin(self, run: str, assignment: str) -> None:
        self.given.notebooks(run, assignment)
        at = datetime.now(UTC)
        self.store.check_often(run, self.asker.name, assignment, at, self._may(run, assignment, at))
        self._room = self.store.room(run)
        self._unpacker = Unpacker(self._room)

    def _feed(self, chunk: bytes) -> None:
        self._sum.update(chunk)
        self._received += len(chunk)
        if self._unpacker and self._refused is None:
            self._unpacker.feed(chunk)

    def _accept(self, run: str, assignment: str, at: datetime) -> Receipt:
        if self.request.headers.get(DIGEST, self._sum.hexdigest()) != self._sum.hexdigest():
            raise DamagedError("what came is not what was sent: it was damaged on its way: send it again")
        if self._refused:
            raise self._refused
        if self._room is None or self._unpacker is None:
            raise SaidError(503, "The connection ended too early. Try again.")
        self._unpacker.finish()
        check(self._room, self.given.notebooks(run, assignment))
        may = self._may(run, assignment, at)
        return self.store.accept(run, self.asker.name, assignment, self._room, at, may)

    def _may(self, run: str, assignment: str, at: datetime) -> May:
        """Return what asks the terms of today whether the asker may hand in once more; without terms they may."""
        found = self.given.terms(run)
        if found is None or assignment not in found.assignments:
            return lambda _: None
        return partial(found.assignments[assignment].check, self.asker.name, at=at, zone=found.time_zone)

    def _end(self) -> None:
        if self._counted:
            self._counted = False
            self._busy[self.asker.name] -= 1
            if not self._busy[self.asker.name]:
                del self._busy[self.asker.name]
        if self._room:
            tasks: set[asyncio.Task[None]] = self.settings["tasks"]
            task = asyncio.ensure_future(self._clear())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _clear(self) -> None:
        async with self._turn:
            room, self._room = self._room, None
            if self._unpacker:
                self._unpacker.close()
            if room:
                await self.do(shutil.rmtree, room, True)
