"""The whole test site: up, down, status. The class on it is brought up by the very path of CLUSTER=site."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy import accounts, demo, files, network, packages, people
from deploy.classroom.classroom import needs_root
from deploy.classroom.status import Status
from deploy.daemon import Daemon
from deploy.errors import DeployError
from deploy.lock import exclusive
from deploy.progress import say, step
from deploy.settings import Settings
from deploy.slurm import associations, cluster, daemons
from deploy.slurm.layout import Layout
from deploy.testsite import certificate, description, service_node


def centre(settings: Settings) -> Settings:
    """Return the site as its own staff sees it: a cluster whose machines see nothing of the service node's disks."""
    return replace(
        settings,
        cluster="machine",
        state=settings.state.with_name(f"{settings.state.name}-site"),
        strange_to=(settings.state, settings.prefix),
    )


def up(settings: Settings) -> Status:
    """Build the site, then bring up the class from its service node. Return what runs."""
    needs_root()
    there = centre(settings)
    with exclusive(there.state):
        _build(settings, there)
    for command, online in (("install", False), ("up", True)):
        if service_node.deploy(there, command, _environment(settings), network=online).returncode:
            raise DeployError(f"The class did not come up on the service node of {settings.name}: see above.")
    load_demo(settings)
    name, address = network.public_name(there), there.service_address
    rules = f"MAP {name} {address},MAP *.{name} {address}"
    say(f'\nNo DNS knows {name}. Start a browser that does:\nchromium --host-resolver-rules="{rules}"')
    return status(settings)


def staff(there: Settings) -> dict[str, Any]:
    """Return whom the centre's own staff have given an account: the demo people and the pool."""
    own = [(there.local(name), company and there.local(company)) for name, (_, _, company, *_) in demo.PEOPLE.items()]
    accounts = [
        {"name": name, "pooled": name in there.site.pool, "state": "taken", "person": None, "company": company}
        for name, company in [*own, *((name, None) for name in there.site.pool)]
    ]
    companies = [there.local(company) for company in demo.COMPANIES]
    return {"version": 0, "companies": companies, "accounts": accounts, "runs": [], "waiting": []}


def load_demo(settings: Settings) -> None:
    """Bring the demo people into the class on the service node."""
    there = centre(settings)
    if service_node.deploy(there, "demo", _environment(settings)).returncode:
        raise DeployError(f"The demo people did not reach the service node of {settings.name}: see above.")


def _build(settings: Settings, there: Settings) -> None:
    say(f"The site {there.name}: state in {there.state}, service node {there.service_address}.")
    with step("Debian's packages"):
        packages.ensure((*packages.CLUSTER, *packages.SERVICE))
    files.folder(there.state)
    files.write(people.file(there), json.dumps(staff(there)))
    for folder in (settings.state, settings.prefix):
        files.folder(folder)
    accounts.up(there)
    graders = there.site.run_accounts[: description.RUNS]
    for name in graders:
        accounts.course_run_up(there, name)
    cluster.up(there)
    associations.admit(Layout(there), graders)
    with step("Service node"):
        service_node.up(there)
    with step("Certificate, site.yml"):
        for name in ("software", "course"):
            files.folder(_shared(there) / name)
        pair = certificate.up(settings.state / "tls", network.public_name(there))
        files.write(_site_file(settings), description.document(there, _shared(there), *pair) + "\n")


def down(settings: Settings) -> None:
    """Stop the class, then the site. Home folders, work and grades stay."""
    needs_root()
    there = centre(settings)
    if not there.state.exists():
        say(f"Nothing to stop: there is no site in {there.state}.")
        return
    if service_node.daemon(there).pid() is not None:
        service_node.deploy(there, "down", _environment(settings))
    with exclusive(there.state):
        service_node.daemon(there).stop()
        cluster.down(there)


def remove(settings: Settings) -> None:
    """Stop it and remove its accounts and folders: for a site that was only a test."""
    there = centre(settings)
    down(settings)
    accounts.remove(there)
    for folder in (settings.state, there.state):
        shutil.rmtree(folder, ignore_errors=True)


def remains(settings: Settings) -> list[str]:
    """Return what a site that is down still holds of this machine."""
    there = centre(settings)
    found = [f"process {part.name}" for part in processes(there) if part.pid() is not None]
    found += [f"process {pid} of {name}" for name in accounts.names(there) for pid in accounts.processes(name)]
    return [*found, *network.remains(there)]


def processes(there: Settings) -> list[Daemon]:
    """Return the site's daemons, without those of the class."""
    return [*cluster.processes(Layout(there)), service_node.daemon(there)]


def status(settings: Settings) -> Status:
    """Ask the service node how the class is, and look at the site's own parts."""
    there = centre(settings)
    parts = {part.name: part.pid() is not None for part in processes(there)}
    nodes = cluster.node_states(there) if parts["slurmctld"] else {}
    if not parts["service-node"]:
        return Status.of(there, parts, nodes, well=False)
    answer = service_node.deploy(there, "status", {**_environment(settings), "JSON": "1"}, quiet=True)
    now = Status(**json.loads(answer.stdout))
    well = all(parts.values()) and all(state in daemons.WORKING for state in nodes.values())
    return replace(now, healthy=now.healthy and well, parts={**parts, **now.parts}, nodes=nodes)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "CLUSTER": "site",
        "SITE": str(_site_file(settings)),
        "NAME": settings.name,
        "PREFIX": str(settings.prefix),
        "STATE": str(settings.state),
        "PORT": str(settings.port),
        **({"KEPT": str(settings.kept)} if settings.kept else {}),
    }


def _site_file(settings: Settings) -> Path:
    return settings.state / "site.yml"


def _shared(there: Settings) -> Path:
    """Return the project's folder among the home folders: all that the site's machines share."""
    return there.state / "home" / "project"
