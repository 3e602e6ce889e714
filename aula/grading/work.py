"""What is to be graded, and where: on this machine, or as jobs of Slurm."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aula.grading.handed_in import Submission
from aula.grading.limits import Limits
from aula.grading.mark import Graded
from aula.grading.record import Records

Coming = Generator[tuple[Submission, Graded | str], None, None]
"""What comes of submissions; a text says why nothing could come of one."""
LONGER = "needs longer: goes to the end of the queue"


@dataclass(frozen=True)
class Work:
    """An assignment of a course run, and what each submission may use."""

    run_dir: Path
    assignment: str
    jobs: int
    """How many are tried at once, in one place."""
    limits: Limits
    cell_s: float

    @property
    def source(self) -> Path:
        """The author's folder of the assignment."""
        return self.run_dir / "source" / self.assignment


class Place(Protocol):
    """Where submissions are graded."""

    def grade(
        self, work: Work, todo: Mapping[Submission, str], records: Records, tell: Callable[[str], None]
    ) -> Coming:
        """Yield what comes of each submission with its digest, as it comes.

        All that was graded is kept in the records. Raises GradingError where nothing can be graded.
        """
