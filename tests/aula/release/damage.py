"""Ways in which an author, or an editor, spoils an assignment: each one may show what should be hidden."""

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

BEGIN, END = ("### BEGIN", "### END")
SPACES = ("  ", "\t", "\N{NO-BREAK SPACE}", "_", "-", "", "\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN} ")
ALIKE = str.maketrans(
    "BEISOTHMAK",
    "\N{CYRILLIC CAPITAL LETTER VE}\N{CYRILLIC CAPITAL LETTER IE}\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}"
    "\N{CYRILLIC CAPITAL LETTER DZE}\N{CYRILLIC CAPITAL LETTER O}\N{CYRILLIC CAPITAL LETTER TE}"
    "\N{CYRILLIC CAPITAL LETTER EN}\N{CYRILLIC CAPITAL LETTER EM}\N{CYRILLIC CAPITAL LETTER A}"
    "\N{CYRILLIC CAPITAL LETTER KA}",
)
KINDS = ("code-cel", "code_cell", "code", "Code-Cell")
WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


@dataclass
class Source:
    """An assignment's text, the files beside it, and the lines in it that nobody may see."""

    lines: list[str]
    secrets: list[str]
    files: dict[str, bytes] = field(default_factory=dict)

    def find(self, chance: Random, *starts: str) -> int:
        """Return the number of one of the lines that begin so, or of any line where there is none."""
        found = [n for n, line in enumerate(self.lines) if line.strip().startswith(starts)]
        return chance.choice(found) if found else chance.randrange(len(self.lines))

    def block(self, chance: Random) -> slice:
        """Return where one of the code cells stands."""
        first = self.find(chance, "```{code-cell}")
        ends = [n for n in range(first + 1, len(self.lines)) if self.lines[n].strip() == "```"]
        return slice(first, ends[0] + 1 if ends else len(self.lines))


def _pair(source: Source, chance: Random, spoil: Callable[[str], str]) -> None:
    """Spoil a marker, and mostly its other half too."""
    first = source.find(chance, BEGIN)
    numbers = [first] if chance.random() < 0.2 else [first, *_end(source, first)]
    for number in numbers:
        source.lines[number] = spoil(source.lines[number])


def _end(source: Source, first: int) -> list[int]:
    return [n for n in range(first, len(source.lines)) if source.lines[n].strip().startswith(END)][:1]


def misspell(source: Source, chance: Random) -> None:
    """Drop, double or swap a letter of a marker."""

    def spoil(line: str) -> str:
        place = chance.choice([n for n, letter in enumerate(line) if letter.isalpha()] or [0])
        swapped = line[:place] + line[place + 1 : place + 2] + line[place : place + 1] + line[place + 2 :]
        return chance.choice(
            [line[:place] + line[place + 1 :], line[:place] + line[place:][:1] + line[place:], swapped]
        )

    _pair(source, chance, spoil)


def redress(source: Source, chance: Random) -> None:
    """Write a marker in another case, with other spaces, other hashes or letters that look alike."""
    space, sign = chance.choice(SPACES), chance.choice(("#", "##", "####", "# ###", "//", "%", "", "<!--", "#%%"))
    ways: tuple[Callable[[str], str], ...] = (
        lambda line: line.lower(),
        lambda line: line.title(),
        lambda line: line.rstrip().replace(" ", space) if space else line.replace(" ", ""),
        lambda line: line.replace("###", sign),
        lambda line: line.translate(ALIKE),
        lambda line: line.translate(WIDE),
        lambda line: line + chance.choice((" here", ":", " ###", " (ana)")),
        lambda line: line.replace("BEGIN", "START").replace("END", "STOP"),
    )
    _pair(source, chance, chance.choice(ways))


def drop(source: Source, chance: Random) -> None:
    """Take markers away."""
    _pair(source, chance, lambda _: "")


def move(source: Source, chance: Random) -> None:
    """Move a marker some lines up or down, or anywhere."""
    line = source.lines.pop(first := source.find(chance, BEGIN, END))
    near = max(0, first + chance.choice((-3, -2, -1, 1, 2, 3)))
    source.lines.insert(near if chance.random() < 0.8 else chance.randrange(len(source.lines)), line)


def nest(source: Source, chance: Random) -> None:
    """Repeat a marker inside its region, or exchange it for another."""
    place = source.find(chance, BEGIN, END)
    other = chance.choice(["SOLUTION", "HIDDEN TESTS", "MARK SCHEME"])
    line = f"{chance.choice((BEGIN, END))} {other}"
    source.lines[place : place + chance.randint(0, 1)] = [line]


def repeat(source: Source, chance: Random) -> None:
    """Copy a secret line to anywhere, as an author who explains, comments out or quotes."""
    secret = chance.choice(source.secrets)
    packed = base64.b64encode(secret.encode()).decode()
    way = chance.choice(("{}", "# {}", "> {}", "    {}", "`{}`", "<!-- {} -->", "% {}", "say: {}", "packed"))
    line = f"![](data:text/plain;base64,{packed})" if way == "packed" else way.format(secret)
    if chance.random() < 0.3:
        line = line.replace(" ", "  ").replace('"', "'")
    source.lines.insert(chance.randrange(len(source.lines)), line)


def annotate(source: Source, chance: Random) -> None:
    """Put a secret line into metadata, tags, attachments, outputs or the front matter."""
    secret = chance.choice(source.secrets)
    kind = chance.choice(("note", "tags", "attachments", "outputs", "jupyter", "slideshow", "front"))
    if kind == "front":
        source.lines[:] = ["---", f"answer: {json.dumps(secret)}", "---", *source.lines[:]]
        return
    value: dict[str, dict[str, object]] = {
        "note": {"note": secret},
        "tags": {"tags": [secret]},
        "attachments": {"attachments": {"a.txt": {"text/plain": base64.b64encode(secret.encode()).decode()}}},
        "outputs": {"outputs": [{"output_type": "stream", "name": "stdout", "text": secret}]},
        "jupyter": {"jupyter": {"was": secret}},
        "slideshow": {"slideshow": {secret: base64.b64encode(secret.encode()).decode()}},
    }
    if chance.random() < 0.5:
        place = source.find(chance, "```{code-cell}")
        key, item = next(iter(value[kind].items()))
        source.lines.insert(place + 1, f":{key}: {json.dumps(item)}")
    else:
        source.lines.insert(source.find(chance, "#"), f"+++ {json.dumps(value[kind])}")


def fence(source: Source, chance: Random) -> None:
    """Break a cell's fence, or indent it."""
    block = source.block(chance)
    cell = source.lines[block]
    ways: tuple[Callable[[], list[str]], ...] = (
        lambda: [cell[0].replace("```", "``"), *cell[1:]],
        lambda: [
            cell[0].replace("code-cell", chance.choice(("code-cel", "code_cell", "code", "Code-Cell"))),
            *cell[1:],
        ],
        lambda: ["```python", *cell[1:]],
        lambda: cell[1:],
        lambda: cell[:-1],
        lambda: ["    " * chance.randint(1, 2) + line for line in cell],
        lambda: ["  " + cell[0], *cell[1:-1], "      ```"],
        lambda: ["> " + line for line in cell],
        lambda: ["- list", *("  " + line for line in cell)],
        lambda: ["~~~" + cell[0][3:], *cell[1:]],
        lambda: ["````" + cell[0][3:], *cell[1:]],
        lambda: ["```{note}", *cell, "```"],
        lambda: [*cell[: len(cell) // 2], "```", *cell[len(cell) // 2 :]],
    )
    source.lines[block] = chance.choice(ways)()


def double(source: Source, chance: Random) -> None:
    """Copy a cell to another place: as it is, without its marks, or without its markers."""
    cell = source.lines[source.block(chance)]
    way = chance.choice(("same", "unmarked", "bare", "renamed"))
    if way == "unmarked":
        cell = [line for line in cell if "nbgrader" not in line]
    elif way == "bare":
        cell = [cell[0], *(line for line in cell[1:] if "###" not in line and ":" not in line[:14])]
    elif way == "renamed":
        cell = [line.replace("grade_id: ", "grade_id: again-") for line in cell]
    place = source.block(chance).stop if chance.random() < 0.7 else chance.randrange(len(source.lines))
    source.lines[place:place] = ["", *cell, ""]


def unmark(source: Source, chance: Random) -> None:
    """Drop or change what a cell says to nbgrader."""
    keys = ("nbgrader", ":nbgrader", "+++", "solution:", "grade:", "grade_id", "locked", "points", "schema_version")
    place = source.find(chance, *keys)
    line = source.lines[place]
    flipped = {"true": "false", "false": "true"}
    ways = (
        "",
        line.replace("nbgrader", "nbgradr"),
        line.replace("solution", "solutoin"),
        *(line.replace(old, new) for old, new in flipped.items()),
        "    " + line,
        line.replace("3", "2"),
        "",
    )
    source.lines[place] = chance.choice(ways)


def split(source: Source, chance: Random) -> None:
    """Break a cell in two, or put an odd line end somewhere."""
    place = chance.randrange(len(source.lines)) if chance.random() < 0.5 else source.find(chance, *source.secrets)
    if chance.random() < 0.6:
        source.lines.insert(place, chance.choice(("+++", "---", "```", "```{code-cell}", "+++ {}", "# Title")))
    else:
        end = chance.choice(("\r", "\f", "\N{LINE SEPARATOR}", "\v", "\x1c", "\0", "\N{ZERO WIDTH NO-BREAK SPACE}"))
        source.lines[place] = chance.choice((source.lines[place] + end, end + source.lines[place]))


def litter(source: Source, chance: Random) -> None:
    """Leave a secret, or a copy of the text, in a file beside the assignment."""
    text = "\n".join(source.lines) if chance.random() < 0.5 else chance.choice(source.secrets)
    plain, zipped = text.encode(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("old.txt", text)
    output = {"output_type": "stream", "name": "stdout", "text": [text]}
    notebook = {"cells": [{"cell_type": "code", "source": [], "outputs": [output]}], "metadata": {}, "nbformat": 4}
    source.files |= dict(
        [
            chance.choice(
                [
                    ("old.md", plain),
                    ("old.md~", plain),
                    ("old.txt", text.encode("utf-16")),
                    ("old.gz", gzip.compress(plain)),
                    ("old.zip", zipped.getvalue()),
                    ("old.b64", base64.b64encode(plain)),
                    ("old.ipynb", json.dumps(notebook).encode()),
                    ("old.json", json.dumps({"was": text}).encode()),
                    ("old.ipynb", plain),
                ]
            )
        ]
    )


WAYS = (misspell, redress, drop, move, nest, repeat, annotate, fence, double, unmark, split, litter)
