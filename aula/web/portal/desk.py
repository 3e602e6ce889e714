"""Where the portal's work with the database is done: in threads, one transaction a page."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from aula.people.database import Database

Result = TypeVar("Result")
REGISTRATION = "portal: registration"
"""Who stands in the journal for what somebody does who is nobody yet. No person can have this name."""


class Desk:
    """Does one piece of work in one transaction. SQLite has one writer at a time, and so one thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        single = database.url.get_backend_name() == "sqlite"
        self._threads = ThreadPoolExecutor(1 if single else 4, thread_name_prefix="people")

    async def do(self, actor: str | None, work: Callable[[Session], Result]) -> Result:
        """Run the work as an actor's doing, and return what it returns."""

        return await self._within(lambda: self.database.session(actor=actor or REGISTRATION), work)

    async def look(self, work: Callable[[Session], Result]) -> Result:
        """Run work that only reads, and return what it returns."""
        return await self._within(self.database.reading, work)

    async def _within(
        self, opened: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], Result]
    ) -> Result:
        def whole() -> Result:
            with opened() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._threads, whole)

    def close(self) -> None:
        """End the threads and let go of the database."""
        self._threads.shutdown()
        self.database.close()


class Together(Generic[Result]):
    """One way of looking into the database, for all who wait for it: who comes meanwhile is in the next look.

    When a class begins, hundreds ask in the same second, and a look for many takes hardly longer than one for one.
    """

    def __init__(self, desk: Desk, look: Callable[[Session, Sequence[str]], Mapping[str, Result]]) -> None:
        self._desk, self._look = desk, look
        self._waiting: dict[str, asyncio.Future[Result | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def of(self, name: str | None) -> Result | None:
        """Return what a look that begins after this call finds for a person; None where it finds nothing."""
        if name is None:
            return None
        if name not in self._waiting:
            self._waiting[name] = asyncio.get_running_loop().create_future()
        mine = self._waiting[name]
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._serve())
        return await asyncio.shield(mine)

    async def _serve(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            await self._tell(waiting)

    async def _tell(self, waiting: Mapping[str, asyncio.Future[Result | None]]) -> None:
        try:
            found = await self._desk.look(lambda session: self._look(session, list(waiting)))
        except Exception as error:  # noqa: BLE001  each who waits is told
            for one in waiting.values():
                one.set_exception(error)
        else:
            for name, one in waiting.items():
                one.set_result(found.get(name))
