"""The demo class: two companies with two trainees each, and one instructor."""

from dataclasses import dataclass

from deploy.settings import Settings

COURSE = "hpc-and-slurm"
RUN = "hpc-and-slurm-demo"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `name` is the hub name, the Unix account and nbgrader's student id."""

    name: str
    role: str
    company: str | None
    first_name: str
    last_name: str


def companies(settings: Settings) -> list[str]:
    """Return the companies, each a Unix group and a Slurm account."""
    return [settings.local(name) for name in ("nortada", "meridyen")]


def people(settings: Settings) -> list[Person]:
    """Return everybody who can sign in."""
    nortada, meridyen = companies(settings)
    return [
        Person(settings.local("ana"), "trainee", nortada, "Ana", "Sousa"),
        Person(settings.local("bruno"), "trainee", nortada, "Bruno", "Dias"),
        Person(settings.local("carla"), "trainee", meridyen, "Carla", "Duarte"),
        Person(settings.local("deniz"), "trainee", meridyen, "Deniz", "Kaya"),
        Person(settings.local("ines"), "instructor", None, "Inês", "Prado"),
    ]


def hub_account(settings: Settings) -> str:
    """Return the unprivileged account of the hub."""
    return f"{settings.name}-hub"


def course_account(settings: Settings) -> str:
    """Return the account that owns the course run: gradebook, release, formgrader, notebook checks."""
    return f"{settings.name}-course"


def people_group(settings: Settings) -> str:
    """Return the Unix group of all who may have a server on a node."""
    return f"{settings.name}-people"


def house_account(settings: Settings) -> str:
    """Return the Slurm account of those who belong to no company."""
    return settings.name
