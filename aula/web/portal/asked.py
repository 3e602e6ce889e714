"""A comment or a regrade request as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from aula.people.tables import Request


@dataclass(frozen=True)
class Asked:
    """What somebody asked, and what they were answered."""

    number: int
    assignment: str
    hand_in: int
    name: str
    full_name: str
    kind: str
    notebook: str
    cell: str
    text: str
    points: float | None
    at: datetime
    state: str
    answer: str
    outcome: str
    answered: datetime | None
    answerer: str
    new: bool

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """Return a request's values."""
        state = "withdrawn" if request.withdrawn else "answered" if request.answered else "open"
        return cls(
            request.id,
            request.assignment,
            request.number,
            request.person.name,
            request.person.full_name,
            request.kind,
            request.notebook or "",
            request.cell or "",
            request.text,
            request.points,
            request.at,
            state,
            request.answer or "",
            request.outcome or "",
            request.answered,
            request.answerer.full_name if request.answerer else "",
            request.answered is not None and request.seen is None,
        )
