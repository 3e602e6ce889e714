"""Listing what a course run's account has released, and what was handed in."""

import shutil
from pathlib import Path

from nbgrader.exchange.default import ExchangeList

from . import hand_ins, moments
from .course_run import CourseRunExchange
from .hand_ins import HandIn
from .service import Json


class ListHandIns(CourseRunExchange, ExchangeList):  # type: ignore[misc]  # nbgrader has no types
    """Lists a course run's folders."""

    def init_dest(self) -> None:
        """Find them."""
        student, task = self.coursedir.student_id, self.coursedir.assignment_id
        if self.inbound or self.cached:
            self.found = hand_ins.folders(self.handed_in_folder, student, task)
        else:
            outbound = self.given_folder / "outbound"
            self.assignments = sorted(path for path in outbound.glob(task or "*") if path.is_dir())

    def parse_assignments(self) -> list[Json]:
        """Return what nbgrader shows of each."""
        run = self.coursedir.course_id
        if not (self.inbound or self.cached):
            return [self._released(run, folder) for folder in self.assignments]
        listed = []
        for (student, task), places in self.found.items():
            info = {"course_id": run, "student_id": student, "assignment_id": task, "status": "submitted"}
            each = [self._submission(info, one) for one in hand_ins.readable(places)]
            listed.append({**info, "submissions": sorted(each, key=lambda one: str(one["timestamp"]))})
        return listed

    def remove_files(self) -> list[Json]:
        """Take back what is released. Raises ExchangeError for what was handed in, which nobody takes away."""
        if self.inbound or self.cached:
            self.fail("What was handed in stays: its trainees have receipts for it.")
        listed = self.parse_assignments()
        for folder in self.assignments:
            self.log.info("Removing released assignment: %s %s", self.coursedir.course_id, folder.name)
            shutil.rmtree(folder)
        return listed

    def _released(self, run: str, folder: Path) -> Json:
        books = [{"notebook_id": one.stem, "path": str(one)} for one in sorted(folder.glob("*.ipynb"))]
        status = "removed" if self.remove else "released"
        return {
            **{"course_id": run, "assignment_id": folder.name},
            **{"status": status, "path": str(folder), "notebooks": books},
        }

    def _submission(self, info: Json, one: HandIn) -> Json:
        given = self.given_folder / "feedback" / one.student / one.assignment / one.folder.name
        nothing = {"has_local_feedback": False, "local_feedback_path": None, "feedback_updated": False}
        books: list[Json] = []
        for path in sorted(name for name in one.files if name.endswith(".ipynb")):
            name = Path(path).stem
            there = (given / f"{name}.html").is_file()
            more = {"path": str(one.folder / hand_ins.FILES / path), "has_exchange_feedback": there}
            books.append({"notebook_id": name, **more, **nothing})
        return {
            **info,
            **nothing,
            "number": one.number,
            "timestamp": moments.stamp(one.at),
            "path": str(one.folder / hand_ins.FILES),
            "notebooks": books,
            "has_exchange_feedback": bool(books) and all(book["has_exchange_feedback"] for book in books),
        }
