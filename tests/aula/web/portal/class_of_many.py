"""A class to look at: two companies, two runs of one course, and somebody in every role."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from aula.people import companies, contacts, enrolments, invitations, persons, requests, runs
from aula.people.database import Database
from aula.people.runs import Outline
from aula.people.tables import now

OUTLINE = Outline(
    lessons=(
        ("01-first-job", "Your first job", 45),
        ("02-arrays", "Many jobs at once", 60),
        ("03-mpi", "One program on two nodes", 75),
    ),
    assignments=(("slurm-basics", "Ask Slurm the right question", 20.0, 7), ("scaling", "Does it scale?", 30.0, 21)),
)
ROLES = {
    "trainee": "ana",
    "trainee of the other run": "bora",
    "tutor": "tiago",
    "instructor": "ines",
    "instructor of the other run": "irem",
    "company contact": "clara",
    "operator": "olga",
    "stranger signed in": "sam",
}
"""Each role, and who has it. `nobody` is who is not signed in; `closed` was somebody once."""


@dataclass
class People:
    """What tests need to know of the class."""

    codes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def fill(database: Database) -> People:
    """Write the class into an empty database."""
    known = People()
    first = date.today() - timedelta(days=3)
    with database.session() as session:
        nortada = companies.add(session, "nortada", "Nortada, Lda.")
        ege = companies.add(session, "ege-veri", "Ege Veri A.Ş.")
        people = {
            name: persons.add(session, name, full_name, time_zone=zone)
            for name, full_name, zone in (
                ("ana", "Ana Sousa", "Europe/Lisbon"),
                ("bora", "Bora Çelik", "Europe/Istanbul"),
                ("tiago", "Tiago Reis", "Europe/Lisbon"),
                ("ines", "Inês Prado", "Europe/Lisbon"),
                ("irem", "İrem Kaya", "Europe/Istanbul"),
                ("clara", "Clara Nunes", "Europe/Lisbon"),
                ("olga", "Olga Ferrer", "Europe/Madrid"),
                ("sam", "Sam Popescu", "Europe/Bucharest"),
                ("carlo", "Carlo Closed", "UTC"),
            )
        }
        persons.make_operator(session, people["olga"], operator=True)
        persons.close(session, people["carlo"])
        contacts.add(session, nortada, people["clara"])
        for name, zone in (("hpc-lisbon", "Europe/Lisbon"), ("hpc-izmir", "Europe/Istanbul")):
            run = runs.create(
                session,
                name,
                course="hpc-and-slurm",
                title=f"HPC and Slurm for companies, {zone.partition('/')[2]}",
                first_day=first,
                last_day=first + timedelta(days=25),
                zone=zone,
                outline=OUTLINE,
            )
            runs.settle(session, name, content="c0ffee", environment="hpc-1")
            company = nortada if name == "hpc-lisbon" else ege
            invitation, known.codes[name] = invitations.invite(session, run, company=company, uses=30)
            known.numbers[name] = invitation.id
        lisbon, izmir = runs.get(session, "hpc-lisbon"), runs.get(session, "hpc-izmir")
        instructors, known.codes["instructors"] = invitations.invite(session, lisbon, role="instructor", uses=2)
        known.numbers["instructors"] = instructors.id
        for run, name, role, company in (
            (lisbon, "ana", "trainee", nortada),
            (izmir, "bora", "trainee", ege),
            (lisbon, "tiago", "tutor", None),
            (lisbon, "ines", "instructor", None),
            (izmir, "irem", "instructor", None),
        ):
            enrolments.enrol(session, run, people[name], role=role, company=company)
        asked = {"kind": "regrade", "text": "Why is task 2 worth nothing?", "points": 17.0}
        known.numbers["asked"] = requests.ask(session, lisbon, people["ana"], "slurm-basics", 1, **asked).id
    assert now() > lisbon.starts
    return known
