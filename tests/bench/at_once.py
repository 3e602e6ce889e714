"""How long it takes from handing in to the result at once, alone, with the standing job there: for `BENCH=grade`."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from aula.grading.standing import answers
from aula.release import at_once
from aula.submissions.keys import Key
from aula.submissions.store import Store
from tests.grading.assignments import TASKS

HAND_INS = 10
BEGINS_S = 60.0
RUN = "bench"


def from_submit_s(python: Path, environment: dict[str, str], run: Path, place: Path) -> float:
    """Hand in work of the course run one after the other; return the median of the seconds until its page is there."""
    (run / at_once.FILE).write_text(f'{{"{TASKS[0]}": 1000}}')
    for name in ("handed-in", "given"):
        (place / name / RUN).mkdir(parents=True)
    work = sorted((run / "submitted").glob(f"*/{TASKS[0]}"))[:HAND_INS]
    store = Store(place / "handed-in", Key.kept(place / "key"))
    with _job(python, environment, run, place):
        return median(_one(folder, store, place) for folder in work)


def _one(work: Path, store: Store, place: Path) -> float:
    """Hand in once, and wait for the page."""
    began = time.perf_counter()
    room = store.room(RUN)
    shutil.copytree(work, room, dirs_exist_ok=True)
    receipt = store.accept(RUN, work.parent.name, work.name, room, datetime.now(UTC))
    one = store.get(RUN, work.parent.name, work.name, receipt.number)
    page = answers.place(place / "given" / RUN / "feedback", one)
    while not page.exists():
        assert time.perf_counter() < began + BEGINS_S, "the standing job gave no result"
        time.sleep(0.01)
    return time.perf_counter() - began


@contextmanager
def _job(python: Path, environment: dict[str, str], run: Path, place: Path) -> Iterator[None]:
    """Run a standing job, ready before the block begins."""
    given = place / "given" / RUN
    words = [python, "-P", "-m", "aula.grading.standing.job", run, place / "handed-in" / RUN, given]
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    with subprocess.Popen(words, env={**os.environ, **environment, "PATH": path}, stdout=subprocess.DEVNULL) as job:
        try:
            end = time.monotonic() + BEGINS_S
            while not (given / "at_once.json").exists():
                assert job.poll() is None, "the standing job ended"
                assert time.monotonic() < end, "the standing job did not begin"
                time.sleep(0.05)
            yield
        finally:
            job.terminate()
