"""What all exchanges of a course run's account have in common: two folders, of which it writes one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.exchange.default import Exchange
from traitlets import Unicode

LET_THE_GROUP_READ = 0o027
"""A umask: the group is the service's, which each new folder has from the one above it."""


class CourseRunExchange(Exchange):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's exchange for the account of a course run: it reads what was handed in, and writes what is given."""

    handed_in = Unicode("", help="The folder where the hand-in service keeps, for each run, what it took.").tag(
        config=True
    )
    given = Unicode("", help="The folder where the service finds, for each run, what trainees are given.").tag(
        config=True
    )

    def ensure_root(self) -> None:
        """Look for no folder that everybody may write: there is none."""

    @property
    def handed_in_folder(self) -> Path:
        """What was handed in of the course run. Raises ExchangeError where it is not there."""
        return self._there(self.handed_in, "CourseRunExchange.handed_in")

    @property
    def given_folder(self) -> Path:
        """What trainees of the course run are given. Raises ExchangeError where it is not there."""
        return self._there(self.given, "CourseRunExchange.given")

    def _there(self, root: str, trait: str) -> Path:
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        folder = Path(root, self.coursedir.course_id)
        if not root or not os.access(folder, os.R_OK | os.X_OK):
            self.fail(f"{folder} cannot be read: make up makes it, {trait} names the folder above it")
        return folder


@contextmanager
def read_by_the_group() -> Iterator[None]:
    """Let what is made in the block be read by its group, and by nobody else."""
    before = os.umask(LET_THE_GROUP_READ)
    try:
        yield
    finally:
        os.umask(before)
