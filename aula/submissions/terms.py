"""The terms of a run's assignments, as the machine writes them from people's database, and what they mean.

Whether something is late is never stored: it follows from its time and the terms of today, whenever somebody looks.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from aula import time_zones
from aula.submissions.errors import ClosedError, NotThereError, StoreError
from aula.submissions.following import opened, read

log = logging.getLogger("aula.hand_in")
FILE = "terms.json"
DAY = timedelta(days=1)
NONE = timedelta()
Percent = Annotated[float, Field(ge=0, le=100)]


def _zone(name: str) -> str:
    """Return the name of a time zone. Raises ValueError for what is none."""
    if name not in time_zones.names():
        raise ValueError("no time zone")
    return name


class Part(BaseModel):
    """A part of the file. What a later version adds is let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LateRule(Part):
    """What each day begun after the due date costs, of the points that can be had: how much at most; how soon."""

    percent_per_day: Percent = 0.0
    most_percent: Percent = 100.0
    grace_minutes: Annotated[int, Field(ge=0)] = 0

    def percent(self, late: timedelta) -> float:
        """Return what being so late costs, in percent of the points."""
        if late <= timedelta(minutes=self.grace_minutes):
            return 0.0
        return min(-(-late // DAY) * self.percent_per_day, self.most_percent)


class Terms(Part):
    """The terms of one assignment."""

    title: str
    points: float
    due: AwareDatetime
    accepted_until: AwareDatetime | None = None
    attempts: Annotated[int, Field(ge=1)] | None = None
    late: LateRule = LateRule()
    extensions: dict[str, AwareDatetime] = {}
    by: dict[str, str] = {}
    """Whose doing it is: an extension by the student's name, the rest under ""."""

    def due_for(self, student: str) -> datetime:
        """Return when it is due for somebody: never earlier than for all."""
        return max(self.due, self.extensions.get(student, self.due))

    def extended(self, student: str) -> bool:
        """Whether somebody has longer than all."""
        return self.due_for(student) > self.due

    def closes(self, student: str) -> datetime | None:
        """Return until when hand-ins of somebody are taken, None where there is no bound; an extension moves it on."""
        return self.accepted_until and self.accepted_until + (self.due_for(student) - self.due)

    def late_by(self, student: str, at: datetime) -> timedelta:
        """Return how much later than due something was handed in; nothing where it was in time."""
        return max(at - self.due_for(student), NONE)

    def penalty(self, points: float, student: str, at: datetime) -> float:
        """Return what somebody loses for being late, of so many points that can be had at most."""
        return max(points, 0.0) * self.late.percent(self.late_by(student, at)) / 100

    def used_up(self, used: int) -> bool:
        """Whether somebody who has handed in so often may not again."""
        return self.attempts is not None and used >= self.attempts

    def check(self, student: str, used: int, at: datetime, zone: str) -> None:
        """Raise ClosedError, with words for them, where nothing more is taken of somebody who has handed in so often.

        Times in it are of the run's time zone.
        """
        closes = self.closes(student)
        if closes and at > closes:
            shown = closes.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
            raise ClosedError(
                f"this was taken until {shown} ({zone}), and it is over: what you handed in before that counts. "
                "If you need more time, ask your instructor for an extension"
            )
        if self.used_up(used):
            raise ClosedError(
                f"you have handed in {_times(used)}, and {self.attempts} {'is' if self.attempts == 1 else 'are'} "
                "allowed: your last hand-in counts. If something went wrong, ask your instructor for another attempt"
            )


class RunTerms(Part):
    """The terms of all assignments of a run, by name."""

    version: Literal[1]
    title: str = ""
    """The run's."""
    time_zone: Annotated[str, AfterValidator(_zone)]
    assignments: Mapping[str, Terms]


def of(given: Path, run: str) -> RunTerms | None:
    """Return a run's terms; None where none are written, or they cannot be read, which is noted in the log."""
    try:
        with opened(given, run) as place:
            text = read(FILE, place)
    except (NotThereError, OSError):
        text = None
    if text is None:
        return None
    try:
        return RunTerms.model_validate_json(text)
    except ValidationError as error:
        log.error("%s: damaged, so hand-ins are taken without terms: %s", given / run / FILE, error.errors()[:1])
        return None


def kept(run_dir: Path) -> RunTerms | None:
    """Return the terms that the marks of a course run follow; None where there are none, or they are damaged."""
    return of(run_dir.parent, run_dir.name)


def keep(run_dir: Path, file: Path) -> None:
    """Let the marks of a course run follow the terms in a file. Raises StoreError where that has none."""
    try:
        text = file.read_text(encoding="utf-8")
        RunTerms.model_validate_json(text)
        draft = run_dir / f".{FILE}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(run_dir / FILE)
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise StoreError(f"{file}: no terms that can be kept in {run_dir}: {error}") from error


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def write(at: datetime | None) -> str | None:
    """Return a time as the file and the services write it, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
