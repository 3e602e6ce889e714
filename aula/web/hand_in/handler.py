"""What every address of the hand-in service has in common."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from http.client import responses
from types import TracebackType
from typing import IO, Any, TypeVar

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from aula.submissions.errors import HandInError
from aula.submissions.given import Given
from aula.submissions.store import Store
from aula.web.hand_in.asker import FOR, Asker
from aula.web.hand_in.said import SaidError, answer_to

log = logging.getLogger("aula.hand_in")
Result = TypeVar("Result")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CHUNK = 256 * 1024
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    500: "Something went wrong, and it has been noted. Try again in a minute.",
}


class Handler(RequestHandler):
    """Answers in JSON, and does its work in threads."""

    def set_default_headers(self) -> None:
        """Let nothing be kept, guessed or shown."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    @property
    def store(self) -> Store:
        """What was handed in."""
        found: Store = self.settings["store"]
        return found

    @property
    def given(self) -> Given:
        """What is released, and feedback."""
        found: Given = self.settings["given"]
        return found

    async def do(self, work: Callable[..., Result], *arguments: Any, threads: str = "threads") -> Result:
        """Do something with files in a thread, and return its result. Raises SaidError for what is to be told."""
        pool: Executor = self.settings[threads]
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
        except (HandInError, OSError) as error:
            raise answer_to(error) from error

    async def send(self, archive: IO[bytes]) -> None:
        """Answer with an archive, a piece after the other."""
        with archive:
            self.set_header("Content-Type", "application/x-tar")
            self.set_header("Content-Length", str(archive.seek(0, 2)))
            archive.seek(0)
            while piece := await self.do(archive.read, CHUNK):
                self.write(piece)
                await self.flush()
        await self.finish()

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer with words."""
        error = details.get("exc_info", (None, None, None))[1]
        if isinstance(error, SaidError):
            message = error.message
        else:
            message = WORDS.get(status_code, f"{responses.get(status_code, 'This does not work')}.")
        self.finish({"message": message})

    def log_exception(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note what nobody foresaw; what was said to who asked needs no note, nor that they are gone."""
        if not isinstance(value, HTTPError | StreamClosedError):
            super().log_exception(kind, value, trace)


class Missing(Handler):
    """Every address that there is not."""

    def prepare(self) -> None:
        """Say so."""
        raise HTTPError(404)


class OfRun(Handler):
    """An address of a course run: only for who is in it."""

    asker: Asker

    async def prepare(self) -> None:
        """Find out who asks. Raises SaidError where they are not in the run."""
        headers = self.request.headers
        self.asker = await self.settings["askers"].of(headers.get("Authorization", ""), headers.get(FOR))
        if self.asker.reads and self.request.method != "GET":
            raise SaidError(403, "The portal may read for others, and nothing else.")
        run = self.path_kwargs["run"]
        if not self.asker.is_in(run):
            raise SaidError(403, f"You are not in the course run {run}. Join it first.")
