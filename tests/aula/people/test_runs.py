"""Course runs: their dates in their own time zone, archived and opened again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aula.people import enrolments, journal, persons, runs
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.outline import Outline
from aula.people.tables import RunState, now


def test_a_run_begins_at_midnight_of_its_own_time_zone(people: Database) -> None:
    """The same days begin three hours earlier in Izmir than in Lisbon; the last day is part of the run."""
    with people.session() as session:
        lisbon, izmir = runs.get(session, "hpc-lisbon"), runs.get(session, "hpc-izmir")
        assert lisbon.starts == datetime(2026, 11, 2, tzinfo=UTC)
        assert izmir.starts == datetime(2026, 11, 1, 21, tzinfo=UTC)
        assert lisbon.ends == datetime(2026, 11, 28, tzinfo=UTC)


def test_no_name_is_used_twice(people: Database) -> None:
    """A run's name is its gradebook's for ever: a second run of that name is refused."""
    days = {"first_day": date(2027, 1, 1), "last_day": date(2027, 1, 2)}
    with pytest.raises(TakenError, match="hpc-lisbon"), people.session() as session:
        runs.create(session, "hpc-lisbon", course="hpc-and-slurm", title="Again", zone="UTC", **days)


@pytest.mark.parametrize("name", runs.RESERVED)
def test_a_run_is_not_called_as_a_service(people: Database, name: str) -> None:
    """The name of one of the class's own services is refused before the hub would stumble over it."""
    days = {"first_day": date(2027, 1, 1), "last_day": date(2027, 1, 2)}
    with pytest.raises(TakenError, match="a service of the class"), people.session() as session:
        runs.create(session, name, course="hpc-and-slurm", title="Book", zone="UTC", **days)


def test_a_run_does_not_end_before_it_begins(people: Database) -> None:
    """Dates in the wrong order are told."""
    days = {"first_day": date(2027, 1, 2), "last_day": date(2027, 1, 1)}
    with pytest.raises(PeopleError, match="before it begins"), people.session() as session:
        runs.create(session, "late", course="hpc-and-slurm", title="Late", zone="UTC", **days)


def test_an_archived_run_takes_nobody_until_it_is_open_again(people: Database) -> None:
    """Nobody can be enrolled by a list in an archived run; the other run of the same course is not touched."""
    with people.session() as session:
        runs.archive(session, "hpc-lisbon")
    row = ["name,full_name\n", "ana,Ana\n"]
    with pytest.raises(RefusedError, match="aula run reopen hpc-lisbon"), people.session() as session:
        enrolments.enrol_list(session, "hpc-lisbon", row)
    with people.session() as session:
        enrolments.enrol_list(session, "hpc-izmir", row)
        runs.reopen(session, "hpc-lisbon")
        assert enrolments.enrol_list(session, "hpc-lisbon", row).enrolled == ["ana"]


def test_a_correction_changes_what_a_run_consists_of(people: Database) -> None:
    """Lessons are those of the corrected course; a due date stays, a new assignment gets one within the run."""
    days = {"first_day": date(2027, 1, 1), "last_day": date(2027, 1, 20)}
    before = Outline([("01-a", "A", 10), ("02-b", "B", 10)], [("one", "One", 3, 7)])
    with people.session() as session:
        runs.create(session, "hpc-new", course="x", title="X", zone="Europe/Lisbon", outline=before, **days)
        runs.settle(session, "hpc-new", content="c1", environment="e1")
    after = Outline([("01-a", "A!", 12)], [("one", "First", 4, 9), ("two", "Two", 2, 30)])
    with people.session() as session:
        runs.correct(session, "hpc-new", content="c2", outline=after)
    with people.session() as session:
        run = runs.get(session, "hpc-new")
        assert [(one.file, one.title, one.minutes) for one in run.lessons] == [("01-a", "A!", 12)]
        told = [(one.name, one.title, one.points, one.due.date().isoformat()) for one in run.assignments]
        assert told == [("one", "First", 4, "2027-01-08"), ("two", "Two", 2, "2027-01-20")]
        assert (run.content, run.environment) == ("c2", "e1")
        assert journal.everything(session)[-1].what == "run corrected"
        runs.archive(session, "hpc-new")
    with pytest.raises(RefusedError), people.session() as session:
        runs.correct(session, "hpc-new", content="c3", outline=after)


def test_what_is_not_there_is_told(people: Database) -> None:
    """An unknown run and an unknown person are named, with what to do."""
    with people.session() as session:
        with pytest.raises(UnknownError, match="aula run list"):
            runs.get(session, "nothing")
        with pytest.raises(UnknownError, match="aula people add"):
            persons.get(session, "nobody")


def test_an_assignment_is_due_at_the_end_of_its_day_and_never_after_the_run(people: Database) -> None:
    """Due dates count from the first day, in the run's time zone; the last day of the run is the latest."""
    outline = Outline(assignments=[("early", "Early", 20, 7), ("late", "Late", 20, 99)])
    days = {"first_day": date(2026, 11, 2), "last_day": date(2026, 11, 27)}
    with people.session() as session:
        run = runs.create(session, "x", course="x", title="X", zone="Europe/Istanbul", outline=outline, **days)
        due = {one.name: one.due.astimezone(ZoneInfo("Europe/Istanbul")) for one in run.assignments}
    assert [f"{due[name]:%d %H:%M}" for name in ("early", "late")] == ["09 23:59", "27 23:59"]


def test_what_a_run_was_made_ready_with_stays(people: Database) -> None:
    """Content and environment of a run are noted once, and not changed afterwards."""
    with people.session() as session:
        runs.settle(session, "hpc-lisbon", content="c1", environment="e1")
        runs.settle(session, "hpc-lisbon", content="c2", environment="e2")
        run = runs.get(session, "hpc-lisbon")
        assert (run.content, run.environment) == ("c1", "e1")


def test_a_run_that_ended_long_ago_is_archived(people: Database) -> None:
    """So many days after its end, and not before; a run that goes on is left alone."""
    with people.session() as session:
        run = runs.get(session, "hpc-lisbon")
        run.ends = now() - timedelta(days=29)
        assert runs.expire(session, 30) == []
        run.ends = now() - timedelta(days=31)
        assert runs.expire(session, 30) == ["hpc-lisbon"]
        assert runs.expire(session, 30) == []
        assert runs.get(session, "hpc-izmir").state == RunState.OPEN
