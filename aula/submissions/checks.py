"""Whether what was handed in is the assignment's: its notebooks are there, and each can be read as one."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from aula.submissions.errors import RefusedError, TooBigError
from aula.submissions.limits import DEEPEST_JSON, MOST_CELLS, MOST_NOTEBOOK_BYTES, MOST_VALUES
from aula.submissions.paths import shown

SAVE = "open it in JupyterLab, save it, hand it in again"
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A text, or one without an end: it is found at every quotation mark, so that no search begins twice."""
ALONE = re.compile(r"[\ud800-\udfff]")
BRACKETS = b"[]{}"
OTHERS = bytes(set(range(256)) - set(BRACKETS))
CELL_TYPES = ("code", "markdown", "raw")


def check(folder: Path, notebooks: Iterable[str]) -> None:
    """Refuse a hand-in without the notebooks that were released, or with one that is no notebook.

    Raises RefusedError with what its sender can do.
    """
    names = [f"{name}.ipynb" for name in notebooks]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        others = sorted(path.name for path in folder.glob("*.ipynb") if path.name not in names)
        found = (
            f" There is {', '.join(map(shown, others[:5]))}: a notebook keeps the name it came with." if others else ""
        )
        raise RefusedError(f"{', '.join(missing)} is missing: hand in the folder with {' and '.join(names)}.{found}")
    for name in names:
        check_notebook(folder / name)


def check_notebook(path: Path) -> None:
    """Refuse a file that is no notebook of format 4, or that would hurt who reads it. Raises RefusedError."""
    name = path.name
    if path.stat().st_size > MOST_NOTEBOOK_BYTES:
        raise TooBigError(
            f"{name} has over {MOST_NOTEBOOK_BYTES // 1_000_000} MB: clear its outputs, save it, hand it in again"
        )
    data = path.read_bytes()
    if not data.strip():
        raise RefusedError(f"{name} is empty: {SAVE}")
    _check_shape(name, data)
    try:
        node = json.loads(data.decode(), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
    except RefusedError as error:
        raise RefusedError(f"{name} {error}: {SAVE}") from None
    except (ValueError, RecursionError) as error:  # of the decoder, of UTF-8, of a number without end
        raise RefusedError(f"{name} is no notebook, for it is not JSON: {SAVE}") from error
    if b"\\u" in data and ALONE.search(json.dumps(node, ensure_ascii=False)):
        raise RefusedError(f"{name} has half a character in it: {SAVE}")
    problem = _problem(node)
    if problem:
        raise RefusedError(f"{name} is no notebook of format 4: {problem}: {SAVE}")


def _check_shape(name: str, data: bytes) -> None:
    """Refuse JSON that is too deep or has too many values, before anything is made of it."""
    bare = STRING.sub(b"", data)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > MOST_VALUES:
        raise TooBigError(f"{name} has over {MOST_VALUES} values: clear its outputs, save it, hand it in again")
    depth = 0
    for bracket in bare.translate(None, OTHERS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST_JSON:
            raise RefusedError(f"{name} has over {DEEPEST_JSON} lists and objects in one another: {SAVE}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise RefusedError(f"says '{shown(twice)}' twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise RefusedError(f"holds {text}, which is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise RefusedError(f"holds the number {shown(text)}, which nothing can keep")
    return number


def _problem(node: Any) -> str:
    """Return why this is no notebook; nothing where it is one."""
    if not isinstance(node, dict):
        return "it is no object"
    version = node.get("nbformat")
    if type(version) is not int or version != 4:
        return f"its format is {shown(json.dumps(version))}"
    if type(node.get("nbformat_minor", 0)) is not int:
        return "its nbformat_minor is no number"
    if not isinstance(node.get("metadata", {}), dict):
        return "its metadata is no object"
    cells = node.get("cells")
    if not isinstance(cells, list):
        return "it has no list of cells"
    if len(cells) > MOST_CELLS:
        return f"it has over {MOST_CELLS} cells"
    found = ((number, _cell_problem(cell)) for number, cell in enumerate(cells, start=1))
    return next((f"cell {number} {problem}" for number, problem in found if problem), "")


def _cell_problem(cell: Any) -> str:
    if not isinstance(cell, dict):
        return "is no object"
    if cell.get("cell_type") not in CELL_TYPES:
        return f"is none of {', '.join(CELL_TYPES)}"
    source = cell.get("source")
    if not isinstance(source, str) and not (isinstance(source, list) and all(isinstance(one, str) for one in source)):
        return "has no text"
    if not isinstance(cell.get("metadata", {}), dict):
        return "has metadata that is no object"
    outputs = cell.get("outputs", [])
    if not isinstance(outputs, list) or not all(isinstance(one, dict) for one in outputs):
        return "has outputs that are no list of objects"
    return ""
