"""Which profile a server for a course run begins with: one for its people alone, or one that its course fits in."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import megabytes

from aula import catalogue
from aula.course import Profile as Need
from aula.errors import CatalogueError
from hub_config.roles import instructors_group, trainees_group
from hub_config.settings import HubSettings

_RUN = re.compile(r"/courses/([a-z][a-z0-9-]{0,60})(/|$)")
Preselect = Callable[[Any, str], str | None]
"""Takes a spawner and an address or the name of a group; returns the name of a profile."""


def needs(settings: HubSettings, courses: Path) -> dict[str, Need]:
    """Return what the course of each run asks of Slurm, by run; nothing for a course that cannot be read."""
    found = {}
    for run in settings.course_runs:
        try:
            found[run.id] = catalogue.read(courses / run.course).contract.profile
        except CatalogueError:
            continue
    return found


def on_the_way(asked: Mapping[str, Need]) -> Preselect:
    """Return what finds the profile for the run in an address that leads to its lessons."""

    def find(spawner: Any, address: str) -> str | None:
        run = _RUN.search(address)
        if run is None:
            return None
        groups = {trainees_group(run[1]), instructors_group(run[1])}
        theirs = (one.name for one in spawner.visible_profiles if groups & set(one.groups))
        return next(theirs, None) or _large_enough(spawner, asked.get(run[1]))

    return find


def of_group(asked: Mapping[str, Need]) -> Preselect:
    """Return what finds the profile for a run by the group of its trainees or its instructors."""
    found = {group: need for run, need in asked.items() for group in (trainees_group(run), instructors_group(run))}
    return lambda spawner, group: _large_enough(spawner, found.get(group))


def _large_enough(spawner: Any, need: Need | None) -> str | None:
    """Return the profile that was chosen last if the course fits in, else the first one in which it does."""
    if need is None:
        return None
    enough = [one.name for one in spawner.visible_profiles if _fits(need, one.request(spawner.usual))]
    last = (spawner.orm_spawner.user_options or {}).get("profile")
    return last if last in enough else next(iter(enough), None)


def _fits(need: Need, request: Request) -> bool:
    return request.cores >= need.cores and megabytes(request.memory) >= 1024 * need.memory_gb
