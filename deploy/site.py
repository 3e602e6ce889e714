"""What a classroom must know of the place where it runs: addresses, Slurm, folders, accounts, people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `name` is the hub name, the Unix account and nbgrader's student id."""

    name: str
    role: str
    company: str | None
    first_name: str
    last_name: str


@dataclass(frozen=True)
class Slurm:
    """The batch system: where its commands and its configuration lie, and what a JupyterLab server asks of it."""

    configuration: Path | None
    commands: Path
    interactive: str
    batch: str
    cores: int
    memory: str
    walltime: str

    @property
    def environment(self) -> dict[str, str]:
        """What a Slurm command needs in its environment."""
        return {"SLURM_CONF": str(self.configuration)} if self.configuration else {}


@dataclass(frozen=True)
class Site:
    """One place: this machine, as `deploy.demo` describes it, or a centre, as its site.yml does.

    `address` is what people open; `node_address` is where nodes reach the service node. `software` and
    `course_folder` are seen by the service node and by every node at the same path.
    """

    address: str
    certificate: Path | None
    key: Path | None
    node_address: str
    hub_port: int
    slurm: Slurm
    software: Path
    course_folder: Path
    hub_account: str
    course_account: str
    people_group: str
    people: tuple[Person, ...]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Site":
        """Take what `aula site show` prints: a checked site.yml, with every default filled in."""
        public, node, slurm = document["public"], document["service_node"], document["slurm"]
        return cls(
            address=str(public["address"]).rstrip("/"),
            certificate=_path(public["certificate"]),
            key=_path(public["key"]),
            node_address=node["address"],
            hub_port=node["hub_port"],
            slurm=Slurm(
                configuration=_path(slurm["configuration"]),
                commands=Path(slurm["commands"]),
                **slurm["partitions"],
                **slurm["server"],
            ),
            software=Path(document["folders"]["software"]),
            course_folder=Path(document["folders"]["course"]),
            hub_account=document["accounts"]["hub"],
            course_account=document["accounts"]["course"],
            people_group=document["accounts"]["people"],
            people=tuple(Person(**row) for row in document["people"]),
        )

    @property
    def companies(self) -> list[str]:
        """The companies of the people, each once."""
        return list(dict.fromkeys(person.company for person in self.people if person.company))

    @property
    def host(self) -> str:
        """The host name in the address that people open."""
        return urlsplit(self.address).hostname or ""

    @property
    def hub_api(self) -> str:
        """Where nodes reach the hub."""
        return f"http://{self.node_address}:{self.hub_port}/"


def read(path: Path) -> Site | None:
    """Return the site whose checked description was kept in a file, or None where there is none of this version."""
    try:
        return Site.from_document(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
