"""How long each notebook took in its last runs: a line of JSON for each run, beside the reports."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from aula.course import Value
from aula.run.job import Job, Result

NAME = "history.jsonl"
MOST = 30
"""How many runs of one notebook are remembered, the last ones."""


@dataclass(frozen=True)
class Past:
    """One run of a notebook that ended clean."""

    notebook: str  # as reports name it
    started: str
    seconds: float
    hardware: str
    parameters: dict[str, Value]


class History:
    """The history of a folder of runs."""

    def __init__(self, out: Path) -> None:
        self._path = out / NAME

    def add(self, jobs: Iterable[Job], results: Iterable[Result]) -> None:
        """Remember what ran clean just now; what is of an earlier run is known, and the oldest runs are forgotten."""
        parameters = {job.title: job.parameters for job in jobs}
        new = [
            Past(result.title, result.started, result.seconds, result.hardware, parameters[result.title])
            for result in results
            if result.state == "ok" and not result.cached
        ]
        if new:
            lines = [json.dumps(asdict(past)) for past in _bounded([*self._read(), *new])]
            fresh = self._path.with_name(f".{NAME}")
            fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
            fresh.replace(self._path)

    def like(self, title: str, hardware: str, parameters: dict[str, Value]) -> list[Past]:
        """Return the runs of a notebook that can be compared: with these values, on such a machine; oldest first."""
        return [
            past
            for past in self._read()
            if past.notebook == title and past.hardware == hardware and past.parameters == parameters
        ]

    def _read(self) -> Iterator[Past]:
        """Yield every run; a line that is none, as one that a power cut left, is passed over."""
        if not self._path.is_file():
            return
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                past = Past(**json.loads(line))
                if isinstance(past.seconds, int | float):
                    yield past
            except (ValueError, TypeError):
                continue


def _bounded(runs: list[Past]) -> list[Past]:
    """Return the last runs of each notebook, in their order."""
    kept, counts = [], dict.fromkeys((past.notebook for past in runs), 0)
    for past in reversed(runs):
        counts[past.notebook] += 1
        if counts[past.notebook] <= MOST:
            kept.append(past)
    return kept[::-1]
