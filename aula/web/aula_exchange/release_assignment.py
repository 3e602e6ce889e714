"""Releasing an assignment: it is given whole, in place of the one before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.exchange.default import ExchangeReleaseAssignment

from . import giving
from .course_run import CourseRunExchange, read_by_the_group


class ReleaseAssignment(CourseRunExchange, ExchangeReleaseAssignment):  # type: ignore[misc]  # nbgrader has no types
    """Puts an assignment where the hand-in service finds it."""

    def init_dest(self) -> None:
        """Find where it is given."""
        self.dest_path = str(self.given_folder / "outbound" / self.coursedir.assignment_id)

    def copy_files(self) -> None:
        """Give it. Raises ExchangeError where it is given already, unless --force says that it is replaced."""
        target, named = Path(self.dest_path), f"{self.coursedir.course_id} {self.coursedir.assignment_id}"
        if target.is_dir() and not self.force:
            self.fail(f"Destination already exists, add --force to overwrite: {named}")
        with read_by_the_group(), TemporaryDirectory(prefix=".released-", dir=self.given_folder) as name:
            draft = Path(name, "new")
            self.do_copy(self.src_path, str(draft))
            self.set_perms(str(draft), fileperms=giving.READ, dirperms=giving.ENTER)
            if target.is_dir():
                self.log.info("Overwriting files: %s", named)
            giving.put(draft, target, Path(name, "old"))
        self.log.info("Released as: %s", named)
