"""The service node: a machine of its own that may submit to the site's Slurm, and on which the class runs."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy import network
from deploy.command import succeeds
from deploy.daemon import Daemon
from deploy.settings import CHECKOUT, Settings
from deploy.slurm import configuration
from deploy.slurm.layout import Layout

SCRIPT = Path(__file__).parent / "service_node.sh"


def daemon(centre: Settings) -> Daemon:
    """Return the process that holds the service node's namespaces: its munged."""
    layout = Layout(centre)
    node = network.service(centre)
    return Daemon(
        "service-node",
        centre.state,
        [
            "nsenter",
            f"--net=/run/netns/{node.name}",
            "unshare",
            "--uts",
            "--mount",
            SCRIPT,
            node.name,
            layout.root,
            *(centre.state / part for part in ("slurm", "log", "run")),
        ],
        version=configuration.version(layout),
    )


def up(centre: Settings) -> None:
    """Start it and wait until Slurm's commands reach the site's controller from there."""
    process = daemon(centre)
    process.start(lambda: (pid := process.pid()) is not None and succeeds([*entered(pid), "scontrol", "ping"]))


def entered(pid: int, *, network: bool = True) -> list[str]:
    """Return the command that runs another one on the service node; without its network for what installs software."""
    return ["nsenter", f"--target={pid}", "--mount", "--uts", *(["--net"] if network else []), "--"]


def deploy(
    centre: Settings, command: str, environment: Mapping[str, str], *, network: bool = True, quiet: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run one of this project's commands on the service node, as its operator would; `quiet` returns what it printed.

    Its standard output is the caller's unless `quiet`.
    """
    pid = daemon(centre).pid()
    words = ["env", f"--chdir={CHECKOUT}", *(f"{key}={value}" for key, value in environment.items())]
    return subprocess.run(
        [*entered(pid or 0, network=network), *words, "/usr/bin/python3", "-m", "deploy", command],
        env={key: value for key, value in os.environ.items() if key not in ("NODES", "SUBNET", "JSON")},
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )
