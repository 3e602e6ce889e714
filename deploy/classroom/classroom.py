"""The whole classroom: up, down, status."""

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

from deploy import accounts, environments, files, keeper, logrotate, network, people, sudo
from deploy.classroom import (
    correction,
    databases,
    exchange,
    hand_in,
    health,
    hub,
    installation,
    material,
    nginx,
    people_database,
    ports,
    proxy,
    services,
    settle,
    standing,
)
from deploy.classroom.status import Status
from deploy.daemon import Daemon
from deploy.errors import DeployError, NeedsRootError
from deploy.lock import exclusive
from deploy.progress import say, step
from deploy.settings import Settings
from deploy.slurm import cgroups, cluster, daemons
from deploy.slurm.layout import Layout

# How long `up` and `down` wait for the keeper, which may be starting something.
KEEPER_S = 60.0


def needs_root() -> None:
    """Raise NeedsRootError for anybody but root."""
    if os.geteuid() != 0:
        raise NeedsRootError(
            "This needs root: it installs packages, makes accounts and network namespaces, and starts Slurm. "
            "Run it again with sudo."
        )


def install(settings: Settings) -> None:
    """Install what `up` needs, and start nothing: for a service node without the registries at hand."""
    needs_root()
    with exclusive(settings.state, patience=KEEPER_S):
        installation.up(settings)


def check_site(settings: Settings) -> int:
    """Let `aula site check` speak for itself, and return its exit status."""
    needs_root()
    with step("Python environment: hub"):
        environments.up(settings, "hub")
    return subprocess.run(installation.checking(settings), check=False).returncode


def up(settings: Settings) -> Status:
    """Bring everything up; what runs already is kept. Return what runs."""
    needs_root()
    with exclusive(settings.state, patience=KEEPER_S):
        settings = _course(settings)
        _front(settings)
        people.note_followed(settings)
        keeper.up(settings)
        logrotate.up(settings)
    health.wait_for_address(settings)
    return status(settings)


def upgrade(settings: Settings) -> None:
    """Do what `up` does, but start neither hub, proxy nor services: for a class whose parts systemd starts."""
    needs_root()
    if any(daemon.pid() for daemon in _classroom_daemons(settings) if daemon.name != "proxy"):
        raise DeployError("This class was started by make up, and make up upgrades it too: run that again.")
    with exclusive(settings.state, patience=KEEPER_S):
        settings = _course(settings, others=("public", "proxy_api"))
        databases.upgrade(settings, databases.hub(settings))
        hub.prepare(settings)
        hand_in.prepare(settings)
        services.prepare_portal(settings)
        people.note_followed(settings)
        if nginx.wanted(settings):
            nginx.write(settings)
        standing.up(settings)
        _book(settings)
        logrotate.up(settings)


def course_up(settings: Settings) -> None:
    """Bring up only what executing notebooks and building the book need: environments, cluster, course run."""
    needs_root()
    with exclusive(settings.state, patience=KEEPER_S):
        running = Daemon("hub", settings.state).pid()
        settings = _course(settings)
        if running:  # an upgrade of a gradebook may have stopped a formgrader
            services.formgraders_up(settings)
            standing.up(settings)


def _course(settings: Settings, *, others: Collection[str] = ()) -> Settings:
    """Bring up the course run and all that it needs. `others` are the ports that somebody else may hold."""
    files.folder(settings.state)
    if settings.cluster == "machine" or settings.described:
        databases.check(settings)
    settings = installation.up(settings)
    ports.check(settings, {name: part for name, part in _listeners(settings).items() if name not in others})
    if settings.cluster == "machine":
        accounts.up(settings)
        cluster.up(settings)
    else:
        sudo.up(settings)
        with step("Site checked"):
            installation.check_site(settings)
    databases.upgrade(settings, databases.people(settings))
    with step("People"):
        people_database.up(settings)
        before, known = people.followed(settings), settle.people_up(settings)
    settle.runs_up(settings, known.runs)
    settle.terms_up(settings, before, known.runs)
    return settings


def load_demo(settings: Settings) -> None:
    """Bring the demo people and their course run into a class that is up.

    The machine follows at once, or, where systemd starts the class, with the next `upgrade`.
    """
    needs_root()
    with exclusive(settings.state, patience=KEEPER_S):
        with step("Demo people and a course run"):
            people_database.load_demo(settings)
        if Daemon("hub", settings.state).pid() is not None:
            settle.again(settings)


def correct(settings: Settings, name: str, note: str) -> None:
    """Bring what has changed in a course to the people of a course run, while they work."""
    needs_root()
    with exclusive(settings.state, patience=KEEPER_S):
        correction.correct(settings, name, note)
        standing.up(settings)


def _front(settings: Settings) -> None:
    databases.upgrade(settings, databases.hub(settings))
    with step("Proxy and hub"):
        hub.prepare(settings)
        proxy.up(settings)
        hub.up(settings)
    if nginx.wanted(settings):
        with step("nginx"):
            nginx.up(settings)
    with step("Portal, hand-in service, formgraders and book service"):
        hand_in.up(settings)
        services.up(settings)
    standing.up(settings)
    _book(settings)


def _book(settings: Settings) -> None:
    if not material.book_is_current(settings):
        with step("Notebooks executed on a node, book built"):
            material.serve_book(settings)


def down(settings: Settings) -> None:
    """Stop exactly what `up` started. People's work, grades and accounts stay."""
    needs_root()
    if not settings.state.exists():
        say(f"Nothing to stop: there is no classroom in {settings.state}.")
        return
    with exclusive(settings.state, patience=KEEPER_S):
        with step("Hub, proxy and services stopped"):
            Daemon(keeper.NAME, settings.state).stop()
            for daemon in reversed(_classroom_daemons(settings)):
                daemon.stop()
            standing.down(settings)
        if settings.cluster == "machine":
            cluster.down(settings)
        sudo.down(settings)
        logrotate.down(settings)
        environments.tidy(settings, [one.environment for one in people.read(settings).runs if one.environment])


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
    mine = settings.cluster == "machine"
    cluster_daemons = cluster.processes(Layout(settings)) if mine else []
    parts = {daemon.name: daemon.pid() is not None for daemon in [*cluster_daemons, *_classroom_daemons(settings)]}
    silent = health.silent(settings, [name for name, runs in parts.items() if runs])
    parts |= dict.fromkeys(silent, False)
    parts["address"] = health.address_answers(settings)
    if mine:
        nodes = cluster.node_states(settings) if parts["slurmctld"] else {}
    else:
        nodes = daemons.states(settings.site.slurm.interactive, settings.site.slurm.environment)
    well = all(parts.values()) and bool(nodes) and all(state in daemons.WORKING for state in nodes.values())
    return Status.of(settings, parts, nodes, well=well, silent=silent, at_once=standing.states(settings))


def _classroom_daemons(settings: Settings) -> list[Daemon]:
    """Return what finds and stops proxy, hub and services; it needs none of the secrets that starting them does."""
    formgraders = [services.formgrader_name(place.run) for place in services.open_runs(settings)]
    front = ["nginx"] if nginx.wanted(settings) else []
    return [
        Daemon(name, settings.state)
        for name in ("proxy", "hub", "portal", "book", exchange.NAME, *formgraders, *front, keeper.NAME)
    ]


def _listeners(settings: Settings) -> dict[str, Daemon]:
    layout = Layout(settings)
    front, hub_process, portal, book, *rest = _classroom_daemons(settings)
    found = {part.name: part for part in rest}
    if settings.site.internal_tls:
        found["errors"] = hub_process
    found |= {"public": front, "proxy_api": front, "hub": hub_process, "portal": portal, "book": book}
    if settings.cluster == "machine":
        found |= {"slurmdbd": daemons.accounting(layout), "slurmctld": daemons.controller(layout)}
    return found
