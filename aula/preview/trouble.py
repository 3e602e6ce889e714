"""What an author has to mend, with its place: the file as it stands in the course's folder, and the line."""

import re
from dataclasses import dataclass
from pathlib import Path

from aula.check.page import Page
from aula.check.said import problem
from aula.errors import AulaError, NotebookError

TOLD = re.compile(r"^(?P<file>/.+?\.\w+)(?P<rest>:.*)$", re.DOTALL)
QUOTED = re.compile(r"'(.+?)'(?= |:|$)")


@dataclass(frozen=True)
class Trouble:
    """One thing to mend."""

    file: str
    line: int | None
    sentence: str

    @property
    def place(self) -> str:
        """The file and the line, in words."""
        return f"{self.file}, line {self.line}" if self.line else self.file


def of(error: AulaError | OSError, folder: Path, file: Path) -> tuple[Trouble, ...]:
    """Return what an error says, one trouble a line; file is the place of those that name none."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return tuple(_trouble(line, folder, file) for line in lines)


def shown_in(file: Path, folder: Path, text: str, sentence: str) -> Trouble:
    """Return the trouble that a file shows a text, with the last line that holds it."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    found = [number for number, line in enumerate(lines, start=1) if line.strip() == text]
    return Trouble(short(file, folder), found[-1] if found else None, sentence)


def short(file: Path, folder: Path) -> str:
    """Return a file's path as it stands in the course's folder."""
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)


def _trouble(line: str, folder: Path, file: Path) -> Trouble:
    found = TOLD.match(line)
    path = Path(found["file"]) if found else file
    page = _page(path)
    said = problem(path, found["rest"] if found else line.strip(), page)
    number = _quoted(said.sentence, page, said.line) if page and said.cell else said.line
    return Trouble(short(path, folder), number, _sentence(said.sentence.replace(f"{folder}/", "")))


def _quoted(sentence: str, page: Page, first: int | None) -> int | None:
    """Return the line that a sentence about a cell quotes, or else the first of the cell."""
    lines = page.text.splitlines()[(first or 1) - 1 :]
    for text in QUOTED.findall(sentence)[:1]:
        return next((number for number, line in enumerate(lines, start=first or 1) if line.strip() == text), first)
    return first


def _page(path: Path) -> Page | None:
    """Return a text with the lines of its cells; None where it cannot be read as a notebook."""
    try:
        return Page.read(path) if path.suffix == ".md" else None
    except NotebookError:
        return None


def _sentence(text: str) -> str:
    """Return a text with a capital at its beginning, where that is a word and not a name."""
    return re.sub(r"^[a-z]+(?=\s)", lambda word: word[0].capitalize(), text)
