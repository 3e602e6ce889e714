"""Whether the way to a running server is open: the hub knocks, and knows a dead node from a dead network of its own.

Slurm says that a node is down only after SlurmdTimeout, five minutes by default: so long a route would lead to nowhere.
A connection that is accepted or refused proves that the node lives: its kernel answers, however busy its programs are.
"""

import asyncio
import errno
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import Enum
from functools import cache

from aula_spawner.cluster import Cluster
from aula_spawner.errors import SlurmError

# Seconds to wait for the answer to a knock.
KNOCK_S = 2.0
# A knock that took so many seconds longer says that the hub was busy, and nothing of the node.
BUSY_S = 1.0
# Nodes that are knocked at where no server on another node is heard.
WITNESSES = 5
# Seconds for which no start is sent to a node that was found dead: by then Slurm has noticed it too.
SHUNNED_S = 300.0
# Seconds for which the list of a partition's nodes is good enough.
LISTED_S = 60.0

# What the kernel says of a way that leads nowhere; anything else is trouble of the hub's own.
_NO_WAY = (errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETUNREACH, errno.ENETDOWN, errno.ETIMEDOUT)
_LAST_PORT = 65535


class Heard(Enum):
    """What a knock was answered with."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNKNOWN = "unknown"

    @property
    def alive(self) -> bool:
        """Whether the node itself has answered."""
        return self in (Heard.OPEN, Heard.REFUSED)


async def knock(address: str, port: int) -> Heard:
    """Try to connect, and hang up."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(KNOCK_S):
            _, writer = await asyncio.open_connection(address, port)
    except (ConnectionRefusedError, ConnectionResetError):
        return Heard.REFUSED
    except TimeoutError:
        return Heard.SILENT if time.monotonic() - began < KNOCK_S + BUSY_S else Heard.UNKNOWN
    except OSError as error:
        return Heard.SILENT if error.errno in _NO_WAY else Heard.UNKNOWN
    writer.close()
    return Heard.OPEN


Knock = Callable[[str, int], Awaitable[Heard]]


class Network:
    """The hub's way to the nodes, as all knocks together show it."""

    def __init__(self, nodes: Callable[[], Awaitable[Sequence[str]]], knock: Knock = knock) -> None:
        self._nodes, self._knock = nodes, knock
        self._heard: dict[str, float] = {}
        self._dead: dict[str, tuple[str, float]] = {}
        self._listed: tuple[float, Sequence[str]] = (-LISTED_S, ())
        self._looking: asyncio.Future[None] | None = None

    async def knock(self, address: str, port: int) -> Heard:
        """Knock at a node's port."""
        heard = await self._knock(address, port)
        if heard.alive:
            self._heard[address] = time.monotonic()
        return heard

    async def at_server(self, address: str, port: int) -> Heard:
        """Knock at a server: SILENT only where its node is silent on another port as well, and another node is not.

        A server that does nothing for minutes accepts no connection once its queue is full. And where nobody answers,
        it is the hub that has lost its network: that says nothing of any server.
        """
        began = time.monotonic()
        heard = await self.knock(address, port)
        if heard is not Heard.SILENT:
            return heard
        beside = port - 1 if port == _LAST_PORT else port + 1
        node, others = await asyncio.gather(self.knock(address, beside), self._reaches_others(address, port, began))
        return Heard.SILENT if node is Heard.SILENT and others else Heard.UNKNOWN

    async def has(self, address: str) -> bool:
        """Tell whether this is the address of a node; False where Slurm does not say it now."""
        with suppress(SlurmError):
            return address in await self._known()
        return False

    def shun(self, node: str, address: str) -> None:
        """Send no start to a dead node, of which Slurm knows nothing yet."""
        self._dead[node] = (address, time.monotonic())

    @property
    def shunned(self) -> tuple[str, ...]:
        """The nodes that were found dead not long ago, and have not been heard since."""
        now = time.monotonic()
        return tuple(
            node
            for node, (address, since) in self._dead.items()
            if now - since < SHUNNED_S and self._heard.get(address, 0.0) < since
        )

    async def _reaches_others(self, address: str, port: int, since: float) -> bool:
        """Tell whether another node was heard since a moment; where no server is on one, knock at some."""
        if not self._others(address, since):
            if self._looking is None or self._looking.done():
                self._looking = asyncio.ensure_future(self._look_around(port))
            await asyncio.shield(self._looking)
        return self._others(address, since)

    def _others(self, address: str, since: float) -> bool:
        return any(heard >= since for other, heard in self._heard.items() if other != address)

    async def _look_around(self, port: int) -> None:
        """Knock at some nodes that Slurm hears."""
        with suppress(SlurmError):  # whom the hub does not reach either: then it knows nothing
            nodes = await self._known()
            some = random.sample(nodes, min(WITNESSES, len(nodes)))
            await asyncio.gather(*(self.knock(node, port) for node in some))

    async def _known(self) -> Sequence[str]:
        """Return the addresses of the nodes that Slurm hears, as they were a minute ago at most."""
        if time.monotonic() - self._listed[0] >= LISTED_S:
            self._listed = (time.monotonic(), await self._nodes())
        return self._listed[1]


class Heartbeat:
    """The knocks at one server, until it is stopped or the server is gone.

    Calls `refused` whenever nothing listens there, and `gone` once, where that or silence lasts.
    """

    def __init__(
        self,
        network: Network,
        interval: float,
        patience: float,
        refused: Callable[[], Awaitable[object]],
        gone: Callable[[Heard], Awaitable[object]],
    ) -> None:
        self._network, self._interval, self._patience = network, interval, patience
        self._refused, self._gone = refused, gone
        self._beating: asyncio.Future[None] | None = None

    def start(self, address: str, port: int) -> None:
        """Knock from now on."""
        self.stop()
        self._beating = asyncio.ensure_future(self._beat(address, port))

    def stop(self) -> None:
        """Knock no more."""
        beating, self._beating = self._beating, None
        if beating is not None and beating is not asyncio.current_task():
            beating.cancel()

    async def _beat(self, address: str, port: int) -> None:
        await asyncio.sleep(random.uniform(0, self._interval))  # noqa: S311  so that not all knock at once
        last, since = Heard.OPEN, 0.0
        while self._beating is asyncio.current_task():
            began = time.monotonic()
            heard = await self._network.at_server(address, port)
            if heard is not last:
                last, since = heard, began
            if heard in (Heard.SILENT, Heard.REFUSED) and began - since >= self._patience:
                await self._gone(heard)
                return
            if heard is Heard.REFUSED:
                await self._refused()
            await asyncio.sleep(max(0.0, began + self._interval - time.monotonic()))


@cache
def network(cluster: Cluster, partition: str) -> Network:
    """Return the one network of a cluster that all servers of this hub share."""
    return Network(lambda: cluster.addresses_in(partition))
