"""Cleaning a pooled account that somebody has left, before it is lent to another person."""

import time

from deploy import accounts, files, network
from deploy.command import run as command
from deploy.command import succeeds
from deploy.daemon import Daemon, end
from deploy.people import People
from deploy.progress import say
from deploy.settings import Settings
from deploy.slurm import daemons
from deploy.slurm.layout import Layout

# What a node keeps of a person outside their home folder.
TEMPORARY = ("/tmp", "/dev/shm", "/var/tmp")  # noqa: S108  the nodes' own, which are cleaned and not used


def up(settings: Settings, known: People) -> list[str]:
    """Clean the accounts that were left, and return their names.

    At a centre the home folders are the centre's: its own program `slurm.associate` is told `leave`, and cleans; an
    account is lent again only once the operator says `aula people cleaned`.
    """
    if settings.cluster != "machine":
        return []
    left = [account.name for account in known.accounts if account.state == "left"]
    for name in left:
        _clean(settings, name)
        say(f"     {name} was cleaned; its files: {settings.state / 'left'}")
    return left


def _clean(settings: Settings, name: str) -> None:
    layout = Layout(settings)
    command(["scancel", f"--user={name}"], env=layout.environment)
    for pid in accounts.processes(name):
        end(pid, within=5)
    _empty_nodes(layout, name)
    home = settings.state / "home" / name
    kept = files.folder(settings.state / "left", mode=0o700) / f"{name}.{time.strftime('%Y-%m-%d-%H%M%S')}"
    if home.is_dir() and not home.is_symlink():
        home.rename(kept)  # out of reach for whoever gets the account next; it costs nothing, however much there is
    files.folder(home, mode=0o700, owner=name, group=name)


def _empty_nodes(layout: Layout, name: str) -> None:
    """Delete what the account has left outside its home folder on each node."""
    for node in network.nodes(layout.settings):
        pid = Daemon(daemons.node(layout, node).name, layout.settings.state).pid()
        if pid is not None:
            enter = ["nsenter", f"--target={pid}", "--mount", "--"]
            succeeds([*enter, "find", *TEMPORARY, "-xdev", "-user", name, "-delete"], timeout=120)
