"""What the standing job tells of itself: to the hand-in service that it is there, to the operator what ails it."""

import json
import os
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from aula import closed

BEAT_S = 5.0
HERE, STATE = "at_once.json", "state.json"


class Signs:
    """Two small files, written anew every few seconds: one for the service, one in the run's own closed folder."""

    def __init__(self, given: Path, folder: Path) -> None:
        closed.make(folder)
        self._here, self._state = given / HERE, folder / STATE
        self._last = float("-inf")

    def beat(self, assignments: Collection[str], troubles: Mapping[str, str], answered: int) -> None:
        """Write both, if it is time."""
        if time.monotonic() < self._last + BEAT_S:
            return
        self._last = time.monotonic()
        _write(self._here, {"assignments": sorted(assignments)})
        job = {"host": os.uname().nodename, "job": os.environ.get("SLURM_JOB_ID", "")}
        _write(self._state, {**job, "answered": answered, "troubles": dict(troubles)})

    def end(self) -> None:
        """Let nobody wait for it any more."""
        self._here.unlink(missing_ok=True)


def _write(path: Path, said: object) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(said), encoding="utf-8")
    draft.chmod(0o640)
    draft.rename(path)
