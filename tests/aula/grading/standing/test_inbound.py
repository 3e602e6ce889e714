"""The hand-in service notes each hand-in: the standing job reads on, and what was answered does not come again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aula.grading.standing.inbound import Inbound, key_of
from aula.submissions.keys import Key
from aula.submissions.store import INDEX, HandedIn, Store

RUN, NOW = "small-2026", datetime(2026, 11, 9, 22, 59, tzinfo=UTC)


class Folder:
    """A course run's hand-ins."""

    def __init__(self, top: Path) -> None:
        self.path = top / "handed-in" / RUN
        self.path.mkdir(parents=True)
        self.store = Store(self.path.parent, Key.kept(top / "key"))

    def hand_in(self, student: str, text: str = "", at: datetime = NOW) -> HandedIn:
        """Hand in a text."""
        room = self.store.room(RUN)
        (room / "sums.ipynb").write_text(text)
        receipt = self.store.accept(RUN, student, "sums", room, at)
        return self.store.get(RUN, student, "sums", receipt.number)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a course run's folder without a hand-in."""
    return Folder(tmp_path)


def test_what_is_handed_in_comes_once(folder: Folder) -> None:
    """Before anybody has handed in there is nothing; then each comes, in its order; a second try of one is none."""
    inbound = Inbound(folder.path, [])
    assert inbound.new() == []
    both = [folder.hand_in("ana"), folder.hand_in("bruno")]
    assert inbound.new() == both
    folder.hand_in("bruno", at=NOW + timedelta(seconds=5))
    assert inbound.new() == []
    third = folder.hand_in("ana", "better")
    assert inbound.new() == [third]


def test_what_was_answered_before_a_restart_is_known(folder: Folder) -> None:
    """It does not come again, also where the file of lines is another one."""
    one = folder.hand_in("ana")
    inbound = Inbound(folder.path, [key_of(one)])
    assert inbound.new() == []
    index = folder.path / INDEX
    other = folder.hand_in("bruno")
    lines = index.read_text().splitlines(keepends=True)
    index.rename(folder.path / "before")
    index.write_text("".join(reversed(lines)))
    assert inbound.new() == [other]
    third = folder.hand_in("carla")
    index.write_text(index.read_text().splitlines()[-1] + "\n")
    assert inbound.new() == [third]


def test_a_line_that_is_being_written_comes_when_it_is_whole(folder: Folder) -> None:
    """Half a line is read again."""
    one = folder.hand_in("ana")
    index = folder.path / INDEX
    text = index.read_bytes()
    index.write_bytes(text[:20])
    inbound = Inbound(folder.path, [])
    assert inbound.new() == []
    index.write_bytes(text)
    assert inbound.new() == [one]


def test_a_line_that_says_nothing_is_passed_over(folder: Folder) -> None:
    """Nonsense, and what is not there, keep nobody from a result."""
    index = folder.path / INDEX
    gone = {"student": "carla", "assignment": "sums", "number": 7}
    index.write_text(f"nonsense\n[]\n{{}}\n{json.dumps(gone)}\n{json.dumps({**gone, 'student': '../ana'})}\n")
    one = folder.hand_in("ana")
    assert Inbound(folder.path, []).new() == [one]
