"""Debian's packages that a classroom needs."""

import shutil
from pathlib import Path

from deploy.command import run, succeeds
from deploy.errors import DeployError

CLUSTER = (
    "slurmctld",
    "slurmd",
    "slurm-client",
    "slurmdbd",
    "munge",
    "mariadb-server",
    "libpmix-dev",  # Slurm's pmix plugin opens libpmix.so, which only this package has
    "openmpi-bin",
    "iproute2",
    "bubblewrap",
    "sudo",
    "python3-venv",
    "logrotate",
)
# What a service node needs, where Slurm itself is the site's.
SERVICE = (
    *("slurm-client", "munge", "iproute2", "bubblewrap", "sudo", "python3-venv", "nginx-light", "openssl"),
    "logrotate",
)
BROWSER = ("chromium", "fonts-dejavu-core")
# For the check of the units that we write; nothing of it runs.
UNITS = ("systemd",)
# For tests on the other kind of database; its own server is not started.
POSTGRESQL = ("postgresql",)
# For an image of the user environment.
PACKING = ("squashfs-tools",)
NODE_JS = ("nodejs", "npm")


def ensure(names: tuple[str, ...]) -> list[str]:
    """Install the packages that are missing, and return their names. No daemon of theirs is started."""
    wanted = missing(names)
    if wanted:
        if not Path("/etc/debian_version").exists():
            raise DeployError(f"This is not Debian. Install these yourself, then run this again: {' '.join(wanted)}")
        remedy = "Can this machine reach its package mirror? Try: apt-get update"
        policy = Path("/usr/sbin/policy-rc.d")
        ours = not policy.exists()
        if ours:  # Debian would start the machine's own MariaDB and Slurm; ours are started by us
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
        try:
            run(["dpkg", "--configure", "--pending"], timeout=600)  # what an interrupted run left half done
            run(["apt-get", "update", "-qq"], remedy=remedy)
            run(
                ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *wanted],
                env={"DEBIAN_FRONTEND": "noninteractive"},
                timeout=1800,
                remedy=remedy,
            )
        finally:
            if ours:
                policy.unlink()
    return wanted


def ensure_node() -> None:
    """Install Node.js and npm where there is none: the proxy runs on any from 18 on."""
    if not (shutil.which("node") and shutil.which("npm")):
        ensure(NODE_JS)


def missing(names: tuple[str, ...]) -> list[str]:
    """Return the packages that are not installed."""
    return [
        name
        for name in names
        if not succeeds(["dpkg-query", "--show", "--showformat", "${Version}", name])
        or not run(["dpkg-query", "--show", "--showformat", "${Status}", name]).endswith(" installed")
    ]
