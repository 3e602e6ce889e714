"""The standing jobs: one for each open course run that gives results at once, kept in the queue of Slurm.

Each submits the one that follows it. So a job goes on over wall times, dead nodes and kills, also where nothing of ours
runs but Slurm.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from string import Template

from deploy import environments, files
from deploy.classroom import exchange, places, run, services
from deploy.classroom.places import Place
from deploy.errors import CommandError, DeployError
from deploy.progress import say, step
from deploy.settings import Settings

MEMORY = "1G"
LONGEST = "1-00:00:00"
"""Wall time where the partition has no bound."""
UNBOUND = ("infinite", "n/a", "")
FOLDER = Path("grading") / "at_once"
GRANTED = "results_at_once.json"


def up(settings: Settings) -> None:
    """Keep a job in the queue for each open run that gives results, of today's code; end those of the others.

    What Slurm refuses is told and kept for `status`: the class runs without.
    """
    wanted = [place for place in services.open_runs(settings) if gives(settings, place)]
    for place in places.known(settings):
        if place not in wanted:
            end(settings, place)
    if not wanted:
        return
    with step("Results at once"):
        for place in wanted:
            try:
                _keep(settings, place)
            except DeployError as error:
                say(f"{place.run} gives no results at once: {error}")


def down(settings: Settings) -> None:
    """End every run's job, and what would follow it."""
    for place in places.known(settings):
        end(settings, place)


def end(settings: Settings, place: Place) -> None:
    """End a run's job, and what would follow it; no others."""
    if not script(settings, place).exists():
        return
    script(settings, place).unlink()  # first: what starts in this very moment submits no other
    try:
        _cancel(settings, place)
    except CommandError as error:
        say(f"The standing job of {place.run} may still be in the queue: {error}")


def gives(settings: Settings, place: Place) -> bool:
    """Whether an assignment of the run gives results at once, as it was released."""
    return bool(_read(place.folder(settings) / GRANTED))


def name(settings: Settings, place: Place) -> str:
    """Return what a run's job is called in Slurm."""
    return f"{settings.name}-at-once-{place.run}"


def script(settings: Settings, place: Place) -> Path:
    """Return the job's script, which it submits again: what a run's account cannot write."""
    return run.configuration(settings, place) / "standing_job.sh"


def states(settings: Settings) -> dict[str, str]:
    """Return in words how the job of each run fares that gives results at once; those of other runs are left out."""
    return {place.run: _state(settings, place) for place in services.open_runs(settings) if gives(settings, place)}


def _state(settings: Settings, place: Place) -> str:
    try:
        found = _queue(settings, place, "%T")
    except DeployError as error:
        return f"unknown: {error}".splitlines()[0]
    if "RUNNING" not in found:
        return "waits in Slurm's queue" if found else "IS NOT THERE: make up submits it again"
    troubles = _read(place.folder(settings) / FOLDER / "state.json").get("troubles", {})
    if not troubles:
        return "runs"
    first = "; ".join(f"{task}: {text.splitlines()[0]}" for task, text in sorted(troubles.items()))
    return f"RUNS WITH TROUBLE: {first}"


def _keep(settings: Settings, place: Place) -> None:
    changed = files.write(script(settings, place), _script(settings, place))
    if changed:
        _cancel(settings, place)
    if changed or not _queue(settings, place, "%T"):
        run.as_run(settings, place, [settings.site.slurm.commands / "sbatch", "--quiet", script(settings, place)])


def _script(settings: Settings, place: Place) -> str:
    slurm, folder = settings.site.slurm, place.folder(settings)
    values = {
        "run": place.run,
        "name": name(settings, place),
        "partition": slurm.batch,
        "memory": MEMORY,
        "walltime": _walltime(settings, place),
        "log": folder / "at_once.log",
        "sbatch": slurm.commands / "sbatch",
        "script": script(settings, place),
        "python": settings.python("tools"),
        "folder": folder,
        "handed_in": exchange.handed_in(settings) / place.run,
        "given": exchange.given(settings) / place.run,
    }
    text = Template((run.TEMPLATES / "standing_job.sh.in").read_text()).substitute(values)
    kernel = run.kernels(settings) / place.run / "kernels" / place.run / "kernel.json"
    read = f"{environments.version(settings, 'tools')} {kernel.read_text()}"
    return f"{text}# Version {hashlib.sha256(read.encode()).hexdigest()[:12]}\n"


def _walltime(settings: Settings, place: Place) -> str:
    """Return the longest that the partition permits: the job begins anew as seldom as can be."""
    slurm = settings.site.slurm
    words = ["--noheader", f"--partition={slurm.batch}", "--format=%l"]
    said = run.as_run(settings, place, [slurm.commands / "sinfo", *words]).split()
    return LONGEST if not said or said[0] in UNBOUND else said[0]


def _queue(settings: Settings, place: Place, form: str) -> Sequence[str]:
    squeue = settings.site.slurm.commands / "squeue"
    return run.as_run(settings, place, [squeue, "--noheader", *_mine(settings, place), f"--format={form}"]).split()


def _cancel(settings: Settings, place: Place) -> None:
    """Cancel them, and again: one may have started, and submitted its successor, in between."""
    for _ in range(2):
        run.as_run(settings, place, [settings.site.slurm.commands / "scancel", "--quiet", *_mine(settings, place)])


def _mine(settings: Settings, place: Place) -> list[str]:
    return [f"--user={place.account}", f"--name={name(settings, place)}"]


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Return what a run's account has written; nothing where it cannot be read. No link of it is followed."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="utf-8") as file:  # noqa: PTH123  by its number: no link is followed
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}
