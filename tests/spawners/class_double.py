"""A class in a real database: two trainees with accounts of their own, an instructor with a lent one."""

from datetime import date

from aula.people import accounts, enrolments, persons, runs
from aula.people.database import Database
from aula.people.tables import Password

OWN = ("ana", "carla")
LENT = {"ines": "train01"}


def make_class(address: str, password: str) -> Database:
    """Make the database and return it; everybody has the password of this hash."""
    database = Database(address)
    database.upgrade()
    days = {"first_day": date(2026, 1, 1), "last_day": date(2036, 12, 31)}
    with database.session() as session:
        accounts.fill_pool(session, list(LENT.values()))
        run = runs.create(session, "hpc-demo", course="hpc", title="HPC", zone="UTC", **days)
        for name in (*OWN, *LENT):
            person = persons.add(session, name, name.title())
            session.add(Password(person=person, hash=password))
            if name in OWN:
                accounts.adopt(session, person, name)
            enrolments.enrol(session, run, person, role="trainee" if name in OWN else "instructor")
    return database
