"""Which language each person wishes for: read from people's database, not once a page but now and then."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from aula.locale import COOKIE, choose
from aula.people import persons
from aula.people.database import Database
from aula.people.errors import PeopleError
from aula.people.tables import Person

_FRESH_S = 20.0
_log = logging.getLogger(__name__)


class Wishes:
    """Everybody's own language. Where the database does not answer, pages are in the browser's."""

    def __init__(self, database: str) -> None:
        self._database = Database(database)
        self._own: Mapping[str, str] = {}
        self._read_at = -_FRESH_S
        self._reading: asyncio.Task[None] | None = None

    def language_of(self, handler: Any) -> str:
        """Return the language to answer a request in."""
        # A request that fails before JupyterHub knows whose it is has an answer too.
        user: Any = getattr(handler, "_jupyterhub_user", None)
        own = self.of(user.name) if hasattr(user, "spawners") else None
        return choose(handler.get_cookie(COOKIE), handler.request.headers.get("Accept-Language"), own)

    def of(self, name: str) -> str | None:
        """Return a person's own language as it was some seconds ago, None where it is not known yet."""
        if self._reading is None and time.monotonic() - self._read_at > _FRESH_S:
            self._reading = asyncio.get_running_loop().create_task(self.read())
        return self._own.get(name)

    async def read(self) -> None:
        """Read everybody's language."""
        try:
            self._own = await asyncio.to_thread(_everybodys, self._database)
        except (PeopleError, SQLAlchemyError) as error:
            _log.warning("People's own languages cannot be read: %s", error)
        finally:
            self._read_at, self._reading = time.monotonic(), None

    async def keep(self, name: str, language: str) -> None:
        """Make a language a person's own."""
        self._own = {**self._own, name: language}
        try:
            await asyncio.to_thread(_keep, self._database, name, language)
        except (PeopleError, SQLAlchemyError) as error:
            _log.warning("The language of %s is kept in their browser only: %s", name, error)


def _everybodys(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {name: language for name, language in session.execute(select(Person.name, Person.language))}


def _keep(database: Database, name: str, language: str) -> None:
    with database.session(actor=name) as session:
        persons.choose(session, persons.get(session, name), language=language)
