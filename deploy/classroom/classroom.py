"""The whole classroom: up, down, status."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy import accounts, code, environments, files, network, packages
from deploy.classroom import http, hub, material, ports, proxy, run, secrets, services
from deploy.daemon import Daemon
from deploy.errors import NeedsRootError
from deploy.lock import exclusive
from deploy.progress import say, step
from deploy.settings import Settings
from deploy.slurm import cgroups, cluster, daemons
from deploy.slurm.layout import Layout


@dataclass(frozen=True)
class Status:
    """What runs where, and whether all of it is healthy."""

    healthy: bool
    hub: str
    portal: str
    book: str
    nodes: dict[str, str]
    users_file: str
    parts: dict[str, bool]


def needs_root() -> None:
    """Raise NeedsRootError for anybody but root."""
    if os.geteuid() != 0:
        raise NeedsRootError(
            "This needs root: it installs packages, makes accounts and network namespaces, and starts Slurm. "
            "Run it again with sudo."
        )


def up(settings: Settings) -> Status:
    """Bring everything up; what runs already is kept. Return what runs."""
    needs_root()
    with exclusive(settings.state):
        _course(settings)
        _front(settings)
    return status(settings)


def course_up(settings: Settings) -> None:
    """Bring up only what executing notebooks and building the book need: environments, cluster, course run."""
    needs_root()
    with exclusive(settings.state):
        _course(settings)


def _course(settings: Settings) -> None:
    files.folder(settings.state)
    ports.check(settings, _listeners(settings))
    _install(settings)
    accounts.up(settings)
    cluster.up(settings)
    with step("Passwords, course run, released assignments, lessons"):
        secrets.up(settings)
        run.prepare(settings)
        run.release(settings)


def _install(settings: Settings) -> None:
    with step("Debian's packages"):
        packages.ensure(packages.CLUSTER)
        packages.ensure_node()
    for name in ("hub", "user", "tools"):
        with step(f"Python environment: {name}"):
            environments.up(settings, name)
    with step("Proxy"):
        proxy.install(settings)
    code.up(settings)


def _front(settings: Settings) -> None:
    with step("Proxy and hub"):
        proxy.up(settings)
        hub.up(settings)
    with step("Formgrader and book service"):
        services.up(settings)
    if not material.book_is_current(settings):
        with step("Notebooks executed on a node, book built"):
            material.serve_book(settings)


def down(settings: Settings) -> None:
    """Stop exactly what `up` started. People's work, grades and accounts stay."""
    needs_root()
    if not settings.state.exists():
        say(f"Nothing to stop: there is no classroom in {settings.state}.")
        return
    with exclusive(settings.state):
        with step("Hub, proxy and services stopped"):
            for daemon in reversed(_classroom_daemons(settings)):
                daemon.stop()
        cluster.down(settings)
        accounts.down(settings)


def remove(settings: Settings) -> None:
    """Stop it and remove its accounts: for a classroom that was only a test."""
    down(settings)
    accounts.remove(settings)


def remains(settings: Settings) -> list[str]:
    """Return what a classroom that is down still holds of this machine: processes, namespaces, links, mounts."""
    return [
        *(
            f"process {daemon.name}"
            for daemon in [*cluster.processes(Layout(settings)), *_classroom_daemons(settings)]
            if daemon.pid() is not None
        ),
        *(f"process {pid} of a job" for pid in sorted(cgroups.processes(settings))),
        *(f"process {pid} of {name}" for name in accounts.names(settings) for pid in accounts.processes(name)),
        *network.remains(settings),
        *(line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if str(settings.state) in line),
    ]


def status(settings: Settings) -> Status:
    """Look at every part and tell the truth about it."""
    layout = Layout(settings)
    parts = {
        daemon.name: daemon.pid() is not None for daemon in [*cluster.processes(layout), *_classroom_daemons(settings)]
    }
    parts["hub"] = parts["hub"] and hub.healthy(settings)
    parts["book"] = parts["book"] and http.well(_book_address(settings))
    nodes = cluster.node_states(settings) if parts["slurmctld"] else {}
    well = all(parts.values()) and bool(nodes) and all(state in daemons.WORKING for state in nodes.values())
    return Status(
        healthy=well,
        hub=f"{settings.address}/hub/",
        portal=f"{settings.address}/hub/home",
        book=_book_address(settings),
        nodes=nodes,
        users_file=str(secrets.users_file(settings)),
        parts=parts,
    )


def _book_address(settings: Settings) -> str:
    return f"{settings.address}/services/book/"


def _classroom_daemons(settings: Settings) -> list[Daemon]:
    """Return what finds and stops proxy, hub and services; it needs none of the secrets that starting them does."""
    return [Daemon(name, settings.state) for name in ("proxy", "hub", "formgrader", "book")]


def _listeners(settings: Settings) -> dict[str, Daemon]:
    layout = Layout(settings)
    front, hub_process, formgrader, book = _classroom_daemons(settings)
    return {
        "public": front,
        "proxy_api": front,
        "hub": hub_process,
        "formgrader": formgrader,
        "book": book,
        "slurmdbd": daemons.accounting(layout),
        "slurmctld": daemons.controller(layout),
    }
