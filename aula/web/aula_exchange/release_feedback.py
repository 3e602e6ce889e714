"""Releasing feedback: each page goes to the hand-in that was graded, which the time in its folder names."""

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import parse_utc

from . import hand_ins
from .course_run import CourseRunExchange, read_by_the_group
from .errors import DamagedError
from .gathering import STAMP
from .giving import READ


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
        number = self._number(student, folder)
        target = Path(self.dest_path, student, folder.name, number)
        for page in self._pages(folder):
            target.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=target, prefix=".", suffix=".html", delete=False) as file:
                draft = Path(file.name)
            try:
                shutil.copyfile(page, draft)
                draft.chmod(READ)
                draft.replace(target / page.name)
            finally:
                draft.unlink(missing_ok=True)
            self.log.info("Feedback released to: %s", target / page.name)

    def _pages(self, folder: Path) -> list[Path]:
        """Return the pages of the assignment's notebooks; beside them lies what was handed in, or noted for us."""
        released = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", folder.name))
        return [page for one in sorted(released.glob("*.ipynb")) if (page := folder / f"{one.stem}.html").is_file()]

    def _number(self, student: str, folder: Path) -> str:
        """Return the number of the hand-in that feedback is on. Raises DamagedError where there is none."""
        try:
            at = parse_utc((folder / STAMP).read_text(encoding="utf-8").strip())
        except (OSError, ValueError, OverflowError) as error:
            raise DamagedError(f"{folder / STAMP} cannot be read: grade it again ({error})") from error
        of = hand_ins.folders(self.handed_in_folder, student, folder.name)
        for one in hand_ins.readable(of.get((student, folder.name), [])):
            if one.at == at:
                return one.folder.name
        raise DamagedError(f"nothing was handed in at {at} UTC: collect it and grade it again")
