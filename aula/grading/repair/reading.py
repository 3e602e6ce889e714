"""A notebook that was handed in, read as far as it can be read: a stranger's file, of whatever format."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aula.grading.errors import NonsenseError, SubmissionError
from aula.grading.plain import plain
from aula.grading.repair.cells import MAKE, Handed
from aula.submissions.limits import MOST_NOTEBOOK_BYTES

MOST_CELLS = 5000
ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
NO_WORD = re.compile(r"[^\w+#-]")
PYTHON = ("python", "")
FORMAT = 4
DEEPEST_HEADING = 6


@dataclass
class Received:
    """The cells that were handed in, and what is to be said of the file."""

    cells: list[Handed] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def read(path: Path) -> Received:
    """Return a notebook that was handed in. Raises SubmissionError, for its sender to read, where it is none."""
    if path.is_symlink() or not path.is_file():
        raise SubmissionError(f"{path.name} was not handed in as a file: hand it in again")
    if path.stat().st_size > MOST_NOTEBOOK_BYTES:
        raise SubmissionError(
            f"{path.name} has over {MOST_NOTEBOOK_BYTES // 1_000_000} MB: clear its outputs and hand it in again"
        )
    try:
        return _received(json.loads(path.read_bytes()))  # UTF-8, 16 or 32, with or without a mark in front
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SubmissionError(
            f"{path.name} cannot be read as a notebook: open it in JupyterLab, save it, hand it in again"
        ) from error


def _received(said: object) -> Received:
    """Return what a file says. Raises TypeError or ValueError where that is no notebook."""
    if not isinstance(said, dict):
        raise TypeError("no notebook")
    found = Received()
    listed = [*_listed(said)]
    if len(listed) > MOST_CELLS:
        raise SubmissionError(f"the notebook has over {MOST_CELLS} cells: hand in fewer")
    for number, cell in enumerate(listed, start=1):
        if (one := _cell(number, cell)) is None:
            found.said.append(f"cell {number} of what was handed in could not be read: it is left out")
        else:
            found.cells.append(one)
    if listed and not found.cells:
        raise ValueError("no cell can be read")
    if said.get("nbformat") != FORMAT:
        found.said.insert(0, f"the notebook was not of format {FORMAT}: its cells were taken over")
    if (language := _language(said.get("metadata"))) not in PYTHON:
        found.said.insert(0, f"the notebook was set to another language, {language}: it is graded as Python")
    return found


def _listed(said: Mapping[str, object]) -> Iterator[object]:
    """Yield the cells of a notebook; before format 4 they were in worksheets. Raises TypeError where it has none."""
    if not isinstance(cells := said.get("cells"), list):
        sheets = said["worksheets"]
        if not isinstance(sheets, list):
            raise TypeError("no cells")
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
    yield from cells


def _cell(number: int, said: object) -> Handed | None:
    """Return a cell, without its outputs; None where it is none."""
    if not isinstance(said, dict) or (text := _text(said.get("source", said.get("input")))) is None:
        return None
    kind = said.get("cell_type")
    if kind == "heading":  # of format 3
        level = said.get("level")
        kind, text = "markdown", f"{'#' * min(level if isinstance(level, int) else 1, DEEPEST_HEADING)} {text}"
    known = str(kind) if kind in MAKE else "raw"
    attachments = _attachments(said.get("attachments")) if known != "code" else {}
    name = _in(_in(said.get("metadata"), "nbgrader"), "grade_id")
    id_ = said.get("id")
    return Handed(
        number,
        known,
        text,
        name if isinstance(name, str) else "",
        id_ if isinstance(id_, str) and ID.fullmatch(id_) else "",
        attachments,
    )


def _text(said: object) -> str | None:
    """Return a text that is there as one, or as its lines; what no file could hold is replaced."""
    if isinstance(said, list) and all(isinstance(line, str) for line in said):
        said = "".join(said)
    return str(plain(said)) if isinstance(said, str) else None


def _attachments(said: object) -> dict[str, dict[str, str]]:
    """Return the pictures of a cell; none where they are not as Jupyter keeps them."""
    try:
        kept = plain(said)
    except NonsenseError:
        return {}
    if not isinstance(kept, dict) or not all(isinstance(one, dict) for one in kept.values()):
        return {}
    texts = {name: {kind: text for kind, text in one.items() if isinstance(text, str)} for name, one in kept.items()}
    return {name: one for name, one in texts.items() if one}


def _language(metadata: object) -> str:
    """Return the language that a notebook says that it is in; empty where it does not."""
    said = _in(_in(metadata, "kernelspec"), "language") or _in(_in(metadata, "language_info"), "name")
    return NO_WORD.sub("?", said)[:40].lower() if isinstance(said, str) else ""


def _in(said: object, key: str) -> object:
    return said.get(key) if isinstance(said, dict) else None
