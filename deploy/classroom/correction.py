"""A correction of a course in the middle of a course run: what was pulled into the checkout reaches its people."""

import shutil
from difflib import get_close_matches
from pathlib import Path

from deploy import files, people
from deploy.classroom import people_database, places, run
from deploy.environments import fingerprint
from deploy.errors import DeployError
from deploy.people import CourseRun
from deploy.progress import step
from deploy.settings import CHECKOUT, Settings


def correct(settings: Settings, name: str, note: str) -> None:
    """Release a run's course anew, as the checkout has it now, with a note for its trainees.

    Raises DeployError where a lesson cannot be made, or an assignment not be released: all is as it was then.
    """
    course_run = _ready(settings, name)
    if not note.strip():
        raise DeployError('Say what has changed, in a sentence for trainees, as NOTE="The second table was wrong."')
    with step(f"Correction of {name}"):
        held = _release(settings, course_run, note)
        run.deliver(settings, course_run, note=note)
    words = ["run", "corrected", name, f"--content={fingerprint(held)[:12]}"]
    people_database.aula(settings, words, root=run.content(settings, name))


def _ready(settings: Settings, name: str) -> CourseRun:
    """Return the course run of this name that is open and ready."""
    ready = {one.name: one for one in people.read(settings).ready}
    if name in ready:
        return ready[name]
    near = get_close_matches(name, ready, n=1) or sorted(ready)
    raise DeployError(f"No course run {name!r} is open and ready. Name one, as RUN={near[0] if near else 'NAME'}")


def _release(settings: Settings, course_run: CourseRun, note: str) -> Path:
    """Release the assignments from a copy of the course, which then is the run's own; return that."""
    top, place = run.content(settings, course_run.name), places.of(settings, course_run.name)
    held, root = top / "courses" / course_run.course, top / "correction"
    draft = run.copied(CHECKOUT / "courses" / course_run.course, root / "courses" / course_run.course)
    try:
        if fingerprint(draft) == fingerprint(held):
            raise DeployError(f"{course_run.name} has {course_run.course} as it is here: pull the correction first.")
        _try_lessons(settings, course_run, root)
        run.histories_up(settings, place)
        run.release(settings, course_run, place, root=root, note=note)
        shutil.rmtree(top / "before", ignore_errors=True)  # what a killed run left
        held.rename(top / "before")
        draft.rename(held)
        shutil.rmtree(top / "before")
    finally:
        shutil.rmtree(root)
    return held


def _try_lessons(settings: Settings, course_run: CourseRun, root: Path) -> None:
    """Make a course's lessons where nobody sees them, to find what is wrong with them."""
    course = settings.site.course_account
    work = files.folder(settings.site.course_folder / "work", mode=0o750, owner=course, group=course)
    run.as_course(settings, ["aula", "--root", root, "lessons", course_run.course, f"--to={work / 'tried'}"])
    shutil.rmtree(work / "tried")
