"""Looks into the database for many at once: each gets their own, fresh, and what goes wrong."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from aula.people.database import Database
from aula.web.portal.desk import Desk, Together


class Looks:
    """A look that notes for whom it was made, and that a test can hold."""

    def __init__(self) -> None:
        self.made: list[list[str]] = []
        self.go_on = threading.Event()
        self.fails = False

    def __call__(self, session: Session, names: Sequence[str]) -> dict[str, str]:
        """Return a greeting for each but strangers."""
        del session
        self.made.append(sorted(names))
        self.go_on.wait(10)
        if self.fails:
            raise LookupError("no database")
        return {name: f"Hello {name}, look {len(self.made)}" for name in names if name != "stranger"}


@pytest.fixture
def looks() -> Looks:
    """A look."""
    return Looks()


@pytest.fixture
def together(empty: Database, looks: Looks) -> Together[str]:
    """The desk at which it is made."""
    empty.upgrade()
    return Together(Desk(empty), looks)


async def waiting(together: Together[str], *names: str) -> list["asyncio.Task[str | None]"]:
    """Let people ask, and give what they ask for time to begin."""
    tasks = [asyncio.create_task(together.of(name)) for name in names]
    await asyncio.sleep(0.05)
    return tasks


async def test_who_comes_meanwhile_is_in_the_next_look(together: Together[str], looks: Looks) -> None:
    """One look serves all who waited for it, and nobody gets what was read before they asked."""
    first = await waiting(together, "ana")
    rest = await waiting(together, "ana", "bora", "bora", "stranger")
    looks.go_on.set()
    assert await asyncio.gather(*first) == ["Hello ana, look 1"]
    assert await asyncio.gather(*rest) == ["Hello ana, look 2", "Hello bora, look 2", "Hello bora, look 2", None]
    assert looks.made == [["ana"], ["ana", "bora", "stranger"]]
    assert await together.of(None) is None


async def test_what_goes_wrong_is_told_to_each(together: Together[str], looks: Looks) -> None:
    """A look that fails fails for all who waited for it, and for nobody after them."""
    looks.go_on.set()
    looks.fails = True
    answers = await asyncio.gather(together.of("ana"), together.of("bora"), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["no database", "no database"]
    looks.fails = False
    assert await together.of("ana") == "Hello ana, look 2"
