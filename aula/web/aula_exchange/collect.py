"""Collecting what was handed in: each student's newest, with the service's time. The receipt stays where it is."""

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from . import hand_ins, moments
from .course_run import CourseRunExchange
from .errors import DamagedError
from .hand_ins import HandIn

STAMP = "timestamp.txt"


class Collect(CourseRunExchange, ExchangeCollect):  # type: ignore[misc]  # nbgrader has no types
    """Copies hand-ins into the course's folder, each compared with its receipt."""

    def init_src(self) -> None:
        """Find them."""
        student, task = self.coursedir.student_id, self.coursedir.assignment_id
        left_out = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        found = hand_ins.folders(self.handed_in_folder, student, task)
        self.found = {name: places for (name, _), places in found.items() if name not in left_out}
        self.due = self._due() if self.before_duedate else None

    def copy_files(self) -> None:
        """Collect them. What is damaged is named when the others are collected: raises ExchangeError then."""
        task, damaged = self.coursedir.assignment_id, []
        if not self.found:
            self.log.warning("Nothing is handed in of '%s' of '%s'", task, self.coursedir.course_id)
        for student, places in self.found.items():
            try:
                self._collect(self._wanted(places))
            except (DamagedError, OSError) as error:
                damaged.append(f"{student}: {error}")
                self.log.error("%s %s is not collected: %s", student, task, error)
        if damaged:
            self.fail(f"Not collected, {len(damaged)} of {len(self.found)}, the others are: " + "; ".join(damaged))

    def _due(self) -> datetime | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as book:
            try:
                due: datetime | None = book.find_assignment(self.coursedir.assignment_id).duedate
            except MissingEntry:
                return None
        return due

    def _wanted(self, places: list[Path]) -> HandIn:
        """Return the newest; where that was asked for, the newest before it was due, if there is one."""
        if self.due:
            for one in hand_ins.readable(places):
                if one.at <= self.due:
                    return one
        return hand_ins.read(places[0])

    def _collect(self, one: HandIn) -> None:
        target = Path(self.coursedir.format_path(self.coursedir.submitted_directory, one.student, one.assignment))
        if target.is_dir():
            last = _stamp(target)
            newer = self.update and (last is None or one.at > last)
            if not newer and not (self.before_duedate and last != one.at):
                hint = "No newer submission to collect" if self.update else "Collected already, see --update"
                self.log.info("%s: %s %s", hint, one.student, one.assignment)
                return
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".collected-", dir=target.parent) as name:
            draft = Path(name, one.assignment)
            hand_ins.copy(one, draft)
            (draft / STAMP).write_text(moments.stamp(one.at), encoding="utf-8")
            if target.is_dir():
                self.log.info("Updating submission: %s %s", one.student, one.assignment)
                shutil.rmtree(target)
            else:
                self.log.info("Collecting submission: %s %s", one.student, one.assignment)
            draft.rename(target)


def _stamp(folder: Path) -> datetime | None:
    """Return when what is collected was handed in; None where that cannot be read."""
    try:
        found: datetime = parse_utc((folder / STAMP).read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return None
    return found
