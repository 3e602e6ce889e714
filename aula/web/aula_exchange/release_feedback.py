"""Releasing feedback: each page goes to the hand-in that was graded, which the time in its folder names."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import parse_utc

from . import hand_ins
from .course_run import CourseRunExchange, read_by_the_group
from .errors import DamagedError
from .gathering import STAMP
from .giving import READ

Points = dict[str, float]
POINTS = "points.json"
"""Beside the pages: the points that are released with them."""


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Yield a file beside a path, to be written; it takes the path's place when it is whole."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
        draft = Path(file.name)
    try:
        yield draft
        draft.chmod(READ)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class ReleaseFeedback(CourseRunExchange, ExchangeReleaseFeedback):  # type: ignore[misc]  # nbgrader has no types
    """Puts pages where the hand-in service finds them, over a result at once."""

    def init_dest(self) -> None:
        """Find where they are given."""
        self.dest_path = str(self.given_folder / "feedback")

    def copy_files(self) -> None:
        """Give them. A page whose hand-in is not found is named at the end: raises ExchangeError then."""
        task, lost = self.coursedir.assignment_id, []
        left_out = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        format_path, kind = self.coursedir.format_path, self.coursedir.feedback_directory
        self._graded = self._of_gradebook(task)
        graded = sorted(Path(format_path(kind, ".", ".")).glob(f"{self.coursedir.student_id or '*'}/{task}"))
        with read_by_the_group():
            for folder in graded:
                if (student := folder.parent.name) in left_out:
                    continue
                try:
                    self._give(student, folder)
                except (DamagedError, OSError) as error:
                    lost.append(f"{student}: {error}")
                    self.log.error("Feedback of %s on %s is not released: %s", student, task, error)
        if lost:
            self.fail(f"Feedback was not released for {len(lost)}, for the others it was: {'; '.join(lost)}")

    def _give(self, student: str, folder: Path) -> None:
        at = self._moment(folder)
        target = Path(self.dest_path, student, folder.name, self._number(student, folder, at))
        points = self._graded.get((student, at))
        for page in self._pages(folder):
            target.mkdir(parents=True, exist_ok=True)
            with drafted(target / page.name) as draft:
                shutil.copyfile(page, draft)
            self.log.info("Feedback released to: %s", target / page.name)
        if points and target.is_dir():
            with drafted(target / POINTS) as draft:
                draft.write_text(json.dumps(points), encoding="utf-8")

    def _pages(self, folder: Path) -> list[Path]:
        """Return the pages of the assignment's notebooks; beside them lies what was handed in, or noted for us."""
        released = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", folder.name))
        return [page for one in sorted(released.glob("*.ipynb")) if (page := folder / f"{one.stem}.html").is_file()]

    def _of_gradebook(self, task: str) -> dict[tuple[str, datetime], Points]:
        """Return the points that the gradebook has, by student and the moment of what was handed in."""
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                return {(one.student_id, one.timestamp): _points(one) for one in gradebook.assignment_submissions(task)}
        except MissingEntry:
            return {}

    def _moment(self, folder: Path) -> datetime:
        """Return when that was handed in which feedback is on. Raises DamagedError where nothing says it."""
        try:
            at: datetime = parse_utc((folder / STAMP).read_text(encoding="utf-8").strip())
        except (OSError, ValueError, OverflowError) as error:
            raise DamagedError(f"{folder / STAMP} cannot be read: grade it again ({error})") from error
        return at

    def _number(self, student: str, folder: Path, at: datetime) -> str:
        """Return the number of the hand-in that feedback is on. Raises DamagedError where there is none."""
        of = hand_ins.folders(self.handed_in_folder, student, folder.name)
        for one in hand_ins.readable(of.get((student, folder.name), [])):
            if one.at == at:
                return one.folder.name
        raise DamagedError(f"nothing was handed in at {at} UTC: collect it and grade it again")


def _points(submission: Any) -> Points:
    """Return the points of what was handed in: the penalty is not taken off the score."""
    penalty = float(submission.late_submission_penalty or 0.0)
    return {"score": float(submission.score), "max_score": float(submission.max_score), "late_penalty": penalty}
