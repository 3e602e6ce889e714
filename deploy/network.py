"""The nodes' network: a bridge on this machine, and a network namespace for each node.

On a test site head and service node have namespaces of their own too, and this machine is a stranger beside them.
"""

from dataclasses import dataclass
from pathlib import Path

from deploy.command import run, succeeds
from deploy.settings import Settings


@dataclass(frozen=True)
class Node:
    """One node of the cluster: its name, which is also its host name, namespace and cgroup, and its address."""

    name: str
    address: str
    interface: str


def nodes(settings: Settings) -> list[Node]:
    """Return the cluster's nodes."""
    return [
        Node(settings.local(f"node{n}"), f"{settings.subnet}.{10 + n}", f"{settings.name}-n{n}")
        for n in range(1, settings.nodes + 1)
    ]


def head(settings: Settings) -> Node:
    """Return a test site's head node, where Slurm's controller and accounting run."""
    return Node(settings.local("head"), settings.head_address, f"{settings.name}-h")


def service(settings: Settings) -> Node:
    """Return a test site's service node, where the class runs."""
    return Node(settings.local("service"), settings.service_address, f"{settings.name}-s")


def public_name(settings: Settings) -> str:
    """Return the name of a test site's service node on the web; people's servers have names below it."""
    return f"{settings.name}.test"


def hosts(settings: Settings) -> list[Node]:
    """Return every machine with a network namespace of its own."""
    return [head(settings), service(settings), *nodes(settings)] if settings.head_apart else nodes(settings)


def bridge(settings: Settings) -> str:
    """Return the name of the bridge on this machine."""
    return f"{settings.name}-br"


def up(settings: Settings) -> None:
    """Make the bridge and every namespace; what exists is kept."""
    link = bridge(settings)
    if not succeeds(["ip", "link", "show", link]):
        run(["ip", "link", "add", link, "type", "bridge"])
    mine = f"{settings.subnet}.254" if settings.head_apart else settings.head_address
    run(["ip", "address", "replace", f"{mine}/24", "dev", link])
    run(["ip", "link", "set", link, "up"])
    for node in hosts(settings):
        _node_up(node, link)


def _node_up(node: Node, link: str) -> None:
    inside = ["ip", "-n", node.name]
    if not succeeds([*inside, "link", "show", "lo"]):
        succeeds(["ip", "netns", "delete", node.name])  # a name without a namespace, as a crash leaves it
    if not succeeds([*inside, "link", "show", "eth0"]):
        succeeds(["ip", "netns", "add", node.name])
        succeeds(["ip", "link", "delete", node.interface])
        run(["ip", "link", "add", node.interface, "type", "veth", "peer", "name", "eth0", "netns", node.name])
    run(["ip", "link", "set", node.interface, "master", link, "up"])
    run([*inside, "address", "replace", f"{node.address}/24", "dev", "eth0"])
    run([*inside, "link", "set", "eth0", "up"])
    run([*inside, "link", "set", "lo", "up"])


def down(settings: Settings) -> None:
    """Remove the namespaces and the bridge; what is gone already is no error."""
    for node in hosts(settings):
        succeeds(["ip", "netns", "delete", node.name])
        succeeds(["ip", "link", "delete", node.interface])
    succeeds(["ip", "link", "delete", bridge(settings)])


def remains(settings: Settings) -> list[str]:
    """Return the namespaces and links that still stand."""
    links = [bridge(settings), *(node.interface for node in hosts(settings))]
    return [
        *(f"namespace {node.name}" for node in hosts(settings) if Path("/run/netns", node.name).exists()),
        *(f"link {link}" for link in links if Path("/sys/class/net", link).exists()),
    ]
