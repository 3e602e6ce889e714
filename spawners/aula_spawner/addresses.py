"""Where a cluster's nodes are: each is asked for once in a while, however many servers start on it."""

from functools import cache

from aula_spawner.cluster import Cluster
from aula_spawner.kept import Kept

KNOWN_S, UNKNOWN_S = 60.0, 1.0
"""For so long an address is not asked for again; and for so long where Slurm did not say it."""


class Addresses:
    """The addresses of a cluster's nodes."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: Kept[str] = Kept(KNOWN_S, UNKNOWN_S)

    async def of(self, node: str) -> str:
        """Return a node's address; '' where Slurm does not say it now."""
        return await self._known.get(node, lambda: self._cluster.address_of(node)) or ""


@cache
def addresses(cluster: Cluster) -> Addresses:
    """Return the addresses that all servers of this hub share."""
    return Addresses(cluster)
