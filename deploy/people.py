"""What the machine must know of people and course runs: a snapshot of their database, asked of `aula people state`."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy import files
from deploy.settings import Settings


@dataclass(frozen=True)
class Account:
    """A Unix account: a person's own, or one of the pool. `state` is free, taken, or left: to be cleaned."""

    name: str
    pooled: bool
    state: str
    person: str | None
    company: str | None


@dataclass(frozen=True)
class CourseRun:
    """A course run that is open. `content` and `environment` are what it was made ready with, None before that."""

    name: str
    course: str
    title: str
    content: str | None
    environment: str | None
    members: tuple[str, ...]
    trainees: tuple[tuple[str, str], ...]
    due: tuple[tuple[str, str], ...] = field(compare=False)
    terms: str = field(compare=False)
    """The terms of its assignments as JSON: what services and marks follow. A change of them changes nothing else."""
    profile: dict[str, Any] | None = field(compare=False)
    """What a notebook of its course asks of Slurm, as course.yml says it."""


@dataclass(frozen=True)
class People:
    """Everybody and everything at one version of the database; the version grows with every change.

    `waiting` are those in an open run who have no account yet, by name and full name.
    """

    version: int = 0
    companies: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    runs: tuple[CourseRun, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "People":
        """Take what `aula people state` prints."""
        keys = ("name", "pooled", "state", "person", "company")
        return cls(
            version=document["version"],
            companies=tuple(document["companies"]),
            accounts=tuple(Account(**{key: row[key] for key in keys}) for row in document["accounts"]),
            runs=tuple(_run(row) for row in document["runs"]),
            waiting=tuple((row["name"], row["full_name"]) for row in document["waiting"]),
        )

    @property
    def ready(self) -> list[CourseRun]:
        """The open runs that the machine has made ready."""
        return [course_run for course_run in self.runs if course_run.content]

    @property
    def working(self) -> set[str]:
        """The Unix accounts of those who are in an open run."""
        members = {name for course_run in self.runs for name in course_run.members}
        return {account.name for account in self.accounts if account.person in members}


def _run(row: dict[str, Any]) -> CourseRun:
    return CourseRun(
        **{key: row[key] for key in ("name", "course", "title", "content", "environment")},
        members=tuple([*(one["name"] for one in row["trainees"]), *row["instructors"], *row["tutors"]]),
        trainees=tuple((one["name"], one["full_name"]) for one in row["trainees"]),
        due=tuple((one["name"], one["due"]) for one in row["assignments"]),
        terms=_terms(row),
        profile=row.get("profile"),  # older snapshots have none
    )


def _terms(row: dict[str, Any]) -> str:
    assignments = {one["name"]: {key: one[key] for key in one if key != "name"} for one in row["assignments"]}
    said = {"version": 1, "title": row["title"], "time_zone": row.get("time_zone", "UTC"), "assignments": assignments}
    return json.dumps(said, indent=1) + "\n"


def read(settings: Settings) -> People:
    """Return the snapshot that was kept last; nobody where there is none, or for who may not read it."""
    return _read(file(settings))


def followed(settings: Settings) -> People:
    """Return the last snapshot that the machine has followed to its end."""
    return _read(_followed_file(settings))


def note_followed(settings: Settings) -> None:
    """Note that the machine has done all that the snapshot says: a cut or failed try is made again."""
    files.write(_followed_file(settings), file(settings).read_text(), mode=0o600)


def _read(path: Path) -> People:
    try:
        return People.from_document(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError):
        return People()


def note_ready(settings: Settings, name: str, content: str, environment: str) -> None:
    """Write into the snapshot that a run is ready, and nothing else: what others changed meanwhile is not seen yet."""
    document = json.loads(file(settings).read_text())
    for row in document["runs"]:
        if row["name"] == name:
            row.update(content=content, environment=environment)
    files.write(file(settings), json.dumps(document, indent=2) + "\n", mode=0o600)


def file(settings: Settings) -> Path:
    """Return where the snapshot is kept; root alone reads it."""
    return settings.state / "people.json"


def _followed_file(settings: Settings) -> Path:
    return settings.state / "people.followed.json"
