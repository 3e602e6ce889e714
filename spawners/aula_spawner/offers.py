"""What a person may have now: each profile that they may see, held against what Slurm itself says."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from aula_spawner.cluster import Cluster
from aula_spawner.errors import SlurmError
from aula_spawner.slurm import association, sinfo
from aula_spawner.slurm.profile import Profile, Request
from aula_spawner.slurm.units import clock, seconds

NODES_S = 15.0
PERSON_S = 60.0
"""For so long what Slurm said of nodes, and of what one account may have and when, is not asked again."""
PATIENCE_S = 3.0
"""For so long who looks at the form waits for Slurm; what it has not said by then is unknown."""
MOST_KEPT = 2000

Value = TypeVar("Value")


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


class Kept(Generic[Value]):
    """Answers by question: each is asked for once in a while, by whoever comes first, and None while it is unknown."""

    def __init__(self, lasts: float) -> None:
        self._lasts = lasts
        self._known: dict[str, tuple[float, asyncio.Task[Any]]] = {}

    async def get(self, what: str, ask: Callable[[], Awaitable[Value]]) -> Value | None:
        """Return the answer, None where Slurm does not give one in time; who comes later may still find it."""
        asked, answer = self._known.get(what, (0.0, None))
        if answer is None or (answer.done() and time.monotonic() > asked + self._lasts):
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            answer = asyncio.ensure_future(_quietly(ask))
            self._known[what] = (time.monotonic(), answer)
        await asyncio.wait({answer}, timeout=PATIENCE_S)
        return answer.result() if answer.done() and not answer.cancelled() else None


async def _quietly(ask: Callable[[], Awaitable[Value]]) -> Value | None:
    try:
        return await ask()
    except SlurmError:
        return None


@cache
def offers(cluster: Cluster) -> Offers:
    """Return the one source of offers of a cluster that all servers of this hub share."""
    return Offers(cluster)
