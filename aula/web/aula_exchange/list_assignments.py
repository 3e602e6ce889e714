"""Listing what is released, fetched and handed in, in the shape that JupyterLab's Assignments panel reads."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeList

from . import moments, pages, session
from .errors import ServiceError
from .person import AulaExchange
from .service import Json


class List(AulaExchange, ExchangeList):  # type: ignore[misc]  # nbgrader has no types
    """Lists the assignments of one course run, or of all that the person is in."""

    def init_dest(self) -> None:
        """Find the course runs."""
        self.runs = [self.coursedir.course_id] if self.coursedir.course_id else session.runs(self.asking)

    def parse_assignments(self) -> list[Json]:
        """Return what nbgrader shows of each assignment."""
        found: list[Json] = []
        for run in self.runs:
            for task in self._of(run):
                if self.task and self.task != task["name"]:
                    continue
                if not (self.inbound or self.cached):
                    found.append(self._released(run, task))
                elif task["submissions"]:
                    found.append(self._handed_in(run, task))
        return found

    def remove_files(self) -> None:
        """Refuse it. Raises ExchangeError."""
        self.fail("What is released or handed in cannot be removed from here. You can hand in again.")

    def _of(self, run: str) -> list[Json]:
        """Return a run's assignments; nothing of one among others that cannot be asked, which is logged."""
        try:
            return self.service.assignments(run)
        except ServiceError as error:
            if error.status and not self.coursedir.course_id:
                self.log.warning("%s: %s", run, error)
                return []
            raise

    def _released(self, run: str, task: Json) -> Json:
        folder = self.folder(run, task["name"])
        info: Json = {"course_id": run, "assignment_id": task["name"]}
        if folder.exists():
            own = sorted(folder.glob("*.ipynb"))
            books = [{"notebook_id": one.stem, "path": str(one)} for one in own]
            return {**info, "status": "fetched", "path": str(folder), "notebooks": books}
        address = self.service.address(run, "assignments", task["name"])
        books = [{"notebook_id": name, "path": f"{address}/{name}.ipynb"} for name in task["notebooks"]]
        return {**info, "status": "released", "path": address, "notebooks": books}

    def _handed_in(self, run: str, task: Json) -> Json:
        info: Json = {"course_id": run, "student_id": self.coursedir.student_id, "assignment_id": task["name"]}
        info["status"] = "submitted"
        folder = self.folder(run, task["name"])
        each = [self._submission(info, task["notebooks"], one, folder) for one in task["submissions"]]
        return {**info, "submissions": sorted(each, key=lambda one: one["timestamp"])}

    def _submission(self, info: Json, names: list[str], one: Json, folder: Path) -> Json:
        books = [_notebook(name, one, folder) for name in names]
        local = all(book["has_local_feedback"] for book in books)
        return {
            **info,
            "number": one["number"],
            "timestamp": moments.folder(one["at"]),
            "path": str(folder),
            "notebooks": books,
            "has_local_feedback": local,
            "has_exchange_feedback": all(book["has_exchange_feedback"] for book in books),
            "feedback_updated": any(book["feedback_updated"] for book in books),
            "local_feedback_path": str(pages.place(folder, one)) if local else None,
        }


def _notebook(name: str, one: Json, folder: Path) -> Json:
    page, digest = pages.place(folder, one) / f"{name}.html", one["feedback"].get(f"{name}.html")
    local = page.is_file()
    return {
        "notebook_id": name,
        "path": str(folder / f"{name}.ipynb"),
        "has_local_feedback": local,
        "has_exchange_feedback": bool(digest),
        "local_feedback_path": str(page) if local else None,
        "feedback_updated": bool(local and digest and pages.is_new(page, digest)),
    }
