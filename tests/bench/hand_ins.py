"""A whole class that hands in within ten seconds: what came of it, for `BENCH=exchange`."""

import hashlib
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
from tornado.testing import bind_unused_port

from aula.submissions import receipts
from aula.submissions.errors import ReceiptError
from aula.submissions.keys import PublicKey
from aula.submissions.receipts import Receipt
from aula.submissions.store import Store
from tests.aula.submissions.archive import CELL, notebook, packed
from tests.aula.web.hand_in.answering_hub import hub, token_of
from tests.aula.web.hand_in.running import PREFIX, RUN, laid_out, serving
from tests.aula.web.hand_in.storm import answers, started, wait_for

TASK, STUDENTS, WITHIN_S = "sums", 500, 10.0
CELLS, TABLE_BYTES, SEED = 20, 20_000, 20_261_128


class HandIns:
    """What everybody sends, the service's folders afterwards, and how it went."""

    def __init__(self, folder: Path) -> None:
        self.handed_in, self.given = laid_out(folder, TASK)
        self._key = folder / "receipts.key"
        self.files = {f"student-{number:03}": files_of(number) for number in range(STUDENTS)}
        self.receipts: dict[str, Receipt] = {}
        self.took: list[float] = []

    def send(self) -> None:
        """Let everybody hand in at a moment of their own, to the service as a process of its own."""
        listening, port = bind_unused_port()
        listening.close()
        with serving((lambda _: hub({who: [f"nbgrader-{RUN}"] for who in self.files}), None), end=_close) as (address,):
            service = started(port, address, self.handed_in, self.given, self._key)
            try:
                wait_for(lambda: answers(f"http://127.0.0.1:{port}{PREFIX}health"))
                self._storm(f"http://127.0.0.1:{port}{PREFIX}runs/{RUN}/assignments/{TASK}/submissions")
            finally:
                service.terminate()
                service.wait(60)

    def _storm(self, address: str) -> None:
        bodies = {who: packed(files) for who, files in self.files.items()}
        moments = random.Random(SEED)  # noqa: S311  no secret
        began = time.perf_counter()

        def hand_in(who: str) -> None:
            time.sleep(max(0.0, began + moments.uniform(0, WITHIN_S) - time.perf_counter()))
            sent = time.perf_counter()
            headers = {"Authorization": f"token {token_of(who)}"}
            answer = requests.post(address, data=bodies[who], headers=headers, timeout=120)
            self.took.append(time.perf_counter() - sent)
            if answer.status_code == requests.codes.created:
                self.receipts[who] = receipts.of(answer.text)

        with ThreadPoolExecutor(STUDENTS) as pool:
            list(pool.map(hand_in, self.files))

    def kept(self, who: str) -> bool:
        """Whether somebody has a receipt that is ours, and what lies there is what they sent, by its hash."""
        try:
            receipts.verify(self.receipts[who], [PublicKey.read(self._key.with_name("receipts.key.pub"))])
            Store(self.handed_in).check(self.receipts[who])
        except (KeyError, ReceiptError):
            return False
        place = self.handed_in / RUN / who / TASK / f"{self.receipts[who].number:04}" / "files"
        return digests(place) == {
            name: hashlib.sha256(content).hexdigest() for name, content in self.files[who].items()
        }

    @property
    def told(self) -> dict[str, Any]:
        """How it went."""
        ordered = sorted(self.took)
        return {
            "hand-ins": len(self.files),
            "within_s": WITHIN_S,
            "receipts": len(self.receipts),
            "lost": sum(not self.kept(who) for who in self.files),
            "median_s": round(statistics.median(ordered), 3),
            "percentile_99_s": round(ordered[int(0.99 * len(ordered))], 3),
            "longest_s": round(ordered[-1], 3),
        }


def files_of(number: int) -> dict[str, bytes]:
    """Return what a student hands in: a notebook of twenty cells, and a table beside it."""
    chosen = random.Random(number)  # noqa: S311  no secret
    cells = [{**CELL, "source": f"# {chosen.random()}\n" * 20} for _ in range(CELLS)]
    return {
        f"{TASK}.ipynb": notebook(cells=cells),
        "data.csv": json.dumps(number).encode() + b",1\n" * (TABLE_BYTES // 3),
    }


def digests(folder: Path) -> dict[str, str]:
    """Return the hash of each file in a folder but nbgrader's time stamp."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "timestamp.txt"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def _close(servers: list[Any]) -> None:
    for one in servers:
        await one.close_all_connections()
