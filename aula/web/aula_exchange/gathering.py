"""Hand-ins into a course's folder, for `nbgrader collect` and `aula exchange collect`: nbgrader is not needed."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path
from tempfile import TemporaryDirectory

from . import hand_ins, moments
from .errors import DamagedError
from .hand_ins import HandIn

STAMP = "timestamp.txt"


class Gathering:
    """Collects each student's newest hand-in, compared with its receipt, into the folder that a function names."""

    def __init__(
        self,
        target: Callable[[HandIn], Path],
        submitted: Path,
        log: Logger,
        *,
        update: bool = False,
        before_duedate: bool = False,
        due: datetime | None = None,
    ) -> None:
        """Drafts are made in the folder `submitted`, which is above all targets.

        Update takes what is newer than what is there; before_duedate the newest that was in time, if there is.
        """
        self._target, self._submitted, self._log = target, submitted, log
        self._update, self._before_duedate, self._due = update, before_duedate, due

    def collect(self, found: Mapping[str, list[Path]]) -> list[str]:
        """Collect what each student has handed in, the newest first; return what is damaged, and whose that is."""
        damaged = []
        self._submitted.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".collected-", dir=self._submitted) as drafts:
            for student, places in found.items():
                try:
                    self._collect(self._wanted(places), Path(drafts, student))
                except (DamagedError, OSError) as error:
                    damaged.append(f"{student}: {error}")
                    self._log.error("%s %s is not collected: %s", student, places[0].parts[-2], error)
        return damaged

    def _wanted(self, places: list[Path]) -> HandIn:
        """Return the newest; where that was asked for, the newest before it was due, if there is one."""
        if self._before_duedate and self._due:
            for one in hand_ins.readable(places):
                if one.at <= self._due:
                    return one
        return hand_ins.read(places[0])

    def _collect(self, one: HandIn, draft: Path) -> None:
        target = self._target(one)
        if target.is_dir():
            last = stamp(target)
            newer = self._update and (last is None or one.at > last)
            if not newer and not (self._before_duedate and last != one.at):
                hint = "No newer submission to collect" if self._update else "Collected already, see --update"
                self._log.info("%s: %s %s", hint, one.student, one.assignment)
                return
        hand_ins.copy(one, draft)
        (draft / STAMP).write_text(moments.stamp(one.at), encoding="utf-8")
        if target.is_dir():
            self._log.info("Updating submission: %s %s", one.student, one.assignment)
            shutil.rmtree(target)
        else:
            self._log.info("Collecting submission: %s %s", one.student, one.assignment)
            target.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(target)


def stamp(folder: Path) -> datetime | None:
    """Return when what is collected was handed in; None where that cannot be read."""
    try:
        text = (folder / STAMP).read_text(encoding="utf-8").strip()
        moment = datetime.fromisoformat(text.removesuffix(" UTC").strip())
    except (OSError, ValueError):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
