"""Ports that we must listen on: ours, free, or somebody else's."""

import socket

from deploy import listeners
from deploy.classroom import places, services
from deploy.daemon import Daemon
from deploy.errors import PortTakenError
from deploy.settings import PORT_OFFSETS, Settings

_FREEBIND = 15  # IP_FREEBIND of linux/in.h: the nodes' network may not be there yet


def check(settings: Settings, running: dict[str, Daemon]) -> None:
    """Raise PortTakenError where a stranger listens on a port of ours. `running`: who may listen, by port name."""
    ours = {what: settings.port_of(what) for what in PORT_OFFSETS}
    ours |= {services.formgrader_name(place.run): place.port(settings) for place in places.known(settings)}
    wanted = {what: ("127.0.0.1", port) for what, port in ours.items() if what in running}
    site = settings.site
    for_nodes = {"hub": (site.node_address, site.hub_port), "hand-in": (site.node_address, site.hand_in_port)}
    for what, (address, port) in {**wanted, **for_nodes}.items():
        owner = running.get(what)
        if owner is not None and owner.pid() is not None:
            continue
        if _taken(address, port):
            other = "" if what in for_nodes else f", or choose other ports: PORT={settings.port + 100} make up"
            stranger = listeners.who(port) or f"another program: ss -ltnp 'sport = :{port}' shows which"
            raise PortTakenError(f"Port {port} ({what}) is taken by {stranger}. Stop it{other}")


def _taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.setsockopt(socket.IPPROTO_IP, _FREEBIND, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False
