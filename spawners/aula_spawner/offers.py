"""What a person may have now: each profile that they may see, held against what Slurm itself says."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from aula_spawner.cluster import Cluster
from aula_spawner.kept import Kept
from aula_spawner.slurm import association, sinfo
from aula_spawner.slurm.profile import Profile, Request
from aula_spawner.slurm.units import clock, seconds

NODES_S = 15.0
PERSON_S = 60.0
"""For so long what Slurm said of nodes, and of what one account may have and when, is not asked again."""


@dataclass(frozen=True)
class Offer:
    """One profile for one person. What is None is not known now."""

    profile: Profile
    request: Request
    longest: int
    """The longest life that can be chosen, in seconds; that of `request` is never longer."""
    possible: bool = True
    free_nodes: int | None = None
    starts: datetime | None = None
    """When a server would start, by the clock of the cluster."""

    @property
    def now(self) -> bool:
        """Whether a server would start at once."""
        return self.free_nodes != 0 and self.starts is not None and (self.starts - datetime.now()).total_seconds() < 60


class Offers:
    """Asks a cluster what it can give; each answer serves everybody whom it concerns for a while."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._nodes: Kept[tuple[sinfo.Node, ...]] = Kept(NODES_S)
        self._limits: Kept[association.Limits] = Kept(PERSON_S)
        self._starts: Kept[datetime] = Kept(PERSON_S)

    async def of(self, owner: str, profiles: Iterable[tuple[Profile, Request]]) -> list[Offer]:
        """Return an offer for each profile, what is impossible included."""
        return list(await asyncio.gather(*(self.offer(owner, *one, starts=True) for one in profiles)))

    async def offer(self, owner: str, profile: Profile, request: Request, *, starts: bool = False) -> Offer:
        """Return the offer of one profile; when a server would start is asked only where it is wanted."""
        nodes = await self._nodes.get("", self._cluster.nodes)
        mine = [node for node in nodes or () if node.partition == request.partition]
        who = f"{owner} {request.account} {request.partition}"
        limits = await self._limits.get(who, lambda: self._cluster.limits(owner, request.account, request.partition))
        limits = limits or association.NONE
        longest = min(
            seconds(profile.longest or request.walltime), sinfo.longest(mine, request.partition), limits.longest
        )
        if seconds(request.walltime) > longest:
            request = request.model_copy(update={"walltime": clock(longest)})
        possible = limits.permit(request) and (nodes is None or any(node.could(request) for node in mine))
        expected = None
        if starts and possible:
            what = f"{limits.account or owner} {request.model_dump_json()}"
            expected = await self._starts.get(what, lambda: self._cluster.expected_start(owner, request))
        free = None if nodes is None else sum(node.can(request) for node in mine)
        return Offer(profile, request, longest, possible, free, expected)


@cache
def offers(cluster: Cluster) -> Offers:
    """Return the one source of offers of a cluster that all servers of this hub share."""
    return Offers(cluster)
