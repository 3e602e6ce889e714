"""Whether the log is whole, and whether the gradebook holds exactly the marks that it says."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aula.audit import anchor, stores
from aula.audit.reading import shown, words
from aula.audit.stores import Stores

AGAIN_S = (0.0, 0.3, 1.0)
"""Seconds before each look: where somebody writes just now, the next one finds it done."""


@dataclass(frozen=True)
class Verdict:
    """What was found."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    entries: int
    values: int
    hash: str

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(run_dir: Path, anchors: Path | None = None) -> Verdict:
    """Look at log and gradebook, and at anchors of the log that were kept elsewhere. Raises AuditError.

    What seems wrong is looked at again.
    """
    for pause in AGAIN_S:
        time.sleep(pause)
        found = stores.read(run_dir)
        verdict = judge(found, list(anchor.problems(run_dir, found.reading, anchors)) if anchors else [])
        if verdict.well:
            break
    return verdict


def judge(found: Stores, more: list[str]) -> Verdict:
    """Return what is to be said of them, beside what is known already."""
    reading = found.reading
    newest = reading.newest
    problems = [*reading.problems, *more]
    if newest:
        problems += _deviations(found)
    elif found.values and not problems:
        problems.append("there is no log yet: the next change of a mark begins it, and takes over what there is")
    return Verdict(
        tuple(problems),
        tuple(_notes(found)),
        len(reading.entries),
        len(found.values),
        newest.hash if newest else "",
    )


def _deviations(found: Stores) -> Iterator[str]:
    """Yield each value of the gradebook that is not the log's."""
    said = found.reading.values()
    for key in sorted(said.keys() | found.values.keys()):
        if (ours := said.get(key)) != (theirs := found.values.get(key)):
            yield f"{words(key)}: is {shown(theirs)}, and {shown(ours)} by the log"


def _notes(found: Stores) -> Iterator[str]:
    """Yield what is worth knowing, and no mistake."""
    for entry in found.reading.entries:
        if entry.kind == "begin" and entry.steps:
            yield f"the log began at {entry.at[:19]}Z, and took over {len(entry.steps)} values that it cannot vouch for"
    if found.reading.pending:
        count = found.reading.pending
        yield f"{count} of the newest entries only the gradebook has: its writer was interrupted; the next one adds it"
