"""The hub's knocks at running servers: who is gone, and who only seems to be."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aula_spawner import heartbeat
from aula_spawner.errors import SlurmError
from aula_spawner.heartbeat import Heard, Heartbeat, Network, knock

SERVER, NEIGHBOUR, IDLE = "10.0.0.1", "10.0.0.2", "10.0.0.3"
PORT = 40000
INTERVAL_S, PATIENCE_S = 0.02, 0.1
LONG_S = 4 * PATIENCE_S


@dataclass
class Nodes:
    """Nodes that answer knocks or not, and a Slurm that lists them or not."""

    dead: set[str] = field(default_factory=set)
    stuck: set[tuple[str, int]] = field(default_factory=set)
    ended: set[tuple[str, int]] = field(default_factory=set)
    listed: tuple[str, ...] = (SERVER, NEIGHBOUR, IDLE)
    listings: int = 0

    async def knock(self, address: str, port: int) -> Heard:
        """Answer as such a node would."""
        await asyncio.sleep(0.001)
        if address in self.dead or (address, port) in self.stuck:
            return Heard.SILENT
        return Heard.OPEN if port == PORT and (address, port) not in self.ended else Heard.REFUSED

    async def list(self) -> tuple[str, ...]:
        """Return the nodes that Slurm hears."""
        self.listings += 1
        if not self.listed:
            raise SlurmError("Unable to contact slurm controller")
        return self.listed


@dataclass
class Watched:
    """A server whose heart is listened to, and what the hub was told of it."""

    told: list[Heard] = field(default_factory=list)
    asked: int = 0

    async def gone(self, heard: Heard) -> None:
        """Note how the server was found."""
        self.told.append(heard)

    async def refused(self) -> None:
        """Note that Slurm was asked."""
        self.asked += 1


@pytest.fixture
def nodes() -> Nodes:
    """Three nodes that live."""
    return Nodes()


async def listened(
    nodes: Nodes, meanwhile: Callable[[], Awaitable[None]] | None = None, *, neighbour: bool = False
) -> Watched:
    """Listen to a server's heart for a while, and to a neighbour's; return what was told of the first."""
    network, watched = Network(nodes.list, nodes.knock), Watched()
    hearts = [Heartbeat(network, INTERVAL_S, PATIENCE_S, watched.refused, watched.gone)]
    hearts[0].start(SERVER, PORT)
    if neighbour:
        other = Watched()
        hearts.append(Heartbeat(network, INTERVAL_S, PATIENCE_S, other.refused, other.gone))
        hearts[1].start(NEIGHBOUR, PORT)
    await (meanwhile() if meanwhile else asyncio.sleep(LONG_S))
    for heart in hearts:
        heart.stop()
    return watched


async def test_a_server_that_answers_is_left_alone(nodes: Nodes) -> None:
    """Nothing is told of a server that accepts connections, and Slurm is not asked."""
    watched = await listened(nodes)
    assert (watched.told, watched.asked, nodes.listings) == ([], 0, 0)


@pytest.mark.parametrize("neighbour", [True, False])
async def test_a_dead_node_is_told_once(nodes: Nodes, neighbour: bool) -> None:
    """A silent node is dead where another one is heard: that of another server, or any that Slurm lists."""
    nodes.dead.add(SERVER)
    watched = await listened(nodes, neighbour=neighbour)
    assert watched.told == [Heard.SILENT]
    assert nodes.listings <= 1


async def test_a_short_glitch_drops_nobody(nodes: Nodes) -> None:
    """A node that is silent for less than the patience, again and again, is not dead."""

    async def glitches() -> None:
        for _ in range(3):
            nodes.dead.add(SERVER)
            await asyncio.sleep(0.6 * PATIENCE_S)
            nodes.dead.clear()
            await asyncio.sleep(0.6 * PATIENCE_S)

    assert (await listened(nodes, glitches)).told == []


async def test_a_hub_that_is_cut_off_drops_nobody(nodes: Nodes) -> None:
    """Where no node is heard at all the silence is the hub's own; the patience begins when another one is heard."""
    nodes.dead |= {SERVER, NEIGHBOUR, IDLE}

    async def cut_off() -> None:
        await asyncio.sleep(LONG_S)
        nodes.dead.discard(NEIGHBOUR)
        await asyncio.sleep(0.6 * PATIENCE_S)
        nodes.dead.clear()
        await asyncio.sleep(2 * INTERVAL_S)

    assert (await listened(nodes, cut_off, neighbour=True)).told == []


async def test_without_slurms_word_nobody_is_dropped(nodes: Nodes) -> None:
    """The only server is silent, and Slurm's controller cannot be asked for other nodes: the hub knows nothing."""
    nodes.dead.add(SERVER)
    nodes.listed = ()
    assert (await listened(nodes)).told == []


async def test_a_busy_server_is_not_gone(nodes: Nodes) -> None:
    """A server whose queue of connections is full is silent, but its node refuses another port: it lives."""
    nodes.stuck.add((SERVER, PORT))
    assert (await listened(nodes)).told == []


async def test_a_server_that_has_ended_is_asked_about(nodes: Nodes) -> None:
    """A refused connection makes the hub ask Slurm at once; where Slurm knows nothing of an end, it is gone later."""
    nodes.ended.add((SERVER, PORT))
    watched = await listened(nodes)
    assert watched.told == [Heard.REFUSED]
    assert watched.asked >= 2


async def test_a_stopped_heartbeat_says_nothing(nodes: Nodes) -> None:
    """Whoever stops a server hears nothing of it afterwards, also where the stop comes from the knock itself."""
    nodes.ended.add((SERVER, PORT))
    asked = list[int]()

    async def stop() -> None:
        asked.append(1)
        heart.stop()

    async def gone(_: Heard) -> None:
        asked.append(2)

    heart = Heartbeat(Network(nodes.list, nodes.knock), INTERVAL_S, PATIENCE_S, stop, gone)
    heart.start(SERVER, PORT)
    await asyncio.sleep(LONG_S)
    assert asked == [1]


async def test_new_starts_shun_a_dead_node(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that was found dead is shunned until it is heard again, or Slurm must have noticed by itself."""
    network = Network(nodes.list, nodes.knock)
    network.shun("node1", SERVER)
    network.shun("node2", NEIGHBOUR)
    assert network.shunned == ("node1", "node2")
    await network.knock(NEIGHBOUR, PORT)
    assert network.shunned == ("node1",)
    monkeypatch.setattr(heartbeat, "SHUNNED_S", 0.0)
    assert network.shunned == ()


async def test_knocks_at_real_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener is open, a closed port refuses, a full queue is silent."""
    monkeypatch.setattr(heartbeat, "KNOCK_S", 0.3)
    with socket.socket() as closed, socket.socket() as listening:
        for one in (closed, listening):
            one.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = int(listening.getsockname()[1])
        assert await knock("127.0.0.1", int(closed.getsockname()[1])) is Heard.REFUSED
        found = [await knock("127.0.0.1", port) for _ in range(4)]
    assert found[0] is Heard.OPEN
    assert found[-1] is Heard.SILENT


async def test_a_busy_hub_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that did something else for seconds while it knocked knows nothing; nor does one that finds no address."""
    monkeypatch.setattr(heartbeat, "KNOCK_S", 0.05)
    monkeypatch.setattr(heartbeat, "BUSY_S", -1.0)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = int(full.getsockname()[1])
        assert [await knock("127.0.0.1", port) for _ in range(4)][-1] is Heard.UNKNOWN
    assert await knock("no-such-node.invalid", 40000) is Heard.UNKNOWN
