"""Collecting what was handed in: each student's newest, with the service's time. The receipt stays where it is."""

from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect

from . import hand_ins
from .course_run import CourseRunExchange
from .gathering import Gathering
from .hand_ins import HandIn


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
        if not self.found:
            self.log.warning(
                "Nothing is handed in of '%s' of '%s'", self.coursedir.assignment_id, self.coursedir.course_id
            )
        submitted = Path(self.coursedir.format_path(self.coursedir.submitted_directory, ".", "."))
        asked_for = {"update": self.update, "before_duedate": self.before_duedate, "due": self.due}
        gathering = Gathering(self._target, submitted, self.log, **asked_for)
        if damaged := gathering.collect(self.found):
            self.fail(f"Not collected, {len(damaged)} of {len(self.found)}, the others are: " + "; ".join(damaged))

    def _due(self) -> datetime | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as book:
            try:
                due: datetime | None = book.find_assignment(self.coursedir.assignment_id).duedate
            except MissingEntry:
                return None
        return due

    def _target(self, one: HandIn) -> Path:
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, one.student, one.assignment))
