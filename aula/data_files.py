"""Whether the data that a course's texts name is there, and is where a trainee will find it."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from os.path import normpath
from pathlib import Path

# A path in quotes or in a link that leads up to a data/ folder; one with a pattern or a variable in it is not read.
NAMED = re.compile(r"""["'(](?P<path>(?:\.\./)+data/[^"'()\s{}*?]+)["')]""")


def of_lesson(text: Path) -> Iterator[str]:
    """Yield a sentence for each data file that the lesson names and that is missing."""
    for place, named in _named(text):
        path = Path(normpath(text.parent / named))
        if not path.exists():
            present = sorted(one.name for one in path.parent.glob("*") if one.is_file())
            near = get_close_matches(path.name, present, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"add it to {path.parent}/, or mend the path"
            yield f"{place}: names '{named}', which is missing: {hint}"


def of_assignment(text: Path) -> Iterator[str]:
    """Yield a sentence for each data file that the assignment names outside its folder: only that one travels."""
    for place, named in _named(text):
        yield (
            f"{place}: names '{named}', which trainees will not have: put the file into {text.parent}/ and name it "
            f"'{Path(named).name}'"
        )


def _named(text: Path) -> Iterator[tuple[str, str]]:
    """Yield each path to data that a text names, with its file and line."""
    lines = text.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        yield from ((f"{text}:{number}", found["path"]) for found in NAMED.finditer(line))
