"""A storm of hand-ins on a service that is killed in the middle of it, again and again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from tornado.testing import bind_unused_port

from aula.submissions import receipts
from aula.submissions.keys import PublicKey
from aula.submissions.receipts import Receipt
from aula.submissions.store import Store
from tests.aula.submissions.archive import good
from tests.aula.web.hand_in.answering_hub import hub, token_of
from tests.aula.web.hand_in.running import PREFIX, RUN, laid_out, serving

SEED = 20_261_128
SENDERS = 8
EACH = 12
"""People of one sender; each hands in twice a second or so, and no more than 64 times."""


class Storm:
    """People who hand in without a pause, each time something else, and keep the receipts that they get."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]
        self.receipts: list[Receipt] = []
        self.wrong: list[str] = []

    @contextmanager
    def raging(self) -> Iterator[None]:
        """Hand in while the block lasts."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(30)

    def _send(self, sender: int) -> None:
        count = 0
        while not self._over.is_set():
            count += 1
            body = good(text=f"{sender} {count}".encode() * 2000, **{f"{number}": b"x" * 5000 for number in range(5)})
            address = f"{self._address}{PREFIX}runs/{RUN}/assignments/sums/submissions"
            headers = {"Authorization": f"token {token_of(name_of(sender, count))}"}
            try:
                answer = requests.post(address, data=body, headers=headers, timeout=30)
            except requests.ConnectionError:
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.receipts.append(receipts.of(answer.text))
            elif answer.status_code != 429:
                self.wrong.append(answer.text)


def name_of(sender: int, count: int) -> str:
    """Return who hands in."""
    return f"trainee-{sender}-{count % EACH}"


def weather(folder: Path, rounds: int) -> tuple[int, int]:
    """Kill the service so often; return how many receipts were given, and how many hand-ins are kept.

    Raises AssertionError where a receipt cannot be honoured, or something half is there.
    """
    handed_in, given = laid_out(folder, "sums")
    key = folder / "receipts.key"
    people = {name_of(sender, count): [f"nbgrader-{RUN}"] for sender in range(SENDERS) for count in range(EACH)}
    listening, port = bind_unused_port()
    listening.close()
    moments = random.Random(SEED)  # noqa: S311  no secret

    async def end(servers: list[Any]) -> None:
        for one in servers:
            await one.close_all_connections()

    with serving((lambda _: hub(people), None), end=end) as (address,):
        storm = Storm(f"http://127.0.0.1:{port}")
        with storm.raging():
            for _ in range(rounds):
                before = len(storm.receipts)
                service = started(port, address, handed_in, given, key)
                wait_for(lambda before=before: len(storm.receipts) > before + 5)  # type: ignore[misc]  # mypy cannot tell
                time.sleep(moments.uniform(0, 0.5))
                service.send_signal(signal.SIGKILL)
                service.wait()
        assert storm.wrong == []
        service = started(port, address, handed_in, given, key)
        health = f"http://127.0.0.1:{port}{PREFIX}health"
        wait_for(lambda: answers(health))
        service.terminate()
        assert service.wait(30) == 0
    honoured(storm.receipts, handed_in, PublicKey.read(key.with_name("receipts.key.pub")))
    return len(storm.receipts), len(Store(handed_in).submissions(RUN))


def honoured(given: list[Receipt], handed_in: Path, key: PublicKey) -> None:
    """Raise AssertionError where a receipt that was given is not of what is kept, or anything half is kept."""
    store = Store(handed_in)
    for receipt in given:
        receipts.verify(receipt, [key])
        store.check(receipt)
    assert len({(one.student, one.number) for one in given}) == len(given)
    kept = store.submissions(RUN)
    for one in kept:
        store.check(store.receipt(one))
    assert len(kept) == len(list((handed_in / RUN).glob("*/*/*"))), "something is there that is no hand-in"
    assert list((handed_in / RUN / ".new").iterdir()) == []


def started(port: int, hub_address: str, handed_in: Path, given: Path, key: Path) -> "subprocess.Popen[bytes]":
    """Start the service."""
    words = [sys.executable, "-m", "aula.web.hand_in", "--port", str(port), "--key-file", str(key)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "JUPYTERHUB_API_TOKEN": "the-services-own-token",
        "JUPYTERHUB_API_URL": f"{hub_address}/hub/api",
    }
    log = (key.parent / "log").open("ab")
    with log:
        return subprocess.Popen(
            [*words, "--handed-in", handed_in, "--given", given], env=environment, stdout=log, stderr=log
        )


def wait_for(there: Any, seconds: float = 60) -> None:
    """Wait until something is so. Raises AssertionError where it does not become so."""
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def answers(address: str) -> bool:
    """Whether a service answers."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False
