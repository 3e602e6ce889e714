"""Whether a part that runs also answers: one cheap question for each, all asked at once."""

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from deploy import network
from deploy.classroom import exchange, hand_in, http, internal_tls, nginx, proxy, services
from deploy.daemon import Daemon, is_frozen
from deploy.settings import Settings
from deploy.slurm import daemons, database, munge
from deploy.slurm.layout import Layout

# The hub looks every 2 s whether the proxy has all routes.
ROUTES_S = 20.0


def silent(settings: Settings, running: Iterable[str]) -> list[str]:
    """Return which of the running parts do not answer: they hang, or something stopped them half-way."""
    questions = _questions(settings)
    names = list(running)

    def hangs(name: str) -> bool:
        pid = Daemon(name, settings.state).pid()
        return pid is not None and (is_frozen(pid) or not questions.get(name, lambda: True)())

    with ThreadPoolExecutor(max_workers=max(len(names), 1)) as pool:
        return [name for name, hung in zip(names, pool.map(hangs, names), strict=True) if hung]


def _questions(settings: Settings) -> dict[str, Callable[[], bool]]:
    """Return how each part is asked. Slurm's daemons, munge and MariaDB answer root alone."""
    found: dict[str, Callable[[], bool]] = {
        "proxy": partial(proxy.healthy, settings),
        "hub": partial(http.well, f"{internal_tls.hub_api(settings)}hub/health"),
        exchange.NAME: partial(hand_in.answers, settings),
        "portal": partial(http.answers, f"http://127.0.0.1:{settings.port_of('portal')}/"),
        "book": partial(http.answers, f"http://127.0.0.1:{settings.port_of('book')}/"),
    }
    for place in services.open_runs(settings):
        address = f"http://127.0.0.1:{place.port(settings)}/"
        found[services.formgrader_name(place.run)] = partial(http.answers, address)
    if nginx.wanted(settings):
        found["nginx"] = partial(nginx.answers, settings)
    if os.geteuid() == 0 and settings.cluster == "machine":
        layout = Layout(settings)
        found |= {
            "munged": partial(munge.answers, layout),
            "mariadb": partial(database.answers, layout),
            "slurmdbd": partial(daemons.accounting_answers, layout),
            "slurmctld": partial(daemons.controller_answers, layout),
        }
        for node in network.nodes(settings):
            found[daemons.node(layout, node).name] = partial(daemons.node_answers, layout, node)
    return found


def address_answers(settings: Settings) -> bool:
    """Whether the address that people open leads to the hub, to the book, and to each open run's formgrader."""
    front, host = f"http://127.0.0.1:{settings.port_of('public')}", settings.site.host
    formgraders = (f"/services/{place.run}/api" for place in services.open_runs(settings))
    return all(http.well(front + path, host) for path in ("/hub/health", services.BOOK, *formgraders))


def wait_for_address(settings: Settings) -> None:
    """Wait for the proxy to learn its routes, which the hub tells it soon after both have started."""
    deadline = time.monotonic() + ROUTES_S
    while not address_answers(settings) and time.monotonic() < deadline:
        time.sleep(0.1)
