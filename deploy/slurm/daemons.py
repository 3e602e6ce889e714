"""slurmdbd, slurmctld and the nodes' slurmd."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deploy.command import run, succeeds
from deploy.daemon import Daemon
from deploy.errors import CommandError
from deploy.network import Node, nodes
from deploy.slurm import configuration
from deploy.slurm.configuration import HEAD
from deploy.slurm.layout import Layout

HEAD_SCRIPT = Path(__file__).parent / "head.sh"
NODE_SCRIPT = Path(__file__).parent / "node.sh"
WORKING = ("idle", "mixed", "allocated", "completing")


def accounting(layout: Layout) -> Daemon:
    """Return slurmdbd."""
    socket = {"MYSQL_UNIX_PORT": str(layout.database_socket)}
    return _on_head(layout, "slurmdbd", socket)


def controller(layout: Layout) -> Daemon:
    """Return slurmctld."""
    return _on_head(layout, "slurmctld", {})


def node(layout: Layout, which: Node) -> Daemon:
    """Return a node's slurmd, inside the node's network, host name and mounts."""
    return Daemon(
        f"slurmd-{which.name}",
        layout.settings.state,
        [
            "nsenter",
            f"--net=/run/netns/{which.name}",
            "unshare",
            "--uts",
            "--mount",
            NODE_SCRIPT,
            which.name,
            layout.root / "hosts",
            layout.conf,
            *layout.settings.strange_to,
        ],
        version=configuration.version(layout),
    )


def start_accounting(layout: Layout) -> None:
    """Start slurmdbd and wait until it answers."""
    accounting(layout).start(lambda: accounting_answers(layout))


def start_cluster(layout: Layout) -> None:
    """Start controller and nodes, anew where the configuration changed, and wait until every node can work."""
    start_controller(layout)
    for which in nodes(layout.settings):
        node(layout, which).start(lambda: True)
    for which in nodes(layout.settings):
        start_node(layout, which)


def start_controller(layout: Layout) -> None:
    """Start slurmctld and wait until it answers."""
    controller(layout).start(lambda: controller_answers(layout))


def start_node(layout: Layout, which: Node) -> None:
    """Start a node's slurmd and wait until the node can work."""
    node(layout, which).start(partial(_works, layout, which.name))


def accounting_answers(layout: Layout) -> bool:
    """Whether slurmdbd, and the database behind it, answer."""
    return succeeds(["sacctmgr", "-n", "show", "cluster"], env=layout.environment, timeout=5)


def controller_answers(layout: Layout) -> bool:
    """Whether slurmctld answers."""
    return succeeds(["scontrol", "ping"], env=layout.environment, timeout=5)


def node_answers(layout: Layout, which: Node) -> bool:
    """Whether a node's slurmd answers, asked on the node itself: the controller learns only later that it does not."""
    inside = ["nsenter", f"--target={node(layout, which).pid()}", "--net", "--uts", "--mount"]
    return succeeds([*inside, "scontrol", "show", "slurmd"], env=layout.environment, timeout=5)


def state(layout: Layout, name: str) -> str:
    """Return a node's state in Slurm's word, or 'unknown' where Slurm does not answer."""
    try:
        answer = run(["sinfo", "--noheader", "--nodes", name, "--format", "%T"], env=layout.environment, timeout=20)
    except CommandError:
        return "unknown"
    words = answer.split()
    return _plain(words[0]) if words else "unknown"


def states(partition: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the state of each node of a partition, in Slurm's word; nothing where Slurm does not answer."""
    listing = ["sinfo", "--noheader", "--Node", f"--partition={partition}", "--format", "%N %T"]
    try:
        lines = run(listing, env=environment, timeout=20).splitlines()
    except CommandError:
        return {}
    return {name: _plain(word) for name, word in (line.split() for line in lines)}


def _plain(word: str) -> str:
    """Return a state without the sign that Slurm adds to it, as in `idle~`."""
    return word.rstrip("~#!%$@^-*")


def _works(layout: Layout, name: str) -> bool:
    return state(layout, name) in WORKING


def _on_head(layout: Layout, name: str, env: dict[str, str]) -> Daemon:
    """Run a daemon under the host name by which slurm.conf calls the head, on a test site in the head's network."""
    here = layout.settings
    network = ["nsenter", f"--net=/run/netns/{here.local(HEAD)}"] if here.head_apart else []
    return Daemon(
        name,
        here.state,
        [
            *network,
            "unshare",
            "--uts",
            "--mount",
            HEAD_SCRIPT,
            here.local(HEAD),
            layout.root / "hosts",
            f"/usr/sbin/{name}",
            "-D",
        ],
        env={**layout.environment, **env},
        version=configuration.version(layout),
    )
