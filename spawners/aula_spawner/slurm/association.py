"""Reads what `scontrol show assoc_mgr users=NAME flags=assoc --oneliner` prints: what one person may ask for."""

import re
from dataclasses import dataclass

from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import UNLIMITED_S, megabytes

_RECORD = re.compile(
    r"ClusterName=\S+ Account=(?P<account>\S+) UserName=[^(\s]+\(\d+\) Partition=(?P<partition>\S*) .*"
)
_UNLIMITED = 2**31


@dataclass(frozen=True)
class Limits:
    """What a job of one association may ask for at most: seconds, cores, MB of memory, GPUs."""

    account: str = ""
    """The Slurm account that the job counts for; '' where it is not known."""
    longest: int = UNLIMITED_S
    cores: int = _UNLIMITED
    memory: int = _UNLIMITED
    gpus: int = _UNLIMITED

    def permit(self, request: Request) -> bool:
        """Whether a job may be as large as this; how long it may last is another matter."""
        return request.cores <= self.cores and megabytes(request.memory) <= self.memory and request.gpus <= self.gpus


NONE = Limits()
"""No limits, or none that are known."""


def parse_limits(output: str, account: str | None, partition: str) -> Limits:
    """Return the limits of a person's association: the one with an account, or the person's default.

    An association may be for one partition alone. Where Slurm keeps none, nothing is limited.
    """
    if "Association" not in output:
        raise OutputError("scontrol show assoc_mgr", output)
    found = NONE
    for line in output.split("\n"):
        record = _RECORD.search(line)
        if record is None or record["partition"] not in ("", partition):
            continue
        fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
        if account == record["account"] or (account is None and fields.get("DefAssoc") == "Yes"):
            found = _limits(record["account"], fields)
    return found


def _limits(account: str, fields: dict[str, str]) -> Limits:
    most = dict(one.split("=", 1) for one in fields.get("MaxTRESPJ", "").split(",") if "=" in one)
    minutes = fields.get("MaxWallPJ", "")
    return Limits(
        account=account,
        longest=60 * int(minutes) if minutes.isdecimal() else UNLIMITED_S,
        cores=_number(most.get("cpu", "")),
        memory=_number(most.get("mem", "")),
        gpus=_number(most.get("gres/gpu", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _UNLIMITED
