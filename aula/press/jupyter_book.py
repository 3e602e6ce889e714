"""Running Jupyter Book on a folder of sources, and telling what is wrong in terms of the files that a person edits."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat

from aula import notebook
from aula.errors import BookError
from aula.press import bibliography

COMMAND = "from jupyter_book.cli.main import main; main()"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
IN_NOTEBOOK = re.compile(r"^(\S+)\.ipynb:(\d+)", re.MULTILINE)
CELL_LINES = 10_000  # myst-nb counts a notebook's lines from this many times the number of the cell


def pages(source: Path, built: Path) -> Path:
    """Make the pages of source; return their folder. Raises BookError with everything that is wrong."""
    html = _build(source, built, "--builder", "html") / "html"
    if not (html / "index.html").is_file():
        raise BookError(f"{source}: Jupyter Book made no start page")
    # What only Sphinx and its theme need: not for readers.
    for rest in (html / ".buildinfo", html / "objects.inv", *(html / "_static").glob("*.html")):
        rest.unlink(missing_ok=True)
    bibliography.mend(html)
    return html


def templates(source: Path, built: Path) -> Path:
    """Collect the passages of source that can be translated; return the folder of gettext's templates."""
    return _build(source, built, "--builder", "custom", "--custom-builder", "gettext") / "gettext"


def _build(source: Path, built: Path, *builder: str) -> Path:
    options = ["-n", "-W", "--keep-going", "--path-output", str(built), *builder]
    # Isolated: nothing of the account's own Python may change the book.
    command = [sys.executable, "-I", "-c", COMMAND, "build", str(source), *options]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BookError(_complaint(done.stderr or done.stdout, source))
    return built / "_build"


def _complaint(said: str, source: Path) -> str:
    """Return what is wrong with which page, in terms of the sources that a person edits."""
    lines = COLOURS.sub("", said).replace(f"{source}/", "").splitlines()
    named = [line for line in lines if "WARNING:" in line or "ERROR:" in line or "CRITICAL:" in line]
    shown = "\n".join(dict.fromkeys(named or lines[-15:]))

    def place(match: re.Match[str]) -> str:
        number, line = divmod(int(match[2]), CELL_LINES)
        node = nbformat.read(source / f"{match[1]}.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
        cell = notebook.number(node.cells[number - 1]) or number
        return f"{match[1]}.md: cell {cell}, line {line}"

    return f"the book was not built; mend these pages and build again:\n{IN_NOTEBOOK.sub(place, shown)}"
