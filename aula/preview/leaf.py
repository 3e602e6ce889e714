"""One page of the preview: what it is made of, which version of it is printed, and what is wrong with it."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from aula.catalogue import Course
from aula.preview.sheets import Ran
from aula.preview.trouble import Trouble

Kind = Literal["about", "lesson", "assignment"]
State = Literal["waiting", "running", "clean", "failed", "refused"]
WORDS: dict[State, str] = {
    "waiting": "Waits for its turn to run",
    "running": "Runs",
    "clean": "As it is in your folder",
    "failed": "Does not run clean",
    "refused": "Cannot be shown",
}


@dataclass
class Leaf:
    """A page: a course's first, a lesson, or an assignment's student version."""

    course: Course
    kind: Kind
    name: str
    version: int = 0
    """Grows whenever the page in a browser is an old one."""
    state: State = "waiting"
    said: str = ""
    """What is being done with it."""
    troubles: tuple[Trouble, ...] = ()
    """What stands in place of the page."""
    remarks: tuple[Trouble, ...] = ()
    """What the page shows, and the book would refuse."""
    made_of: str = ""
    """The digest of all that the page is made of."""
    code: str = ""
    """The digest of the code that ran, or runs."""
    ran: Ran | None = field(default=None, repr=False)

    @property
    def file(self) -> PurePosixPath:
        """The page's source as the press has it, below its folder."""
        base = PurePosixPath("courses", self.course.id)
        if self.kind == "about":
            return base / "index.md"
        if self.kind == "lesson":
            return base / "lessons" / f"{self.name}.ipynb"
        return base / "assignments" / self.name / f"{self.name}.ipynb"

    @property
    def address(self) -> str:
        """The page's path in a browser, without the slash at its beginning."""
        return str(self.file.with_suffix(".html"))

    @property
    def source(self) -> Path:
        """The file that its author edits."""
        if self.kind == "about":
            return self.course.folder / "index.md"
        if self.kind == "lesson":
            return self.course.folder / "lessons" / f"{self.name}.md"
        return self.course.folder / "assignments" / self.name / f"{self.name}.md"

    @property
    def title(self) -> str:
        """What the list of pages calls it."""
        if self.kind == "about":
            return "About this course"
        if self.kind == "assignment":
            titles = {task.name: task.title for task in self.course.assignments}
            return f"Assignment: {titles[self.name]}"
        try:
            return next(self.course.lesson_title(item) for item in self.course.lessons if item.file == self.name)
        except (OSError, UnicodeDecodeError):
            return self.name

    @property
    def words(self) -> str:
        """How it is, in a few words."""
        return self.said or WORDS[self.state]


def of(course: Course) -> list[Leaf]:
    """Return the pages of a course, in the order of teaching."""
    lessons = [Leaf(course, "lesson", item.file) for item in course.lessons]
    return [
        Leaf(course, "about", ""),
        *lessons,
        *(Leaf(course, "assignment", task.name) for task in course.assignments),
    ]
