"""An answer that is no success, with words for whoever asked."""

import errno
import logging

from tornado.web import HTTPError

from aula.submissions.errors import (
    ClosedError,
    DamagedError,
    HandInError,
    NotThereError,
    RefusedError,
    TooBigError,
    TooOftenError,
)

log = logging.getLogger("aula.hand_in")
STATUS = {
    DamagedError: 400,
    TooBigError: 413,
    TooOftenError: 429,
    ClosedError: 403,
    RefusedError: 422,
    NotThereError: 404,
}
"""What each mistake of who asks is in HTTP; the first that fits counts."""
FULL = "There is no space left to keep your work. Nothing was accepted. Tell your instructor, and try again later."
BROKEN = "The service cannot keep or read files now. Try again in a minute; if it stays so, tell your instructor."


class SaidError(HTTPError):
    """Ends a request with a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status)
        self.message = message


def answer_to(error: HandInError | OSError) -> SaidError:
    """Return what is said about an error. What is not for who asks is noted, and said in general words."""
    for kind, status in STATUS.items():
        if isinstance(error, kind):
            return SaidError(status, f"{str(error).removesuffix('.')}.")
    log.error("%s", error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SaidError(507, FULL)
    return SaidError(503, BROKEN)
