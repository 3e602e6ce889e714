"""How much a person may compute in a week: their core-hours, from Slurm's accounting."""

import time
from dataclasses import dataclass, field
from functools import cache

from aula_spawner.cluster import Cluster

FRESH_S = 60.0
"""Seconds for which an answer of the accounting is believed: a person starts several servers in a row."""


@dataclass
class Allowance:
    """The core-hours of each account's jobs in the last seven days, on one cluster."""

    cluster: Cluster
    _known: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def used(self, owner: str) -> float:
        """Return an account's core-hours. Raises SlurmError where the accounting does not answer."""
        known = self._known.get(owner)
        if known is None or time.monotonic() > known[0] + FRESH_S:
            known = self._known[owner] = (time.monotonic(), await self.cluster.core_seconds(owner) / 3600)
        return known[1]


@cache
def allowance(cluster: Cluster) -> Allowance:
    """Return what all servers of this hub ask about a cluster."""
    return Allowance(cluster)
