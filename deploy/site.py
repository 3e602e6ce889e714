"""What a classroom must know of the place where it runs: addresses, Slurm, folders, accounts, how people sign in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Slurm:
    """The batch system: where its commands and its configuration lie, and what a JupyterLab server asks of it.

    `associate` is the centre's own program that lets an account compute for a company; on this machine there is none.
    `jobs` is its program that lists every job.
    """

    configuration: Path | None
    commands: Path
    interactive: str
    batch: str
    cores: int
    memory: str
    walltime: str
    idle_minutes: int
    most_core_hours: int
    associate: Path | None = None
    jobs: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a Slurm command needs in its environment."""
        return {"SLURM_CONF": str(self.configuration)} if self.configuration else {}


@dataclass(frozen=True)
class Site:
    """One place: this machine, as `deploy.demo` describes it, or a centre, as its site.yml does.

    `address` is what people open; `node_address` is where nodes reach the service node. `software` and
    `course_folder` are seen by the service node and by every node at the same path. `pool` are the Unix accounts that
    are lent to trainees who have none; each course run belongs to one of `run_accounts`, while there are any. Job
    scripts that are handed in to it run as the one of `job_accounts` at the same place.
    `account_map` is the centre's own program that says which account a person has, where none is lent. With
    `subdomains` each person's server is at a name of its own under the address's. With `internal_tls` hub, proxy and
    servers speak TLS with each other, and with nobody else. `mistakes` is where readers of the book report them.
    """

    address: str
    certificate: Path | None
    key: Path | None
    node_address: str
    hub_port: int
    hand_in_port: int
    slurm: Slurm
    software: Path
    course_folder: Path
    hub_account: str
    course_account: str
    portal_account: str
    hand_in_account: str
    people_group: str
    pool: tuple[str, ...]
    run_accounts: tuple[str, ...]
    job_accounts: tuple[str, ...] = ()
    account_map: Path | None = None
    subdomains: bool = False
    internal_tls: bool = False
    database: str | None = None
    local_accounts: bool = True
    oidc: Mapping[str, Any] | None = None
    mistakes: str | None = None
    profiles: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Site":
        """Take what `aula site show` prints: a checked site.yml, with every default filled in."""
        public, node, slurm, accounts = (document[part] for part in ("public", "service_node", "slurm", "accounts"))
        return cls(
            address=str(public["address"]).rstrip("/"),
            certificate=_path(public["certificate"]),
            key=_path(public["key"]),
            node_address=node["address"],
            hub_port=node["hub_port"],
            hand_in_port=node["hand_in_port"],
            internal_tls=node["internal_tls"],
            slurm=Slurm(
                configuration=_path(slurm["configuration"]),
                commands=Path(slurm["commands"]),
                associate=_path(slurm["associate"]),
                jobs=_path(slurm["jobs"]),
                **slurm["partitions"],
                **slurm["server"],
            ),
            software=Path(document["folders"]["software"]),
            course_folder=Path(document["folders"]["course"]),
            hub_account=accounts["hub"],
            course_account=accounts["course"],
            portal_account=accounts["portal"],
            hand_in_account=accounts["hand_in"],
            people_group=accounts["people"],
            pool=tuple(accounts["pool"]),
            run_accounts=tuple(accounts["runs"]),
            job_accounts=tuple(accounts["jobs"]),
            account_map=_path(accounts["map"]),
            subdomains=public["subdomains"],
            database=document["people_database"],
            local_accounts=document["sign_in"]["local_accounts"],
            oidc=document["sign_in"]["oidc"],
            mistakes=document["book"]["mistakes"],
            profiles=tuple(document["profiles"]),
        )

    @property
    def host(self) -> str:
        """The host name in the address that people open."""
        return urlsplit(self.address).hostname or ""

    @property
    def own_cookies(self) -> bool:
        """Whether cookies must be such as no page under a name below can set; browsers want TLS for it."""
        return self.subdomains and self.address.startswith("https:")

    @property
    def hub_api(self) -> str:
        """Where nodes reach the hub."""
        return f"{'https' if self.internal_tls else 'http'}://{self.node_address}:{self.hub_port}/"


def read(path: Path) -> Site | None:
    """Return the site whose checked description was kept in a file, or None where there is none of this version."""
    try:
        return Site.from_document(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
