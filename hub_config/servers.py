"""What a person's server is given before it starts: an account, and the lessons and kernels of their runs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from aula.locale import message
from aula.people import workplaces
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError
from hub_config.said import SaidError
from hub_config.settings import HubSettings

Hook = Callable[[Any], Awaitable[None]]
UNREADABLE = message("The records of courses cannot be read at the moment, so nothing was started. Tell the operator.")


def before_start(settings: HubSettings) -> Hook:
    """Return the hook that JupyterHub runs before each start. A person in no open run, or without account, is refused.

    It is a function and no method: JupyterHub copies its configuration, and would copy a database along.
    """
    people = Database(settings.people_database)

    def look_up(name: str) -> workplaces.Workplace:
        with people.reading() as session:
            return workplaces.of(session, name)

    async def hook(spawner: Any) -> None:
        try:
            found = await asyncio.to_thread(look_up, spawner.user.name)
        except RefusedError as refusal:
            raise SaidError(403, refusal.args[0]) from refusal
        except (PeopleError, SQLAlchemyError) as error:
            spawner.log.error("No server for %s: %s", spawner.user.name, error)
            raise SaidError(503, UNREADABLE) from error
        spawner.unix_account = found.account
        spawner.lessons = [f"{settings.lessons_dir}/{run}" for run in found.runs]
        spawner.kernel_paths = [f"{settings.kernels_dir}/{run}" for run in found.runs]

    return hook
