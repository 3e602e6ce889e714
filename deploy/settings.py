"""What one classroom on this machine is called, where it lives, and which addresses it uses."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy import demo, site
from deploy.errors import SettingError
from deploy.site import Site

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_NAME = "aula"
CLUSTERS = ("machine", "site", "testsite")
ON_NODES = ("user", "tools")
COURSES_OWN = "course-"
"""What the name of an environment begins with that some courses' notebooks run on, as course-torch."""
# A test site beside a classroom of this machine shares nothing with it.
TEST_SITE = {"NAME": "centre", "SUBNET": "10.78.0"}
# Offsets from PORT, so that two classrooms on one machine need only another PORT.
PORT_OFFSETS = {"public": 0, "proxy_api": 1, "book": 11, "portal": 12, "errors": 14, "slurmdbd": 19, "slurmctld": 17}
# Each course run has a formgrader: from here on, the run's number added.
FORMGRADERS = 30


@dataclass(frozen=True)
class Settings:
    """One classroom. Everything is derived from these few values; see `from_environment`."""

    name: str
    prefix: Path
    state: Path
    port: int
    subnet: str
    nodes: int
    cluster: str = "machine"
    site_file: Path | None = None
    described: Site | None = None
    # A test site's cluster: folders of the service node, which head and nodes do not see.
    strange_to: tuple[Path, ...] = ()
    internal_tls: bool = False
    kept: Path | None = None
    """Results of notebooks that ran clean elsewhere: they are not executed again."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read NAME, PREFIX, STATE, PORT, SUBNET, NODES, CLUSTER, SITE, INTERNAL_TLS and KEPT.

        Raise SettingError for what cannot be.
        """
        cluster = environment.get("CLUSTER") or CLUSTERS[0]
        if cluster not in CLUSTERS:
            raise SettingError(f"CLUSTER={cluster}: choose one of {', '.join(CLUSTERS)}.")
        usual = TEST_SITE if cluster == "testsite" else {}
        name = environment.get("NAME", usual.get("NAME", DEFAULT_NAME))
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,8}", name):
            raise SettingError(f"NAME={name}: use 1 to 9 lower-case letters, digits or '-', a letter first.")
        subnet = environment.get("SUBNET", usual.get("SUBNET", "10.77.0"))
        if not re.fullmatch(r"10(\.(25[0-5]|2[0-4]\d|1?\d?\d)){2}", subnet):
            raise SettingError(f"SUBNET={subnet}: give the first three numbers of a private network, as 10.77.0.")
        state = _folder(environment, "STATE", f"/srv/{name}")
        return cls(
            name=name,
            prefix=_folder(environment, "PREFIX", f"/opt/{name}"),
            state=state,
            port=_number(environment, "PORT", 8000, 1024, 65000),
            subnet=subnet,
            nodes=_number(environment, "NODES", 2, 2, 9),
            cluster=cluster,
            site_file=_site_file(environment.get("SITE"), cluster),
            described=site.read(state / "site.json") if cluster == "site" else None,
            internal_tls=environment.get("INTERNAL_TLS", "") == "1",
            kept=_folder(environment, "KEPT", "") if environment.get("KEPT") else None,
        )

    @property
    def site(self) -> Site:
        """The place where the class runs: this machine, or the centre that site.yml describes."""
        if self.cluster == "site" and self.described is None:
            raise SettingError(f"No site is known in {self.state}. Name its description: SITE=site.yml")
        return self.described or demo.site(self)

    @property
    def environment_variables(self) -> dict[str, str]:
        """What another process needs in its environment to mean the same classroom."""
        return {
            "NAME": self.name,
            "PREFIX": str(self.prefix),
            "STATE": str(self.state),
            "PORT": str(self.port),
            "SUBNET": self.subnet,
            "NODES": str(self.nodes),
            "CLUSTER": self.cluster,
            **({"INTERNAL_TLS": "1"} if self.internal_tls else {}),
            **({"KEPT": str(self.kept)} if self.kept else {}),
        }

    @property
    def kept_site(self) -> Path:
        """The checked description of the site, which `up` keeps for `status` and `down`."""
        return self.state / "site.json"

    @property
    def head_address(self) -> str:
        """The service node's address on the nodes' network."""
        return f"{self.subnet}.1"

    @property
    def head_apart(self) -> bool:
        """Whether Slurm's head has a network namespace of its own, as on a test site."""
        return bool(self.strange_to)

    @property
    def service_address(self) -> str:
        """The address of a test site's service node, which has a network namespace of its own."""
        return f"{self.subnet}.2"

    @property
    def is_default(self) -> bool:
        """Whether this is the machine's main classroom, whose accounts and nodes have plain names."""
        return self.name == DEFAULT_NAME

    def local(self, name: str) -> str:
        """Return a name that is unique on this machine: plain in the main classroom, marked in others."""
        return name if self.is_default else f"{self.name}-{name}"

    def port_of(self, what: str) -> int:
        """Return the port of one of PORT_OFFSETS's services."""
        return self.port + PORT_OFFSETS[what]

    def environment(self, name: str) -> Path:
        """Return the folder of a Python environment: hub, user, tools, test, or a course's own, as course-torch.

        Nodes see user, tools and the courses'. What notebooks run on has its lock's digest in its name: a newer one
        never takes the place of one that a course run was made ready with.
        """
        of_notebooks = name == "user" or name.startswith(COURSES_OWN)
        folder = f"{name}-{lock_digest(name)}" if of_notebooks else name
        return (self.site.software if of_notebooks or name in ON_NODES else self.prefix) / "envs" / folder

    def python(self, name: str) -> Path:
        """Return the interpreter of a Python environment."""
        return self.environment(name) / "bin" / "python"

    @property
    def code(self) -> Path:
        """The installed copy of hub_config, courses and book, which nodes and unprivileged accounts can read."""
        return self.site.software / "code"


def lock_digest(name: str) -> str:
    """Return what names the content of an environment's lock."""
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in locks(name))).hexdigest()[:12]


def locks(name: str) -> list[Path]:
    """Return the lock of an environment, and where it has one, that of what pip installs into it."""
    folder = CHECKOUT / "deploy" / "environments"
    by_pip = folder / f"{name}.pip.txt"
    return [folder / f"{name}.txt", *([by_pip] if by_pip.exists() else [])]


def _site_file(value: str | None, cluster: str) -> Path | None:
    if value and cluster != "site":
        raise SettingError(f"SITE={value}: say CLUSTER=site with it.")
    return Path(value).absolute() if value else None


def _folder(environment: Mapping[str, str], key: str, default: str) -> Path:
    value = Path(environment.get(key) or default)
    if not value.is_absolute() or len(value.parts) < 3:
        raise SettingError(f"{key}={value}: give an absolute path at least two folders deep, as {default}.")
    if not re.fullmatch(r"[A-Za-z0-9._/-]+", str(value)):
        raise SettingError(f"{key}={value}: use letters, digits and ._/- only; Slurm's files do not quote.")
    return value.resolve()


def _number(environment: Mapping[str, str], key: str, default: int, low: int, high: int) -> int:
    value = environment.get(key) or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingError(f"{key}={value}: give a whole number from {low} to {high}.")
    return int(value)
