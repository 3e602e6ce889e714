"""The whole cluster: up, down, and whether it is healthy."""

import time

from deploy import network
from deploy.command import run, succeeds
from deploy.daemon import Daemon
from deploy.errors import CommandError
from deploy.progress import step
from deploy.settings import Settings
from deploy.slurm import associations, cgroups, configuration, daemons, database, munge
from deploy.slurm.layout import Layout


def up(settings: Settings) -> None:
    """Bring the cluster up; what runs already is kept."""
    layout = Layout(settings)
    with step("Network of the nodes"):
        network.up(settings)
        configuration.write(layout)
    with step("Munge and MariaDB"):
        munge.up(layout)
        database.up(layout)
    with step("Slurm's accounting"):
        daemons.start_accounting(layout)
        associations.up(layout)
    with step(f"Slurm: controller and {settings.nodes} nodes"):
        daemons.start_cluster(layout)


def down(settings: Settings) -> None:
    """Cancel all jobs, stop every daemon, remove namespaces and control groups."""
    layout = Layout(settings)
    with step("Slurm: jobs cancelled, daemons stopped"):
        if daemons.controller(layout).pid() is not None:
            _cancel_all(layout)
        for daemon in reversed(processes(layout)):
            daemon.stop()
        cgroups.down(settings)
    with step("Network of the nodes removed"):
        network.down(settings)


def processes(layout: Layout) -> list[Daemon]:
    """Return the cluster's daemons in the order in which they start."""
    nodes = [daemons.node(layout, node) for node in network.nodes(layout.settings)]
    return [
        munge.daemon(layout),
        database.daemon(layout),
        daemons.accounting(layout),
        daemons.controller(layout),
        *nodes,
    ]


def node_states(settings: Settings) -> dict[str, str]:
    """Return each node's state in Slurm's word."""
    layout = Layout(settings)
    return {node.name: daemons.state(layout, node.name) for node in network.nodes(settings)}


def _cancel_all(layout: Layout) -> None:
    listing = ["squeue", "--noheader", "--format", "%i"]
    try:
        jobs = run(listing, env=layout.environment, timeout=20).split()
        if jobs:
            succeeds(["scancel", *jobs], env=layout.environment)
        for _ in range(100):
            if not run(listing, env=layout.environment, timeout=20).split():
                return
            time.sleep(0.1)
    except CommandError:
        return  # a controller that does not answer: the control groups hold what is left of its jobs
