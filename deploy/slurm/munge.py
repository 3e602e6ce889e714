"""Munge: the key by which the cluster's daemons and commands prove who speaks."""

import os

from deploy import files
from deploy.command import succeeds
from deploy.daemon import Daemon
from deploy.slurm.layout import Layout

KEY_BYTES = 1024


def daemon(layout: Layout) -> Daemon:
    """Return this cluster's own munged, beside any other on the machine."""
    return Daemon(
        "munged",
        layout.settings.state,
        [
            "/usr/sbin/munged",
            "--foreground",
            f"--socket={layout.munge_socket}",
            f"--key-file={layout.munge}/key",
            f"--seed-file={layout.munge}/seed",
            f"--log-file={layout.munge}/log",
            f"--pid-file={layout.munge}/pid",
        ],
        user="munge",
    )


def up(layout: Layout) -> None:
    """Make a key once, also where a crash left an empty one, and start munged."""
    files.folder(layout.munge, mode=0o700, owner="munge", group="munge")
    files.folder(layout.munge_socket.parent, owner="munge", group="munge")
    key = layout.munge / "key"
    if not key.exists() or key.stat().st_size < KEY_BYTES:
        key.unlink(missing_ok=True)
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
    os.chown(key, layout.munge.stat().st_uid, layout.munge.stat().st_gid)
    process = daemon(layout)
    if process.pid() is None:
        layout.munge_socket.unlink(missing_ok=True)
    process.start(lambda: answers(layout))


def answers(layout: Layout) -> bool:
    """Whether munged gives credentials."""
    return succeeds(["munge", f"--socket={layout.munge_socket}", "--no-input"], timeout=5)
