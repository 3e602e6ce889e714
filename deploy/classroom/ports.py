"""Ports that we must listen on: ours, free, or somebody else's."""

import socket

from deploy.daemon import Daemon
from deploy.errors import PortTakenError
from deploy.settings import PORT_OFFSETS, Settings


def check(settings: Settings, running: dict[str, Daemon]) -> None:
    """Raise PortTakenError where a stranger listens on a port of ours. `running`: who may listen, by port name."""
    for what in PORT_OFFSETS:
        owner = running.get(what)
        if owner is not None and owner.pid() is not None:
            continue
        port = settings.port_of(what)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTakenError(
                    f"Port {port} ({what}) is taken by another program: ss -ltnp 'sport = :{port}' shows which. "
                    f"Stop it, or choose other ports: PORT={settings.port + 100} make up"
                ) from error
