"""What the standing job has begun to answer: a restart does not forget whose results are used up."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from aula import closed
from aula.grading.standing.inbound import key_of
from aula.submissions.store import HandedIn

FILE = "journal.jsonl"


@dataclass(frozen=True)
class _Line:
    name: str
    student: str
    assignment: str
    counts: bool


class Journal:
    """A file of lines, one for each hand-in; the standing job alone writes it."""

    def __init__(self, folder: Path) -> None:
        closed.make(folder)
        self._path = folder / FILE
        lines = [*self._lines()]
        self.known = {line.name for line in lines}
        """The names of what was answered, or was begun when the job ended."""
        self._had = Counter((line.student, line.assignment) for line in lines if line.counts)

    def had(self, one: HandedIn) -> int:
        """Return how many results its sender has had of the assignment."""
        return self._had[one.student, one.assignment]

    def note(self, one: HandedIn, *, counts: bool) -> None:
        """Note that it is about to be answered, and whether that is one of its sender's results."""
        line = _Line(key_of(one), one.student, one.assignment, counts)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(asdict(line))}")  # behind what was torn, too
        self._had[one.student, one.assignment] += counts

    def _lines(self) -> Iterator[_Line]:
        """Yield the lines that are whole, and of today's shape: who was killed while it wrote one lost that."""
        for text in self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []:
            with suppress(ValueError, TypeError):
                yield _Line(**json.loads(text))
