"""The keeper: starts again what was killed, where no systemd does, and follows what is changed about people.

What `down` or a person stopped, it leaves alone.
"""

import time
import traceback
from collections.abc import Callable
from functools import partial

from deploy import environments, network
from deploy.classroom import exchange, hand_in, hub, nginx, people_database, proxy, services, settle
from deploy.daemon import Daemon, recorded
from deploy.errors import BusyError, DeployError
from deploy.lock import exclusive
from deploy.progress import say
from deploy.settings import CHECKOUT, Settings
from deploy.slurm import daemons, database, munge
from deploy.slurm.layout import Layout

NAME = "keeper"
LONGEST_WAIT_S = 60.0
STEADY_S = 20.0
HOUR_S = 3600.0


def daemon(settings: Settings) -> Daemon:
    """Return the keeper itself: this project's command `keep`."""
    named = settings.environment_variables
    return Daemon(
        NAME,
        settings.state,
        ["/usr/bin/python3", "-m", "deploy", "keep"],
        cwd=CHECKOUT,
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **named},
        version=f"{environments.fingerprint(CHECKOUT / 'deploy')} {named}",
    )


def up(settings: Settings) -> None:
    """Start it; anew where its code changed, or what it is told of the classroom."""
    daemon(settings).start(lambda: True)


def keep(settings: Settings) -> None:
    """Look every second, for ever."""
    waits: dict[str, Wait] = {}
    expired = time.monotonic()
    while True:
        look(settings, waits)
        follow(settings, waits.setdefault("people", Wait()))
        if time.monotonic() > expired + HOUR_S:
            expired = time.monotonic()
            expire(settings)
        time.sleep(1)


def expire(settings: Settings) -> None:
    """Let course runs that ended long ago be archived, so that their people's accounts and rights end too."""
    try:
        people_database.aula(settings, ["run", "expire"])
    except DeployError as error:
        say(f"{time.strftime('%F %T')} {error}")


def follow(settings: Settings, wait: "Wait") -> None:
    """Make the machine what people's database says, where that has changed."""
    if not wait.over() or not settle.changed(settings):
        return
    try:
        with exclusive(settings.state):
            say(f"{time.strftime('%F %T')} people or course runs have changed")
            settle.again(settings)
    except BusyError:
        return
    except Exception as error:  # noqa: BLE001  whatever one change does: what is killed must be started again
        wait.tried()
        why = error if isinstance(error, DeployError) else traceback.format_exc()
        say(f"{time.strftime('%F %T')} the machine could not follow: {why}")


class Wait:
    """How long to wait before a part that keeps dying is started again: 0, 1, 2, 4 … 60 seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._delay, self._last = 0.0, -LONGEST_WAIT_S

    def over(self) -> bool:
        """Whether it may be tried now."""
        return self._clock() >= self._last + self._delay

    def tried(self) -> None:
        """Note a try: the next one waits longer, unless this part had run steadily since the last."""
        now = self._clock()
        steady = now - self._last > self._delay + STEADY_S
        self._delay = 1.0 if steady else min(max(2 * self._delay, 1.0), LONGEST_WAIT_S)
        self._last = now


def look(settings: Settings, waits: dict[str, Wait]) -> list[str]:
    """Start what has a record but no process. Return the names of what was started."""
    started = []
    ways = _ways(settings)
    for name in _killed(settings, ways):
        wait = waits.setdefault(name, Wait())
        if not wait.over():
            continue
        try:
            with exclusive(settings.state):
                if name in _killed(settings, ways):  # nobody stopped it meanwhile
                    wait.tried()
                    say(f"{time.strftime('%F %T')} {name} is gone: starting it again")
                    ways[name]()
                    started.append(name)
        except BusyError:
            continue
        except DeployError as error:
            say(f"{time.strftime('%F %T')} {name} did not start: {error}")
    return started


def _killed(settings: Settings, ways: dict[str, Callable[[], None]]) -> list[str]:
    return [name for name in ways if recorded(settings.state, name) and Daemon(name, settings.state).pid() is None]


def _ways(settings: Settings) -> dict[str, Callable[[], None]]:
    """Return how each part is started, alone, in the order in which they need each other."""
    ways: dict[str, Callable[[], None]] = {}
    if settings.cluster == "machine":
        layout = Layout(settings)
        ways = {
            "munged": partial(munge.up, layout),
            "mariadb": partial(database.up, layout),
            "slurmdbd": partial(daemons.start_accounting, layout),
            "slurmctld": partial(daemons.start_controller, layout),
        }
        for node in network.nodes(settings):
            ways[daemons.node(layout, node).name] = partial(daemons.start_node, layout, node)
    ways |= {"proxy": partial(proxy.up, settings), "hub": partial(hub.up, settings)}
    if nginx.wanted(settings):
        ways["nginx"] = partial(nginx.up, settings)
    return ways | {
        exchange.NAME: partial(hand_in.up, settings),
        "portal": partial(services.start_portal, settings),
        "book": partial(services.start_book, settings),
        **{
            services.formgrader_name(place.run): partial(services.start_formgrader, settings, place)
            for place in services.open_runs(settings)
        },
    }
