"""The terms of assignments: what can be set, who gets longer, and what the journal says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aula.people import enrolments, journal, persons, runs, terms
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError, UnknownError
from aula.people.tables import RunAssignment
from aula.people.terms import Rules

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


@pytest.fixture
def course(people: Database) -> Database:
    """A run with one assignment, a1, and ana in it."""
    with people.session() as session:
        lisbon = runs.get(session, "hpc-lisbon")
        lisbon.assignments = [RunAssignment(name="a1", title="A", points=20, due=DUE)]
        enrolments.enrol(session, lisbon, persons.get(session, "ana"), role="trainee")
    return people


def test_terms_are_changed_and_told(course: Database) -> None:
    """Each value that changes is in the journal, from what to what, and by whom; one that stays is not."""
    wanted = Rules(DUE + timedelta(days=1), DUE + timedelta(days=3), 3, 10.0, 50.0, 15)
    with course.session(actor="ines") as session:
        run = runs.get(session, "hpc-lisbon")
        before = journal.version(session)
        terms.change(session, run, "a1", wanted)
        terms.change(session, run, "a1", wanted)
        told = [(one.actor, one.what) for one in journal.everything(session) if one.id > before]
    with course.session() as session:
        found = terms.assignment(session, runs.get(session, "hpc-lisbon"), "a1")
        assert terms.rules(found) == wanted
        assert found.changed_by == "ines"
    assert told == [
        ("ines", "a1: due: 2026-11-20 22:59 -> 2026-11-21 22:59"),
        ("ines", "a1: accepted_until: none -> 2026-11-23 22:59"),
        ("ines", "a1: attempts: none -> 3"),
        ("ines", "a1: percent_per_day: 0 -> 10"),
        ("ines", "a1: most_percent: 100 -> 50"),
        ("ines", "a1: grace_minutes: 0 -> 15"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted_until": DUE - timedelta(minutes=1)},
        {"attempts": 0},
        {"attempts": terms.MOST_ATTEMPTS + 1},
        {"percent_per_day": -1.0},
        {"percent_per_day": float("nan")},
        {"most_percent": 101.0},
        {"grace_minutes": -1},
    ],
)
def test_what_cannot_be_is_refused(course: Database, wrong: dict[str, object]) -> None:
    """The field is named, and nothing is changed."""
    wanted = replace(Rules(DUE), **wrong)  # type: ignore[arg-type]
    assert list(wanted.wrong()) == list(wrong)
    with course.session() as session, pytest.raises(PeopleError, match=r"a1: .+\."):
        terms.change(session, runs.get(session, "hpc-lisbon"), "a1", wanted)
    with course.session() as session:
        assert terms.rules(terms.assignment(session, runs.get(session, "hpc-lisbon"), "a1")) == Rules(DUE)


def test_one_person_has_longer(course: Database) -> None:
    """An extension is given, changed and taken back; the journal has all three, and the machine is told of it."""
    with course.session(actor="ines") as session:
        run, ana = runs.get(session, "hpc-lisbon"), persons.get(session, "ana")
        before = journal.version(session)
        for days in (1, 2):
            terms.extend(session, run, "a1", ana, DUE + timedelta(days=days), "ill")
        session.expire(run)
        assert terms.state(run)[0]["extensions"] == {"ana": "2026-11-22T22:59:00+00:00"}
        assert [(one.by, one.why) for one in terms.extensions(session, run)] == [("ines", "ill")]
        terms.take_back(session, run, "a1", ana)
        assert terms.state(run)[0]["extensions"] == {}
        told = [one.what for one in journal.everything(session) if one.id > before]
    assert told == [
        "a1: ana has until 2026-11-21 22:59, had 2026-11-20 22:59",
        "a1: ana has until 2026-11-22 22:59, had 2026-11-21 22:59",
        "a1: ana's extension until 2026-11-22 22:59 taken back",
    ]


def test_an_extension_that_helps_nobody_is_refused(course: Database) -> None:
    """Who is not in the run, a time before the due date, no reason, an unknown assignment, nothing to take back."""
    with course.session() as session:
        run, ana = runs.get(session, "hpc-lisbon"), persons.get(session, "ana")
        later = DUE + timedelta(days=1)
        with pytest.raises(RefusedError, match="bora is not in"):
            terms.extend(session, run, "a1", persons.get(session, "bora"), later, "ill")
        with pytest.raises(RefusedError, match="after the due date"):
            terms.extend(session, run, "a1", ana, DUE, "ill")
        with pytest.raises(PeopleError, match="a reason"):
            terms.extend(session, run, "a1", ana, later, " ")
        with pytest.raises(UnknownError, match="Its assignments: a1"):
            terms.extend(session, run, "a2", ana, later, "ill")
        with pytest.raises(UnknownError, match="no extension"):
            terms.take_back(session, run, "a1", ana)


def test_the_terms_of_an_archived_run_stay(course: Database) -> None:
    """What is over is not changed any more."""
    with course.session() as session:
        runs.archive(session, "hpc-lisbon")
        with pytest.raises(RefusedError, match="archived"):
            terms.change(session, runs.get(session, "hpc-lisbon"), "a1", Rules(DUE + timedelta(days=1)))
