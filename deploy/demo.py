"""The demo class on this machine: two companies with two trainees each, and one instructor."""

from pathlib import Path
from typing import TYPE_CHECKING

from deploy.site import Person, Site, Slurm

if TYPE_CHECKING:
    from deploy.settings import Settings

COURSE = "hpc-and-slurm"
RUN = "hpc-and-slurm-demo"
HUB_PORT = 8081


def site(settings: "Settings") -> Site:
    """Describe this machine as the site of the demo class, on the Slurm that `up` starts here."""
    return Site(
        address=f"http://127.0.0.1:{settings.port}",
        certificate=None,
        key=None,
        node_address=settings.head_address,
        hub_port=HUB_PORT,
        slurm=Slurm(
            configuration=settings.state / "slurm" / "slurm.conf",
            commands=Path("/usr/bin"),
            interactive="interactive",
            batch="batch",
            cores=1,
            memory="1G",
            walltime="02:00:00",
        ),
        software=settings.prefix,
        course_folder=settings.state,
        hub_account=f"{settings.name}-hub",
        course_account=f"{settings.name}-course",
        people_group=f"{settings.name}-people",
        people=_people(settings),
    )


def house_account(settings: "Settings") -> str:
    """Return the Slurm account of those who belong to no company."""
    return settings.name


def _people(settings: "Settings") -> tuple[Person, ...]:
    nortada, meridyen = settings.local("nortada"), settings.local("meridyen")
    return (
        Person(settings.local("ana"), "trainee", nortada, "Ana", "Sousa"),
        Person(settings.local("bruno"), "trainee", nortada, "Bruno", "Dias"),
        Person(settings.local("carla"), "trainee", meridyen, "Carla", "Duarte"),
        Person(settings.local("deniz"), "trainee", meridyen, "Deniz", "Kaya"),
        Person(settings.local("ines"), "instructor", None, "Inês", "Prado"),
    )
