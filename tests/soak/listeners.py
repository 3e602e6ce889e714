"""When each person's server began to listen on its node, as the node's kernel sees it."""

import pwd
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from deploy import network
from deploy.command import run
from deploy.settings import Settings

LOOK_S = 0.5


class Listeners:
    """Looks at the ports of all nodes, again and again."""

    def __init__(self, settings: Settings) -> None:
        self._nodes = [node.name for node in network.nodes(settings)]
        self._seen: dict[tuple[int, str], float] = {}
        self._over = Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look while the block lasts."""
        thread = Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def since(self, account: str) -> float:
        """Return when an account's newest server was first seen to listen (of time.monotonic); 0 where none was."""
        uid = pwd.getpwnam(account).pw_uid
        return max((moment for (owner, _), moment in self._seen.items() if owner == uid), default=0.0)

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            now = time.monotonic()
            self._seen = {one: self._seen.get(one, now) for node in self._nodes for one in _listening(node)}


def _listening(node: str) -> Iterator[tuple[int, str]]:
    """Yield owner and address of what listens on a node for others than the node itself."""
    words = ["ss", "--listening", "--tcp", "--numeric", "--no-header", "--extended"]
    for line in run(["nsenter", f"--net=/run/netns/{node}", *words]).splitlines():
        fields = line.split()
        owner = next((int(field[4:]) for field in fields if field.startswith("uid:")), 0)
        if owner and not fields[3].startswith("127."):
            yield owner, f"{node} {fields[3]}"
