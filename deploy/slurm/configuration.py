"""Slurm's configuration files, written from the settings."""

import hashlib
import os
from pathlib import Path
from string import Template

from deploy import demo, files
from deploy.network import hosts, nodes, public_name
from deploy.settings import Settings
from deploy.slurm.layout import Layout

TEMPLATES = Path(__file__).parent / "templates"
HEAD = "head"
CPUS = 8
MEMORY_MB = 6144
"""What a node has of each, where the machine has as much: for a server, a lesson's jobs, and a job that grades."""
READ_BY_NODES = ("cgroup.conf", "openmpi-mca-params.conf")
"""What a node reads beside slurm.conf."""


def write(layout: Layout) -> None:
    """Write every file and the folders that it names."""
    files.folder(layout.root)
    files.folder(layout.run, owner="slurm", group="slurm")
    files.folder(layout.controller_state, mode=0o700, owner="slurm", group="slurm")
    for node in nodes(layout.settings):
        files.folder(layout.spool(node.name))
    values = _values(layout)
    files.write(layout.conf, _render("slurm.conf", values))
    for name in READ_BY_NODES:
        files.write(layout.root / name, _render(name, values))
    files.write(layout.dbd_conf, _render("slurmdbd.conf", values), mode=0o600, owner="slurm", group="slurm")
    names = {layout.settings.local(HEAD): layout.settings.head_address}
    names |= {host.name: host.address for host in hosts(layout.settings)}
    if layout.settings.head_apart:
        public = public_name(layout.settings)
        # A list of hosts knows no wildcard: of the names below, this is the one that the site check asks for.
        names |= {f"{public} aula-check.{public}": layout.settings.service_address}
    listing = "".join(f"{address} {name}\n" for name, address in names.items())
    files.write(layout.root / "hosts", "127.0.0.1 localhost\n" + listing)


def version(layout: Layout) -> str:
    """Return a hash of what the cluster's daemons read at their start; of nothing before it is written."""
    paths = (layout.conf, *(layout.root / name for name in (*READ_BY_NODES, "hosts")))
    read = [path for path in paths if path.exists()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()


def cluster_name(settings: Settings) -> str:
    """Return what Slurm and its accounting call the cluster."""
    return settings.name.replace("-", "_")


def _render(name: str, values: dict[str, str]) -> str:
    return Template((TEMPLATES / name).read_text()).substitute(values)


def _values(layout: Layout) -> dict[str, str]:
    settings = layout.settings
    memory_mb = min(
        MEMORY_MB, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 // (settings.nodes + 1)
    )
    lines = [
        f"NodeName={node.name} NodeAddr={node.address} CPUs={CPUS} RealMemory={memory_mb} State=UNKNOWN"
        for node in nodes(settings)
    ]
    return {
        "cluster": cluster_name(settings),
        "head": settings.local(HEAD),
        "head_address": settings.head_address,
        "controller_port": str(settings.port_of("slurmctld")),
        "dbd_port": str(settings.port_of("slurmdbd")),
        "root": str(layout.root),
        "controller_state": str(layout.controller_state),
        "spool": str(layout.root / "spool"),
        "run": str(layout.run),
        "munge_socket": str(layout.munge_socket),
        "nodes": "\n".join(lines),
        "node_names": ",".join(node.name for node in nodes(settings)),
        "house_account": demo.house_account(settings),
        **_cgroup_values(),
    }


def _cgroup_values() -> dict[str, str]:
    """Say which version of control groups holds the memory controller: both are mounted on many machines."""
    if Path("/sys/fs/cgroup/memory").is_dir():
        return {"cgroup_plugin": "cgroup/v1", "cgroup_mountpoint": "/sys/fs/cgroup"}
    return {"cgroup_plugin": "cgroup/v2", "cgroup_mountpoint": "/sys/fs/cgroup"}
