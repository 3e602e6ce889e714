"""What the formgrader's server tells of the class: asked once for all who look, and anew when something has changed."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from aula.web.aula_formgrader.glances import GlanceError, Glances
from aula.web.aula_formgrader.portal import is_right

COUNTS = """
import pathlib, sys
counter = pathlib.Path(sys.argv[1])
counter.write_text(counter.read_text() + "x")
print(len(counter.read_text()), *sys.argv[2:])
"""


@pytest.fixture
def counter(tmp_path: Path) -> Path:
    """Return a file that counts how often it was asked."""
    made = tmp_path / "counter"
    made.write_text("")
    return made


def test_many_who_look_are_one_question(counter: Path, tmp_path: Path) -> None:
    """It is asked once, for all at once and for who comes soon after; other words are another question."""
    book = tmp_path / "gradebook.db"

    async def look() -> list[bytes]:
        glances = Glances([sys.executable, "-c", COUNTS, str(counter)], [str(book)])
        both = await asyncio.gather(glances.look(), glances.look())
        return [*both, await glances.look(), await glances.look("--alike", "sums")]

    assert asyncio.run(look()) == [b"1\n", b"1\n", b"1\n", b"2 --alike sums\n"]


def test_what_changed_is_read_anew(counter: Path, tmp_path: Path) -> None:
    """A file that is watched appears, changes its size or its time; or it is told to forget."""
    book = tmp_path / "gradebook.db"

    async def look() -> list[bytes]:
        glances = Glances([sys.executable, "-c", COUNTS, str(counter)], [str(book)])
        found = [await glances.look()]
        book.write_text("a")
        found.append(await glances.look())
        os.utime(book, (0, 0))
        found.append(await glances.look())
        glances.forget()
        return [*found, await glances.look()]

    assert asyncio.run(look()) == [b"1\n", b"2\n", b"3\n", b"4\n"]


def test_a_failure_is_told_and_not_kept() -> None:
    """Why it failed is said, and the next one asks again; a command that is not there is one that failed."""
    failing = Glances([sys.executable, "-c", "import sys; sys.exit('aula: no gradebook')"], [])

    async def look(glances: Glances) -> None:
        for _ in range(2):
            with pytest.raises(GlanceError, match=r"no gradebook|nonexistent"):
                await glances.look()

    asyncio.run(look(failing))
    asyncio.run(look(Glances(["/nonexistent/aula"], [])))


def test_without_a_key_nobody_is_let_in() -> None:
    """The key must be there, and be the same."""
    assert is_right("k1", {"AULA_PORTAL_KEY": "k1"})
    assert not is_right("k2", {"AULA_PORTAL_KEY": "k1"})
    assert not is_right("", {"AULA_PORTAL_KEY": ""})
    assert not is_right("", {})
