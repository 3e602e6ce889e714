"""The moment of a hand-in: the service says it in ISO 8601, nbgrader keeps it in words of its own."""

from datetime import UTC, datetime


def read(at: str) -> datetime:
    """Return the moment, in UTC without saying so, as nbgrader has it. Raises ValueError where it is none."""
    return datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)


def stamp(at: datetime) -> str:
    """Return how nbgrader writes a moment in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def folder(at: str) -> str:
    """Return how nbgrader calls the folder of the feedback on what was handed in then."""
    return stamp(read(at))
