"""Comments and regrade requests: who may make, read, answer and withdraw them, and how many."""

import pytest
from sqlalchemy.orm import Session

from aula.people import access, enrolments, journal, persons, requests, runs
from aula.people.database import Database
from aula.people.errors import NotYoursError, PeopleError, RefusedError
from aula.people.tables import Person, Request

RUN = "hpc-lisbon"


@pytest.fixture
def course(people: Database) -> Database:
    """Ana learns in Lisbon, Inês teaches there; Bora learns in Izmir."""
    with people.session() as session:
        for run, name, role in ((RUN, "ana", "trainee"), (RUN, "ines", "instructor"), ("hpc-izmir", "bora", "trainee")):
            enrolments.enrol(session, runs.get(session, run), persons.get(session, name), role=role)
    return people


def asked(session: Session, kind: str = "regrade", text: str = "Why?") -> Request:
    """Let Ana ask."""
    run, ana = runs.get(session, RUN), persons.get(session, "ana")
    return requests.ask(session, run, ana, "sums", 2, kind=kind, text=text, notebook="sums", points=3.5)


def named(session: Session, name: str) -> Person:
    """Return somebody."""
    return persons.get(session, name)


def test_what_is_asked_is_answered_and_read(course: Database) -> None:
    """It waits for an answer, has one, and is unseen until its maker looks; each step stands in the journal."""
    with course.session(actor="ana") as session:
        made = asked(session, text=" Line one\r\nline two ").id
    with course.session(actor="ines") as session:
        run, ines = runs.get(session, RUN), named(session, "ines")
        assert requests.open_in(session, run) == 1
        requests.answer(session, access.to_request(session, ines, RUN, made), ines, "You are right.", "changed")
        assert requests.open_in(session, run) == 0
    with course.session(actor="ana") as session:
        ana, run = named(session, "ana"), runs.get(session, RUN)
        assert requests.unseen(session, [ana, named(session, "bora")]) == {
            ana.id: {RUN: 1},
            named(session, "bora").id: {},
        }
        (one,) = requests.of_person(session, run, ana)
        assert (one.text, one.answer, one.outcome, one.answerer and one.answerer.name, one.points) == (
            "Line one\nline two",
            "You are right.",
            "changed",
            "ines",
            3.5,
        )
        requests.look(session, run, ana)
        assert requests.unseen(session, [ana]) == {ana.id: {}}
        noted = [(one.actor, one.what) for one in journal.everything(session)[-2:]]
    assert noted == [
        ("ana", f"regrade {made} of ana on sums, hand-in 2"),
        ("ines", f"regrade {made} of ana answered, mark changed"),
    ]


def test_each_sees_their_own_and_staff_sees_all(course: Database) -> None:
    """Others are told that there is nothing: those of another run, those who have left, and nobody."""
    with course.session() as session:
        made = asked(session).id
        ana, ines, bora = (named(session, name) for name in ("ana", "ines", "bora"))
        assert access.to_own_request(session, ana, RUN, made).id == made
        assert access.to_request(session, ines, RUN, made).id == made
        for person in (ines, bora, None):
            with pytest.raises(NotYoursError):
                access.to_own_request(session, person, RUN, made)
        for person, run in ((ana, RUN), (bora, RUN), (None, RUN), (ines, "hpc-izmir")):
            with pytest.raises(NotYoursError):
                access.to_request(session, person, run, made)
        enrolments.leave(session, runs.get(session, RUN), ana)
        with pytest.raises(NotYoursError):
            access.to_own_request(session, ana, RUN, made)


def test_withdrawn_while_it_is_open(course: Database) -> None:
    """Staff does not see it any more, it cannot be answered; what has an answer cannot be withdrawn."""
    with course.session() as session:
        run, ines, first, second = runs.get(session, RUN), named(session, "ines"), asked(session), asked(session)
        requests.withdraw(session, requests.withdraw(session, first))
        assert [one.id for one in requests.of_run(session, run)] == [second.id]
        with pytest.raises(RefusedError, match="was withdrawn"):
            requests.answer(session, first, ines, "No.", "stays")
        requests.answer(session, second, ines, "No.", "stays")
        for again in (
            lambda: requests.answer(session, second, ines, "Yes.", "changed"),
            lambda: requests.withdraw(session, second),
        ):
            with pytest.raises(RefusedError, match="has an answer"):
                again()


def test_an_outcome_is_a_marks(course: Database) -> None:
    """A comment has none, and a regrade request is not answered without."""
    with course.session() as session:
        ines = named(session, "ines")
        for kind, outcome in (("comment", "stays"), ("regrade", None)):
            with pytest.raises(RefusedError, match="whether the mark changes"):
                requests.answer(session, asked(session, kind), ines, "No.", outcome)
        assert requests.answer(session, asked(session, "comment"), ines, "Thanks.").answered


def test_open_ones_come_first(course: Database) -> None:
    """The oldest of them first, since it waits longest; of the others the latest."""
    with course.session() as session:
        run, ines = runs.get(session, RUN), named(session, "ines")
        made = [asked(session, "comment") for _ in range(4)]
        for one in made[:2]:
            requests.answer(session, one, ines, "Thanks.")
        assert [one.id for one in requests.of_run(session, run)] == [made[index].id for index in (2, 3, 1, 0)]


def test_nobody_asks_without_end(course: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many wait for an answer, so many are made within a day, withdrawn ones too; none in an archived run."""
    monkeypatch.setattr(requests, "MOST_OPEN", 2)
    monkeypatch.setattr(requests, "MOST_A_DAY", 3)
    with course.session() as session:
        first, _ = asked(session), asked(session)
        with pytest.raises(RefusedError, match="2 of your requests wait"):
            asked(session)
        requests.withdraw(session, first)
        requests.withdraw(session, asked(session))
        with pytest.raises(RefusedError, match="3 requests within a day"):
            asked(session)
        runs.archive(session, RUN)
        with pytest.raises(RefusedError, match="archived"):
            asked(session)


def test_the_text_is_plain_and_short(course: Database) -> None:
    """Invisible characters, nothing, and too much are refused."""
    for text in ("", " \n ", "x" * 2001, "bell\x07", "turned\u202earound", "tab\there"):
        with course.session() as session, pytest.raises(PeopleError, match="at most 2000 characters of plain text"):
            asked(session, text=text)
