"""What a person's server is given: an account and the runs that they are in now."""

import pytest

from aula.people import accounts, enrolments, persons, runs, workplaces
from aula.people.database import Database
from aula.people.errors import RefusedError
from aula.people.tables import now


def enrol(people: Database, name: str, role: str, *in_runs: str) -> None:
    """Enrol a person in runs."""
    with people.session() as session:
        for run in in_runs:
            enrolments.enrol(session, runs.get(session, run), persons.get(session, name), role=role)


def place(people: Database, name: str) -> workplaces.Workplace:
    """Return a person's workplace."""
    with people.session() as session:
        return workplaces.of(session, name)


@pytest.mark.parametrize("role", enrolments.ROLES)
def test_everybody_works_in_the_runs_that_they_are_in(people: Database, role: str) -> None:
    """Trainees, tutors and instructors alike get their own runs, and no run of others, with the account they have."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01", "train02"])
    enrol(people, "ana", role, "hpc-lisbon", "hpc-izmir")
    enrol(people, "bora", "trainee", "hpc-izmir")
    assert place(people, "ana") == workplaces.Workplace("train01", ("hpc-izmir", "hpc-lisbon"))
    assert place(people, "bora") == workplaces.Workplace("train02", ("hpc-izmir",))


@pytest.mark.parametrize("end", ["leave", "archive", "close", "never", "nobody"])
def test_who_is_in_no_open_run_is_refused(people: Database, end: str) -> None:
    """Who left, whose run was archived, who was closed, who never joined and who is unknown read what they can do."""
    with people.session() as session:
        accounts.adopt(session, persons.get(session, "ana"), "ana")
    if end != "never":
        enrol(people, "ana", "trainee", "hpc-lisbon")
    with people.session() as session:
        if end == "leave":
            enrolments.leave(session, runs.get(session, "hpc-lisbon"), persons.get(session, "ana"))
        elif end == "archive":
            runs.archive(session, "hpc-lisbon")
        elif end == "close":
            persons.get(session, "ana").closed = now()
    with pytest.raises(RefusedError, match=r"no course at the moment\. Join one with the code"):
        place(people, "nobody" if end == "nobody" else "ana")


def test_who_has_no_account_is_refused(people: Database) -> None:
    """At a site without a pool a person waits for the operator, and reads so."""
    enrol(people, "ana", "trainee", "hpc-lisbon")
    with pytest.raises(RefusedError, match="You have no account on the cluster yet"):
        place(people, "ana")
