"""The program by which the hub sees every job of this machine's Slurm, which hides people's jobs from each other.

It takes no arguments and lists ids, states, nodes and reasons: as Slurm's own account, which alone may see all.
"""

import shlex
from pathlib import Path

from deploy import files
from deploy.settings import Settings
from deploy.slurm.layout import Layout

ACCOUNT = "slurm"
# What the spawner reads (aula_spawner.slurm.squeue.FORMAT).
FORMAT = "%A|%T|%B|%P|%Q|%S|%r"


def program(settings: Settings) -> Path:
    """Return where it lies: root's, for everybody to read."""
    return settings.prefix / "bin" / "aula-jobs"


def command(settings: Settings) -> list[str]:
    """Return the words by which the hub lists all jobs: on a centre's Slurm its program, if it has one."""
    if settings.cluster != "machine":
        return [str(settings.site.slurm.jobs)] if settings.site.slurm.jobs else []
    return ["/usr/bin/sudo", "-n", "-u", ACCOUNT, str(program(settings))]


def write(settings: Settings) -> None:
    """Write it."""
    variables = {"PATH": "/usr/bin:/bin", **Layout(settings).environment}
    clean = " ".join(shlex.quote(f"{key}={value}") for key, value in variables.items())
    squeue = f"{settings.site.slurm.commands}/squeue --noheader --states=all --format={shlex.quote(FORMAT)}"
    files.folder(program(settings).parent)
    text = f"#!/bin/sh\n# Lists every job, for the hub of {settings.name}.\nexec env -i {clean} {squeue}\n"
    files.write(program(settings), text, mode=0o755)
