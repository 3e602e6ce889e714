"""Rotation of the class's logs, by the machine's own logrotate."""

from pathlib import Path

from deploy import files
from deploy.settings import Settings

# copytruncate: the daemons go on writing to the file that they have open, at its end.
TEXT = """# Written by make up; changes here are lost.
{state}/log/*.log {{
    weekly
    maxsize 50M
    rotate 8
    compress
    delaycompress
    missingok
    notifempty
    copytruncate
    su root root
}}
"""


def up(settings: Settings) -> None:
    """Tell logrotate of the logs."""
    files.write(path(settings), TEXT.format(state=settings.state))


def down(settings: Settings) -> None:
    """Let logrotate forget them."""
    path(settings).unlink(missing_ok=True)


def path(settings: Settings) -> Path:
    """Return the file in which logrotate reads of them."""
    return Path("/etc/logrotate.d") / settings.name
