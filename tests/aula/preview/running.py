"""`aula preview` as an author starts it, on a small course that the test may edit."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.aula.small_course import write_course

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
State = dict[str, Any]


class Running:
    """A preview that runs: the course's folder, the printed address, and a browser's questions."""

    def __init__(self, course: Path, printed: str, process: int) -> None:
        self.course, self.printed, self.process = course, printed, process
        self.base = printed.partition("/key/")[0]
        self.browser = requests.Session()
        self.browser.get(printed, timeout=PATIENCE_S).raise_for_status()

    def page(self, address: str) -> str:
        """Return what a browser gets at an address of the course."""
        answer = self.browser.get(f"{self.base}/{address}", timeout=PATIENCE_S)
        answer.encoding = "utf-8"
        return answer.text

    def wait(self, address: str, expected: Callable[[State], bool]) -> State:
        """Follow the news of a page, as its script does, until they are as expected."""
        end = time.monotonic() + PATIENCE_S
        url, query = f"{self.base}/events", {"address": address}
        with self.browser.get(url, params=query, stream=True, timeout=PATIENCE_S) as news:
            for line in news.iter_lines(chunk_size=1):
                if line.startswith(b"data: ") and expected(state := dict(json.loads(line[6:]))):
                    return state
                assert time.monotonic() < end, f"{address} is not as expected: {line!r}"
        raise AssertionError(f"{address}: the news ended")

    def version(self, address: str) -> int:
        """Return which version of a page there is."""
        return int(self.wait(address, lambda _: True)["version"])

    def see(self, address: str, *texts: str) -> str:
        """Follow the news of a page until it shows all these texts; return it."""
        self.wait(address, lambda _: all(text in self.page(address) for text in texts))
        return self.page(address)


def begin(root: Path) -> Path:
    """Write the small course under root, with all that its preview needs there; return its folder."""
    course = write_course(root)
    (course / "index.md").write_text("# Small course\n\nFor the tests.\n", encoding="utf-8")
    shutil.copytree(ROOT / "book", root / "book")
    shutil.copy(ROOT / "pyproject.toml", root)
    return course


@contextmanager
def running(root: Path) -> Iterator[Running]:
    """Write the small course under root, start its preview, and end it."""
    course = begin(root)
    words = [sys.executable, "-m", "aula.cli", "--root", str(root), "preview", "small"]
    with subprocess.Popen(words, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            assert said.startswith("Open http://127.0.0.1:")
            yield Running(course, said.split()[1], process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'spawners'}", "PYTHONWARNINGS": ""}
