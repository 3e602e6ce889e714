"""What can go wrong between a trainee's server and the hand-in service."""

from contextvars import ContextVar

REFUSED: ContextVar[str] = ContextVar("REFUSED", default="")
"""Why what was asked last was refused: nbgrader's panel would show where in its code that was, and another reason."""
LEFT_OUT: ContextVar[tuple[str, ...]] = ContextVar("LEFT_OUT", default=())
"""What was not handed in of the folder that was handed in last, and why."""


class ServiceError(Exception):
    """The service refused something, or does not answer; the text is for the trainee, `status` is HTTP's, or 0."""

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


class DamagedError(Exception):
    """A hand-in on the file system is not what its receipt says; the text is for the instructor."""
