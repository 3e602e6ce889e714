"""Answering one hand-in: its files are tried, and what the visible tests say is put as its feedback."""

import os
import secrets
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from aula.grading.errors import LongerError, SubmissionError
from aula.grading.handed_in import Submission, files
from aula.grading.standing import page
from aula.grading.standing.warm import LIMITS, Ready
from aula.submissions.store import HandedIn

MOST_BYTES, MOST_FILES = 20_000_000, 200
"""What a hand-in may have to be tried at once; the grading takes more."""
USED_UP = "You have had all your results at once for this assignment."
BROKEN = "There is no result at once: the tests broke off. Your work is handed in, and is graded all the same."
SLOW = f"This took longer than a result at once may take: {LIMITS.turn_s:g} s of computing."
SLOW_MORE = (
    "The grading gives your work more time. If you did not expect this, look for a loop that does not end, then "
    "hand in again"
)


def answer(ready: Ready, one: HandedIn, left: int) -> str:
    """Return the page of a hand-in, whose sender has so many results left after it."""
    at = one.at.timestamp()
    try:
        _check_size(one.files)
        moment = one.at.astimezone(UTC).replace(tzinfo=None)
        graded = ready.tries.grade(Submission("", one.assignment, one.files, moment), "")
    except LongerError:
        return page.none(ready.known, at, SLOW, [SLOW_MORE])
    except SubmissionError as error:
        return page.none(ready.known, at, "There is no result at once.", [str(error)])
    return page.result(ready.known, graded, at, left)


def place(feedback: Path, one: HandedIn) -> Path:
    """Return where the feedback on a hand-in lies."""
    return feedback / one.student / one.assignment / f"{one.number:04}" / f"{one.assignment}.html"


def put(text: str, target: Path) -> bool:
    """Put a page where the feedback on a hand-in lies; return False where there is one, which stays.

    Folders have the modes that the process gives, and the group of the one above them: the hand-in service's.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{secrets.token_hex(8)}.html")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o640)
        os.link(draft, target)  # never over the grading's own
    except FileExistsError:
        return False
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return True


def _check_size(folder: Path) -> None:
    """Raise SubmissionError where it is too much to be tried at once."""
    found = files(folder)
    if len(found) > MOST_FILES or sum(path.stat().st_size for path in found) > MOST_BYTES:
        most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
        raise SubmissionError(f"what was handed in has over {most}, which is too much for a result now")
