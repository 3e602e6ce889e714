"""Which profile a server for a course run begins with: one for its people alone, or one that its course fits in."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import megabytes

from aula.course import Profile as CourseProfile
from hub_config.roles import instructors_group, trainees_group
from hub_config.settings import CourseRun

_RUN = re.compile(r"/courses/([a-z][a-z0-9-]{0,60})(/|$)")
Preselect = Callable[[Any, str], str | None]
"""Takes a spawner and an address or the name of a group; returns the name of a profile."""


def on_the_way(runs: Iterable[CourseRun]) -> Preselect:
    """Return what finds the profile for the run in an address that leads to its lessons."""
    asked = {run.id: run.profile for run in runs}

    def find(spawner: Any, address: str) -> str | None:
        run = _RUN.search(address)
        if run is None:
            return None
        groups = {trainees_group(run[1]), instructors_group(run[1])}
        theirs = (one.name for one in spawner.visible_profiles if groups & set(one.groups))
        return next(theirs, None) or _large_enough(spawner, asked.get(run[1]))

    return find


def of_group(runs: Iterable[CourseRun]) -> Preselect:
    """Return what finds the profile for a run by the group of its trainees or its instructors."""
    asked = {group: run.profile for run in runs for group in (trainees_group(run.id), instructors_group(run.id))}
    return lambda spawner, group: _large_enough(spawner, asked.get(group))


def _large_enough(spawner: Any, asked: CourseProfile | None) -> str | None:
    """Return the profile that was chosen last if the course fits in, else the first one in which it does."""
    if asked is None:
        return None
    enough = [one.name for one in spawner.visible_profiles if _fits(asked, one.request(spawner.usual))]
    last = (spawner.orm_spawner.user_options or {}).get("profile")
    return last if last in enough else next(iter(enough), None)


def _fits(asked: CourseProfile, request: Request) -> bool:
    return request.cores >= asked.cores and megabytes(request.memory) >= 1024 * asked.memory_gb
