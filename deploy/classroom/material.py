"""Executed notebooks and the book, made by the course account on the running cluster."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from deploy import code, environments, files
from deploy.classroom import run
from deploy.errors import SettingError
from deploy.settings import CHECKOUT, Settings

JOB = ("--quiet", "--job-name=notebooks", "--cpus-per-task=2", "--mem=2560M", "--time=30")
LIMIT_S = "300"
"""Seconds that any notebook may run here: how long it should take is for `make check` to say, on a machine at rest."""
KEPT = "notebooks-kept"
"""Where `aula notebooks --out notebooks` keeps what ran clean."""


def on_a_node(settings: Settings) -> tuple[str, ...]:
    """Return the command that runs another one where trainees run theirs: in a job, on a node."""
    slurm = settings.site.slurm
    return (str(slurm.commands / "srun"), f"--partition={slurm.batch}", *JOB)


def notebooks(settings: Settings, out: Path, courses: Sequence[str] = ()) -> str:
    """Execute every notebook of these courses, or of all, with papermill on a node. Return what was said.

    `out` gets report, JUnit, notebooks.
    """
    work = _work(settings)
    words: list[str | Path] = ["aula", "notebooks", *courses, "--out", work / "notebooks", "--timeout", LIMIT_S]
    words += _known(settings)
    try:
        return run.as_course(settings, words, through=on_a_node(settings), timeout=1800)
    finally:
        _copy(work / "notebooks", out)


def book(settings: Settings, out: Path, *, pdf: bool = False) -> None:
    """Build the book from the executed notebooks and the released assignments, to `out`, with courses to print."""
    course, work = settings.site.course_account, _work(settings)
    notebooks(settings, work / "executed-copy")
    released = files.folder(work / "released", mode=0o750, owner=course, group=course)
    for name in with_assignments(run.as_course(settings, ["aula", "courses", "--json"])):
        run.as_course(settings, ["aula", "release", name, "--run-dir", released / name])
    words: list[str | Path] = ["aula", "book", "--executed", work / "notebooks" / "executed", "--released", released]
    words += ["--out", work / "book", *choices(settings, pdf=pdf)]
    run.as_course(settings, words)
    _copy(work / "book", out)


def choices(settings: Settings, *, pdf: bool) -> list[str]:
    """Return what the command is told of this place: the edition, where mistakes are reported, whether to print."""
    edition, mistakes = code.edition(), settings.site.mistakes
    return [
        *(["--edition", edition] if edition else []),
        *(["--mistakes", mistakes] if mistakes else []),
        *(["--pdf"] if pdf else []),
    ]


def with_assignments(listing: str) -> list[str]:
    """Return the courses that have anything to release, from what `aula courses --json` says."""
    return [course["id"] for course in json.loads(listing)["courses"] if course["assignments"]]


def book_is_current(settings: Settings) -> bool:
    """Whether the served book was built from today's content and code."""
    stamp = _stamp(settings)
    return stamp.exists() and stamp.read_text() == _sources(settings)


def serve_book(settings: Settings) -> None:
    """Build the book and put it where it is served, in one move."""
    fresh = settings.state / "book.new"
    book(settings, fresh)
    served = settings.state / "book"
    shutil.rmtree(served, ignore_errors=True)
    fresh.rename(served)
    files.write(_stamp(settings), _sources(settings))


def _stamp(settings: Settings) -> Path:
    return settings.state / "book.built-from"


def _sources(settings: Settings) -> str:
    parts = [settings.code / part for part in code.MATERIAL] + [CHECKOUT / "aula"]
    return "\n".join([*(environments.fingerprint(part) for part in parts), settings.site.mistakes or ""])


def _work(settings: Settings) -> Path:
    course = settings.site.course_account
    return files.folder(settings.site.course_folder / "work", mode=0o750, owner=course, group=course)


def kept(settings: Settings) -> Path:
    """Return the folder of what ran clean in this class."""
    return settings.site.course_folder / "work" / KEPT


def _known(settings: Settings) -> list[str | Path]:
    """Let the course account read what ran clean elsewhere, where KEPT names it; return what its command is told."""
    if settings.kept is None:
        return []
    if not settings.kept.is_dir():
        raise SettingError(f"KEPT={settings.kept}: there is no such folder. Leave it out, or name OUT-kept of a run.")
    target = settings.site.course_folder / "known"
    _copy(settings.kept, target)
    for path in (target, *target.rglob("*")):
        shutil.chown(path, group=settings.site.course_account)
        path.chmod(0o750 if path.is_dir() else 0o640)  # executed assignments are solved ones
    return ["--known", target]


def _copy(source: Path, target: Path) -> None:
    """Replace `target` by a copy that belongs to whoever runs this."""
    if source.is_dir() and not source.is_symlink():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, copy_function=shutil.copyfile, ignore=_links)


def _links(where: str, names: list[str]) -> list[str]:
    """Return the links in a folder: root must not fetch for another account what that account cannot read."""
    return [name for name in names if Path(where, name).is_symlink()]
