"""A crowd that joins the running classroom: many people with accounts, passwords and a place in the demo run."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy import demo, people
from deploy.classroom import classroom as whole
from tests.classroom import Classroom
from tests.integration.person import Person, wait_for

PASSWORD = "a-crowd-comes-in"
COMPANY = "nortada"
AT_ONCE = 20


@dataclass(frozen=True)
class Crowd(Classroom):
    """The classroom as its crowd sees it: all have the same password."""

    def password(self, person: str) -> str:
        """Return the crowd's password, for whom it lets in."""
        return PASSWORD if person in names(99) else super().password(person)


def names(many: int) -> list[str]:
    """Return the names of so many of the crowd, as they are without the classroom's."""
    return [f"crowd{number:02}" for number in range(1, many + 1)]


def join(classroom: Classroom, many: int) -> Crowd:
    """Let so many people join the demo run, and wait until the cluster knows them. Who is there already stays."""
    mine = {classroom.name(who): who for who in names(many)}
    document = {
        "people": [
            {
                "name": name,
                "full_name": who.title(),
                "time_zone": "Europe/Madrid",
                "account": name,
                "password": PASSWORD,
            }
            for name, who in mine.items()
        ],
        "enrolments": [
            {"run": demo.RUN, "person": name, "role": "trainee", "company": classroom.name(COMPANY)} for name in mine
        ],
    }
    classroom.aula("people", "load", "-", text=json.dumps(document))
    wait_for(lambda: mine.keys() <= people.followed(classroom.settings).working, "the machine knows the crowd", 180)
    wait_for(lambda: whole.status(classroom.settings).healthy, "the class is healthy", 60)
    return Crowd(classroom.settings, classroom.cluster)


def sign_in(crowd: Classroom, many: int) -> list[Person]:
    """Sign so many of the crowd in, a few at a time."""
    return all_at_once(lambda who: Person(crowd, who), names(many), workers=4)


def all_at_once(do: Callable[[Any], Any], what: Iterable[Any], workers: int = AT_ONCE) -> list[Any]:
    """Do something with each at the same time, and return what came of it, in order."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(do, what))
