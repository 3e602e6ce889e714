"""What a page is made of, and what its outputs depend on: where these are as they were, nothing has to be done."""

import hashlib
import json

from nbformat import NotebookNode

from aula import notebook
from aula.course import Lesson
from aula.preview import snapshot
from aula.preview.leaf import Leaf
from aula.preview.snapshot import Snapshot


def of_page(one: Leaf, now: Snapshot) -> str:
    """Return the digest of all that a page shows or runs: its text, what lies beside it, its contract."""
    folder = one.course.folder
    if one.kind == "assignment":
        beside = snapshot.below(now, one.source.parent)
    else:
        found = snapshot.below(now, *(folder / name for name in ("lessons", "data", "figures")))
        beside = [file for file in found if not file[0].endswith(".md")]
    try:
        text = one.source.read_bytes()
    except OSError:
        text = b""
    said = json.dumps([beside, one.course.contract.model_dump(mode="json")])
    return hashlib.sha256(text + said.encode()).hexdigest()


def of_code(one: Leaf, item: Lesson, node: NotebookNode) -> str:
    """Return the digest of what the outputs of a lesson depend on: its cells of code and the files beside it."""
    cells = [(cell.source, notebook.tags(cell)) for cell in node.cells if cell.cell_type == "code"]
    folders = [one.course.folder / name for name in ("lessons", "data")]
    files = [found for found in snapshot.below(snapshot.take(folders), *folders) if not found[0].endswith(".md")]
    return hashlib.sha256(json.dumps([cells, files, item.time_limit_s]).encode()).hexdigest()
