"""Which language each person wishes for, as people's database said when they were last looked at."""

import asyncio
import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from aula.locale import COOKIE, choose
from aula.people import persons
from aula.people.database import Database
from aula.people.errors import PeopleError

_log = logging.getLogger(__name__)


class Wishes:
    """Everybody's own language: noted whenever the hub asks the database who somebody is, so that no page asks it."""

    def __init__(self, database: str) -> None:
        self._database = Database(database)
        self._own: dict[str, str | None] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "Wishes":
        """Stay one: JupyterHub copies its configuration."""
        del memo
        return self

    def note(self, name: str, language: str | None) -> None:
        """Note what the database says of somebody."""
        self._own[name] = language

    def of(self, name: str) -> str | None:
        """Return a person's own language, None where they have none, or it was not read yet."""
        return self._own.get(name)

    def language_of(self, handler: Any) -> str:
        """Return the language to answer a request in."""
        # A request that fails before JupyterHub knows whose it is has an answer too.
        user: Any = getattr(handler, "_jupyterhub_user", None)
        own = self.of(user.name) if hasattr(user, "spawners") else None
        return choose(handler.get_cookie(COOKIE), handler.request.headers.get("Accept-Language"), own)

    async def keep(self, name: str, language: str) -> None:
        """Make a language a person's own."""
        try:
            await asyncio.to_thread(_keep, self._database, name, language)
            self.note(name, language)
        except (PeopleError, SQLAlchemyError) as error:
            _log.warning("The language of %s is kept in their browser only: %s", name, error)


def _keep(database: Database, name: str, language: str) -> None:
    with database.session(actor=name) as session:
        persons.choose(session, persons.get(session, name), language=language)
