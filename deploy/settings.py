"""What one classroom on this machine is called, where it lives, and which addresses it uses."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import SettingError

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_NAME = "aula"
# Offsets from PORT, so that two classrooms on one machine need only another PORT.
PORT_OFFSETS = {"public": 0, "proxy_api": 1, "formgrader": 10, "book": 11, "slurmdbd": 19, "slurmctld": 17}


@dataclass(frozen=True)
class Settings:
    """One classroom. Everything is derived from these few values; see `from_environment`."""

    name: str
    prefix: Path
    state: Path
    port: int
    subnet: str
    nodes: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read NAME, PREFIX, STATE, PORT, SUBNET and NODES; raise SettingError for a value that cannot be."""
        name = environment.get("NAME", DEFAULT_NAME)
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,8}", name):
            raise SettingError(f"NAME={name}: use 1 to 9 lower-case letters, digits or '-', a letter first.")
        subnet = environment.get("SUBNET", "10.77.0")
        if not re.fullmatch(r"10(\.(25[0-5]|2[0-4]\d|1?\d?\d)){2}", subnet):
            raise SettingError(f"SUBNET={subnet}: give the first three numbers of a private network, as 10.77.0.")
        return cls(
            name=name,
            prefix=_folder(environment, "PREFIX", f"/opt/{name}"),
            state=_folder(environment, "STATE", f"/srv/{name}"),
            port=_number(environment, "PORT", 8000, 1024, 65000),
            subnet=subnet,
            nodes=_number(environment, "NODES", 2, 2, 9),
        )

    @property
    def head_address(self) -> str:
        """The service node's address on the nodes' network."""
        return f"{self.subnet}.1"

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

    @property
    def address(self) -> str:
        """Where people point their browser."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, name: str) -> Path:
        """Return the folder of a Python environment: hub, user, tools or test."""
        return self.prefix / "envs" / name

    def python(self, name: str) -> Path:
        """Return the interpreter of a Python environment."""
        return self.environment(name) / "bin" / "python"

    @property
    def code(self) -> Path:
        """The installed copy of hub_config, courses and book, which unprivileged accounts can read."""
        return self.prefix / "code"


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
