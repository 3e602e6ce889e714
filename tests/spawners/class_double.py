"""A class in a real database: two trainees with accounts of their own, an instructor with a lent one."""

from datetime import date

from aula.people import accounts, enrolments, persons, runs
from aula.people.database import Database
from aula.people.tables import Password

OWN = ("ana", "carla")
LENT = {"ines": "train01"}
FREE = tuple(f"train{number:02}" for number in range(2, 12))


def make_class(address: str, password: str | None = None) -> Database:
    """Make the database and return it; everybody has the password of this hash, if one is given."""
    database = Database(address)
    database.upgrade()
    days = {"first_day": date(2026, 1, 1), "last_day": date(2036, 12, 31)}
    with database.session() as session:
        accounts.fill_pool(session, [*LENT.values(), *FREE])
        run = runs.create(session, "hpc-demo", course="hpc", title="HPC", zone="Europe/Lisbon", **days)
        for name in (*OWN, *LENT):
            person = persons.add(session, name, name.title())
            if password:
                session.add(Password(person=person, hash=password))
            if name in OWN:
                accounts.adopt(session, person, name)
            enrolments.enrol(session, run, person, role="trainee" if name in OWN else "instructor")
    return database
