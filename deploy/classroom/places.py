"""Where each course run lives on this machine: its number, from which its port follows, and its Unix account.

Kept beside the runs' folders, so that a backup holds it. A run keeps its place for ever, archived ones too.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy import files
from deploy.errors import DeployError
from deploy.settings import FORMGRADERS, Settings

MOST = 60
"""Course runs that one class can hold: each has a port of its own."""


@dataclass(frozen=True)
class Place:
    """One course run's place."""

    run: str
    number: int
    account: str

    def port(self, settings: Settings) -> int:
        """Return the port of the run's formgrader."""
        return settings.port + FORMGRADERS + self.number

    def folder(self, settings: Settings) -> Path:
        """Return the run's folder: pinned content, sources, releases, submissions, gradebook."""
        return runs(settings) / self.run


def runs(settings: Settings) -> Path:
    """Return the folder of all course runs' folders."""
    return settings.site.course_folder / "runs"


def known(settings: Settings) -> list[Place]:
    """Return every run's place, the oldest first."""
    try:
        rows = json.loads(_file(settings).read_text())
    except FileNotFoundError:
        return []
    return [Place(**row) for row in rows]


def of(settings: Settings, run: str) -> Place:
    """Return a run's place, found for it when it is first asked for."""
    places = known(settings)
    for place in places:
        if place.run == run:
            return place
    number = max((place.number for place in places), default=-1) + 1
    if number >= MOST:
        raise DeployError(f"This class holds {MOST} course runs already. Bring up another one for {run}: NAME=class2")
    found = Place(run, number, _account(settings, run, {place.account for place in places}))
    files.folder(runs(settings))
    files.write(_file(settings), json.dumps([asdict(place) for place in [*places, found]], indent=2) + "\n")
    return found


def _account(settings: Settings, run: str, taken: set[str]) -> str:
    """Return who a run belongs to: who its folder belongs to already, or the first account that has no run."""
    course = settings.site.course_account
    folder = runs(settings) / run
    if folder.is_dir() and not folder.is_symlink() and folder.owner() == course:
        return course
    return next((name for name in settings.site.run_accounts if name not in taken), course)


def _file(settings: Settings) -> Path:
    return runs(settings) / "places.json"
