"""Answering one hand-in: its files are taken, tried, and what the visible tests say is put where nbgrader looks."""

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from aula.grading.errors import LongerError, SubmissionError
from aula.grading.handed_in import Submission
from aula.grading.standing import page
from aula.grading.standing.handed_in import HandedIn
from aula.grading.standing.warm import LIMITS, Ready

LEFT_OUT = (
    "Links, and what is no file of yours, were left out: hand in the files themselves, the grading leaves them out, too"
)
USED_UP = "You have had all your results at once for this assignment."
BROKEN = "There is no result at once: the tests broke off. Your work is handed in, and is graded all the same."
SLOW = f"This took longer than a result at once may take: {LIMITS.turn_s:g} s of computing."
SLOW_MORE = (
    "The grading gives your work more time. If you did not expect this, look for a loop that does not end, then "
    "hand in again"
)


def answer(ready: Ready, one: HandedIn, left: int) -> str:
    """Return the page of a hand-in, whose sender has so many results left after it."""
    try:
        with TemporaryDirectory(prefix="aula-") as name:
            more = [LEFT_OUT] if one.take(Path(name)) else []
            at = datetime.fromtimestamp(one.at, UTC).replace(tzinfo=None)
            graded = ready.tries.grade(Submission("", one.assignment, Path(name), at), "")
    except LongerError:
        return page.none(ready.known, one.at, SLOW, [SLOW_MORE])
    except SubmissionError as error:
        return page.none(ready.known, one.at, "There is no result at once.", [str(error)])
    return page.result(ready.known, graded, one.at, left, more)


def put(text: str, feedback: Path, name: str) -> bool:
    """Put a page where nbgrader looks for a hand-in's feedback; return False where there is one, which stays."""
    draft = feedback / f".{secrets.token_hex(8)}.html"
    try:
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)
        os.link(draft, feedback / name)  # never over the grading's own
    except FileExistsError:
        return False
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return True
