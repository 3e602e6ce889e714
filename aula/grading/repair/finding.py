"""Which file is the notebook that was handed in: people rename it, or hand in a copy."""

import re

from aula.grading.errors import SubmissionError
from aula.grading.handed_in import Submission, files
from aula.grading.repair import reading
from aula.grading.repair.reading import Received

SUFFIX = ".ipynb"
MOST_NAMED = 5
ODD = re.compile(r"[^\w ().+-]")
"""What of a file's name is not told: it ends in pages."""
LONGEST = 80


def read(submission: Submission) -> Received:
    """Return the notebook of a submission: the one that is called as it was released, or else the only other one.

    Raises SubmissionError, for its sender to read, where it cannot be told or read.
    """
    wanted = submission.notebook
    others = [
        path
        for path in files(submission.folder)
        if path.suffix.lower() == SUFFIX and path != wanted and ".ipynb_checkpoints" not in path.parts
    ]
    names = ", ".join(f"'{ODD.sub('?', path.name)[:LONGEST]}'" for path in others[:MOST_NAMED])
    if wanted.is_file() or wanted.is_symlink() or not others:
        found = reading.read(wanted)
        if others:
            found.said.append(f"there was another notebook, which was not looked at: {names}")
        return found
    if len(others) > 1:
        raise SubmissionError(f"none of the notebooks is called {wanted.name}: rename yours, and hand it in again")
    found = reading.read(others[0])
    found.said.insert(0, f"the notebook was called {names}")
    return found
