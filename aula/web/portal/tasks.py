"""How somebody stands with the assignments of a run: what the database has, and what the hand-in service tells."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aula.people.overview import Place, Task
from aula.web.portal.hand_ins import Assignment, Attempts, HandIn, LateRule, Points, Told


@dataclass(frozen=True)
class Standing:
    """An assignment as one person has it. `state` is empty where the service does not tell."""

    name: str
    title: str
    points: float
    due: datetime
    left: timedelta
    extended: bool
    accepted_until: datetime | None
    attempts: Attempts | None
    late_rule: LateRule | None
    state: str
    hand_ins: tuple[HandIn, ...]

    @property
    def published(self) -> Points | None:
        """The points that were published last."""
        return next((one.points for one in self.hand_ins if one.points), None)


def standings(tasks: Iterable[Task], told: Told | None, now: datetime) -> list[Standing]:
    """Return how somebody stands with each assignment; what was handed in last comes first."""
    return [_standing(task, told, (told and told.now) or now) for task in tasks]


def _standing(task: Task, told: Told | None, now: datetime) -> Standing:
    found = told.assignments.get(task.name) if told else None
    due = (found and found.due) or task.due
    return Standing(
        task.name,
        task.title,
        task.points,
        due,
        due - now,
        bool(found and found.extended),
        found.accepted_until if found else None,
        found.attempts if found else None,
        found.late_rule if found else None,
        _state(found, due, now) if told else "",
        found.hand_ins[::-1] if found else (),
    )


def _state(found: Assignment | None, due: datetime, now: datetime) -> str:
    if found is None:
        return "unreleased"
    if found.hand_ins:
        last = found.hand_ins[-1]
        return "marked" if last.points else "tried" if last.pages else "handed-in"
    if found.accepted_until is not None and found.accepted_until < now:
        return "closed"
    return "overdue" if due < now else "open"


def own(place: Place, told: Told | None, now: datetime) -> tuple[Place, str]:
    """Return a run with somebody's own due dates, and how they stand with what is due next."""
    if told is None:
        return place, ""
    found = {one.name: one for one in standings(place.tasks, told, now)}
    mine = replace(place, tasks=tuple(replace(task, due=found[task.name].due) for task in place.tasks))
    coming = mine.next_task(now)
    return mine, found[coming.name].state if coming else ""
