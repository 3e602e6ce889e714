"""How long it takes from handing in to the result at once, alone, with the standing job there: for `BENCH=grade`."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from nbgrader.utils import notebook_hash

from aula import at_once
from tests.grading.assignments import TASKS

HAND_INS = 10
BEGINS_S = 60.0


def from_submit_s(python: Path, environment: dict[str, str], run: Path, place: Path) -> float:
    """Hand in work of the course run one after the other; return the median of the seconds until its page is there."""
    (run / at_once.FILE).write_text(f'{{"{TASKS[0]}": 1000}}')
    for name in ("inbound", "feedback"):
        (place / name).mkdir(parents=True)
    work = sorted((run / "submitted").glob(f"*/{TASKS[0]}"))[:HAND_INS]
    with _job(python, environment, run, place):
        return median(_one(folder, place) for folder in work)


def _one(work: Path, exchange: Path) -> float:
    """Hand in once, and wait for the page."""
    secret = secrets.token_hex(64)
    made = exchange / "inbound" / f"ana+{work.name}+2026-11-09 22:59:00 UTC+{secrets.token_urlsafe(9)}"
    page = exchange / "feedback" / f"{notebook_hash(secret=secret, notebook_id=work.name)}.html"
    began = time.perf_counter()
    shutil.copytree(work, made)
    (made / "timestamp.txt").write_text("2026-11-09 22:59:00 UTC")
    (made / "submission_secret.txt").write_text(secret)
    made.chmod(0o777)
    while not page.exists():
        assert time.perf_counter() < began + BEGINS_S, "the standing job gave no result"
        time.sleep(0.01)
    return time.perf_counter() - began


@contextmanager
def _job(python: Path, environment: dict[str, str], run: Path, exchange: Path) -> Iterator[None]:
    """Run a standing job, ready before the block begins."""
    words = [python, "-P", "-m", "aula.grading.standing.job", run, exchange]
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    with subprocess.Popen(words, env={**os.environ, **environment, "PATH": path}, stdout=subprocess.DEVNULL) as job:
        try:
            end = time.monotonic() + BEGINS_S
            while not (exchange / "at_once.json").exists():
                assert job.poll() is None, "the standing job ended"
                assert time.monotonic() < end, "the standing job did not begin"
                time.sleep(0.05)
            yield
        finally:
            job.terminate()
