"""What terms mean for a hand-in: late or not, what it costs, taken or not."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aula.people import accounts, enrolments, persons, runs, state
from aula.people import terms as kept
from aula.people.database import Database
from aula.people.tables import RunAssignment
from aula.submissions import terms
from aula.submissions.terms import LateRule, Terms

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = LateRule(percent_per_day=10, most_percent=25, grace_minutes=15)


def of(**more: Any) -> Terms:
    """Return terms of an assignment that is due at DUE, ben has two days longer."""
    two = {"ben": DUE + timedelta(days=2)}
    return Terms(**{"title": "Sums", "points": 20, "due": DUE, "late": RULE, "extensions": two, **more})


@pytest.mark.parametrize(
    ("late", "percent"),
    [
        (-HOUR, 0),
        (timedelta(), 0),
        (timedelta(minutes=15), 0),
        (timedelta(minutes=15, microseconds=1), 10),
        (24 * HOUR, 10),
        (24 * HOUR + timedelta(microseconds=1), 20),
        (48 * HOUR + timedelta(microseconds=1), 25),
        (timedelta(days=4000), 25),
    ],
)
def test_each_day_begun_costs(late: timedelta, percent: float) -> None:
    """Nothing within the grace, then a share for each day that has begun, never more than the most."""
    assert of().penalty(20, "ana", DUE + late) == pytest.approx(20 * percent / 100)
    assert of().late_by("ana", DUE + late) == max(late, timedelta())


def test_an_extension_counts_for_its_student_alone() -> None:
    """Two days longer: in time for ben, late for ana; an extension before the due date of all takes nothing away."""
    at = DUE + timedelta(days=2)
    assert (of().penalty(20, "ben", at), of().penalty(20, "ana", at)) == (0, 4)
    assert (of().extended("ben"), of().extended("ana")) == (True, False)
    earlier = of(extensions={"ben": DUE - HOUR})
    assert (earlier.due_for("ben"), earlier.extended("ben")) == (DUE, False)


def test_an_extension_moves_the_end_on() -> None:
    """Who has two days longer can hand in two days longer; without a bound there is none."""
    closed = of(accepted_until=DUE + HOUR)
    assert (closed.closes("ana"), closed.closes("ben")) == (DUE + HOUR, DUE + HOUR + timedelta(days=2))
    assert of().closes("ben") is None


def test_attempts_are_used_up() -> None:
    """Three of three are all of them; without a limit nobody has used all."""
    assert [of(attempts=3).used_up(used) for used in (2, 3, 4)] == [False, True, True]
    assert not of().used_up(10_000)


def test_points_below_nothing_cost_nothing() -> None:
    """A penalty is never a gift."""
    assert of().penalty(-3, "ana", DUE + HOUR) == 0


def test_the_file_has_what_peoples_database_says(tmp_path: Path) -> None:
    """What the machine is told of a run is what its terms are read from."""
    people = Database(f"sqlite:///{tmp_path}/people.sqlite")
    people.upgrade()
    with people.session() as session:
        day = date(2026, 11, 20)
        run = runs.create(session, "hpc-1", course="hpc", title="HPC", first_day=day, last_day=day, zone="UTC")
        run.assignments = [RunAssignment(name="sums", title="Sums", points=20, due=DUE)]
        person = persons.add(session, "ana", "Ana")
        accounts.adopt(session, person, "ana")
        enrolments.enrol(session, run, person, role="trainee")
        kept.change(session, run, "sums", kept.Rules(DUE, DUE + HOUR, 3, 10.0, 25.0, 15))
        kept.extend(session, run, "sums", person, DUE + HOUR, "ill")
    with people.session() as session:
        (found,) = state.state(session)["runs"]
    people.close()
    written = {"version": 1, "time_zone": found["time_zone"], "assignments": {"sums": found["assignments"][0]}}
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / terms.FILE).write_text(json.dumps(written))
    read = terms.of(tmp_path, "r")
    assert read is not None
    assert read.assignments["sums"] == of(
        accepted_until=DUE + HOUR, attempts=3, extensions={"ana": DUE + HOUR}, by={"": "operator", "ana": "operator"}
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "time_zone": "UTC"}'])
def test_a_damaged_file_is_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str) -> None:
    """It is noted, and nobody's hand-in is refused for it."""
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / terms.FILE).write_text(text)
    with caplog.at_level(logging.ERROR):
        assert terms.of(tmp_path, "r") is None
    assert "damaged" in caplog.text


def test_no_file_is_no_terms(tmp_path: Path) -> None:
    """Neither where the run has none, nor where there is no such run."""
    (tmp_path / "r").mkdir()
    assert [terms.of(tmp_path, name) for name in ("r", "s")] == [None, None]
