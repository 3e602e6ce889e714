"""Where the portal's work with the database is done: in threads, one transaction a page."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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

        def whole() -> Result:
            with self.database.session(actor=actor or REGISTRATION) as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._threads, whole)

    def close(self) -> None:
        """End the threads and let go of the database."""
        self._threads.shutdown()
        self.database.close()
