"""Data is small, and its card states source, licence, bias and the checksum of each file."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from aula.check.rule import Problem, Rule
from aula.check.view import View

CARDS = ("README.md", "CARD.md")
STATED = {"source": r"source", "licence": r"licen[cs]e", "bias": r"bias"}
LARGEST = 2**20


def _find(view: View) -> Iterator[Problem]:
    for folder in sorted(p for p in view.course.folder.rglob("data") if p.is_dir()):
        card = next((folder / name for name in CARDS if (folder / name).is_file()), None)
        if card:
            yield from _in_folder(folder, card)
        else:
            yield Problem(folder, "It has no data card.")


def _in_folder(folder: Path, card: Path) -> Iterator[Problem]:
    text = card.read_text(encoding="utf-8", errors="replace")
    for name, pattern in STATED.items():
        if not re.search(rf"^\W*{pattern}\b", text, re.IGNORECASE | re.MULTILINE):
            yield Problem(card, f"The data card does not state the {name}.")
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p != card and not p.name.startswith("."))
    for path in files:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        name = path.relative_to(folder).as_posix()
        stated = re.findall(rf"(?<![\w.-]){re.escape(name)}\b.*?\b([0-9a-f]{{64}})\b", text)
        if digest not in stated:
            said = "is not the one that the data card names" if stated else "is not in the data card"
            yield Problem(card, f"The sha256 of {name} {said}.", remedy=f"If the file is right, write: {name} {digest}")
    if sum(path.stat().st_size for path in files) > LARGEST:
        yield Problem(folder, "The data is larger than 1 MB.", remedy="Take larger data from a package.")


RULE = Rule(
    name="data-cards",
    title="data is small, and its card states source, licence, bias and sha256",
    why="Who reuses a course must know where its data is from, what it leaves out, and that it is still the same.",
    bad="Some numbers that we had.",
    good="- Source: invented for this course\n- Licence: CC-BY-4.0\n- Bias: only shops of one city\n"
    "- orders.csv sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    remedy="State it in data/README.md, each on a line that begins with the word.",
    find=_find,
)
