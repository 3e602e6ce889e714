"""What the machine is told: accounts with their holders, open runs with their people, and nothing that is over."""

import json
from datetime import timedelta

from aula.people import accounts, companies, enrolments, persons, runs, state, terms
from aula.people.database import Database
from aula.people.tables import RunAssignment


def test_all_that_the_machine_needs_is_there(people: Database) -> None:
    """Companies, accounts with holder and company, open runs with each role, due dates; all of it is JSON."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01", "train02"])
        lisbon, nortada = runs.get(session, "hpc-lisbon"), companies.get(session, "nortada")
        lisbon.assignments = [RunAssignment(name="a1", title="A", points=20, due=lisbon.ends)]
        for name, role, company in (("ana", "trainee", nortada), ("bora", "tutor", None), ("ines", "instructor", None)):
            if name == "ines":
                accounts.adopt(session, persons.get(session, name), "prado")
            enrolments.enrol(session, lisbon, persons.get(session, name), role=role, company=company)
        terms.extend(session, lisbon, "a1", persons.get(session, "ana"), lisbon.ends + timedelta(days=1), "ill")
        runs.settle(session, "hpc-lisbon", content="c1", environment="e1")
    with people.session() as session:
        found = state.state(session)
    assert json.loads(json.dumps(found)) == found
    assert found["companies"] == ["ege-veri", "nortada"]
    assert found["accounts"] == [
        account("prado", "ines", "Inês Prado", pooled=False),
        account("train01", "ana", "Ana Sousa", company="nortada"),
        account("train02", "bora", "Bora Çelik"),
    ]
    izmir, lisbon_found = found["runs"]
    assert izmir["name"] == "hpc-izmir"
    assert lisbon_found == {
        "name": "hpc-lisbon",
        "course": "hpc-and-slurm",
        "title": "HPC",
        "content": "c1",
        "environment": "e1",
        "time_zone": "Europe/Lisbon",
        "starts": "2026-11-02T00:00:00+00:00",
        "ends": "2026-11-28T00:00:00+00:00",
        "trainees": [{"name": "ana", "full_name": "Ana Sousa"}],
        "instructors": ["ines"],
        "tutors": ["bora"],
        "assignments": [
            {
                "name": "a1",
                "title": "A",
                "points": 20.0,
                "due": "2026-11-28T00:00:00+00:00",
                "accepted_until": None,
                "attempts": None,
                "late": {"percent_per_day": 0.0, "most_percent": 100.0, "grace_minutes": 0},
                "extensions": {"ana": "2026-11-29T00:00:00+00:00"},
                "by": {"": "operator", "ana": "operator"},
            }
        ],
    }


def account(
    name: str, person: str | None, full_name: str | None, *, pooled: bool = True, company: str | None = None
) -> dict[str, object]:
    """Return an account as the state shows it."""
    state = "taken" if person else "left"
    return {
        "name": name,
        "pooled": pooled,
        "state": state,
        "person": person,
        "full_name": full_name,
        "company": company,
    }


def test_what_is_over_is_not_told(people: Database) -> None:
    """Who has left is in no list, their account is to be cleaned and is nobody's; an archived run is not there."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01", "train02"])
        nortada, ana, bora = (
            companies.get(session, "nortada"),
            *(persons.get(session, name) for name in ("ana", "bora")),
        )
        enrolments.enrol(session, runs.get(session, "hpc-lisbon"), ana, role="trainee", company=nortada)
        enrolments.enrol(session, runs.get(session, "hpc-izmir"), bora, role="trainee", company=nortada)
        enrolments.leave(session, runs.get(session, "hpc-lisbon"), ana)
        runs.archive(session, "hpc-izmir")
        found = state.state(session)
    assert found["accounts"] == [account("train01", None, None), account("train02", None, None)]
    assert [(run["name"], run["trainees"]) for run in found["runs"]] == [("hpc-lisbon", [])]


def test_another_run_that_no_company_sends_to_changes_nothing(people: Database) -> None:
    """Who joins one more run by themselves still computes for the company that sent them to the first."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01"])
        ana, nortada = persons.get(session, "ana"), companies.get(session, "nortada")
        enrolments.enrol(session, runs.get(session, "hpc-lisbon"), ana, role="trainee", company=nortada)
        enrolments.enrol(session, runs.get(session, "hpc-izmir"), ana, role="trainee")
        assert state.state(session)["accounts"][0]["company"] == "nortada"


def test_the_latest_company_counts(people: Database) -> None:
    """Whom two companies sent works for the one that sent them last; leaving that run brings the first back."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01"])
        ana = persons.get(session, "ana")
        for run, company in (("hpc-lisbon", "nortada"), ("hpc-izmir", "ege-veri")):
            enrolments.enrol(
                session, runs.get(session, run), ana, role="trainee", company=companies.get(session, company)
            )
        assert state.state(session)["accounts"][0]["company"] == "ege-veri"
        enrolments.leave(session, runs.get(session, "hpc-izmir"), ana)
        assert state.state(session)["accounts"][0]["company"] == "nortada"


def test_the_version_grows_with_every_change(people: Database) -> None:
    """The machine looks again only when the version is another one."""
    versions = []
    for change in (
        lambda session: accounts.fill_pool(session, ["train01"]),
        lambda session: enrolments.enrol(
            session, runs.get(session, "hpc-lisbon"), persons.get(session, "ana"), role="trainee"
        ),
        lambda session: runs.archive(session, "hpc-lisbon"),
        lambda session: accounts.cleaned(session, "train01"),
        lambda session: accounts.adopt(session, persons.get(session, "ana"), "ana"),
        lambda session: runs.settle(session, "hpc-izmir", content="c", environment="e"),
    ):
        with people.session() as session:
            change(session)
            versions.append(state.state(session)["version"])
    assert versions == sorted(set(versions))
