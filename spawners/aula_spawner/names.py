"""Which names may reach a command line: far fewer than Unix, Slurm or JupyterHub would take."""

import re

from aula_spawner.errors import UnsafeValueError

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_RULE = "use 1 to 31 small letters, digits and hyphens, starting with a letter"


def safe_user_name(name: str) -> str:
    """Return the name of a person if it may stand on a command line."""
    if not NAME.fullmatch(name):
        raise UnsafeValueError(f"the user name {name[:40]!r} cannot have a server: {_RULE}")
    return name


def safe_server_name(name: str) -> str:
    """Return the name of a server ('' is the default one) if it may stand in an address."""
    if name and not NAME.fullmatch(name):
        raise UnsafeValueError(f"the server name {name[:40]!r} is not allowed: {_RULE}")
    return name
