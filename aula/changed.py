"""What has changed in a checkout since a commit: which courses, and which of their lessons and assignments."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from aula.catalogue import CONTRACT, Course
from aula.errors import CheckError

PATIENCE_S = 60
GRADED = ("assignments", "mutants", CONTRACT)
SHARED = ("data", CONTRACT)
"""What of a course every lesson of it may depend on."""


@dataclass(frozen=True)
class Changes:
    """Files of the checkout, by their paths in it: changed, new, or gone."""

    files: frozenset[str]

    def touch(self, *parts: str) -> bool:
        """Return whether anything below a folder, or this file, has changed."""
        path = "/".join(parts)
        return any(file == path or file.startswith(f"{path}/") for file in self.files)

    def of(self, course: str) -> bool:
        """Return whether anything of a course has changed."""
        return self.touch("courses", course)

    def graded(self, course: str) -> bool:
        """Return whether anything has changed that an assignment of the course, or its points, depend on."""
        return any(self.touch("courses", course, part) for part in GRADED)

    def only(self, course: Course) -> Course:
        """Return the course with those of its lessons and assignments only that have changed."""
        base = ("courses", course.id)
        scripts = any(
            file.startswith(f"courses/{course.id}/lessons/") and not file.endswith(".md") for file in self.files
        )
        everything = scripts or any(self.touch(*base, part) for part in SHARED)
        lessons = [one for one in course.lessons if everything or self.touch(*base, "lessons", f"{one.file}.md")]
        contract = self.touch(*base, CONTRACT)
        tasks = [one for one in course.assignments if contract or self.touch(*base, "assignments", one.name)]
        narrowed = course.contract.model_copy(update={"lessons": tuple(lessons), "assignments": tuple(tasks)})
        return Course(course.id, course.folder, narrowed)


def since(root: Path, base: str) -> Changes:
    """Return what is other in the checkout at root than where it left base; base is a branch or a commit.

    What is not committed yet counts. Raises CheckError where git cannot say.
    """
    new = _git(root, base, "ls-files", "--others", "--exclude-standard", "-z")
    changed = _git(root, base, "diff", "--name-only", "--no-renames", "--relative", "-z", "--merge-base", base, "--")
    return Changes(frozenset(filter(None, f"{changed}\0{new}".split("\0"))))


def _git(root: Path, base: str, *words: str) -> str:
    if base.startswith("-"):
        raise CheckError(f"--changed {base}: name a branch or a commit, as origin/main")
    # In a container the checkout is often another account's.
    command = ["git", "-C", str(root), "-c", f"safe.directory={root.resolve()}", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise CheckError(f"git does not answer: leave --changed away: {error}") from error
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise CheckError(
            f"git cannot tell what changed since '{base}': {said}: name a branch or a commit that is here, "
            "as --changed origin/main after 'git fetch origin main'"
        )
    return done.stdout
