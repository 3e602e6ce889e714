"""The libraries that a notebook imports, with the versions that its kernel has of them."""

import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

from nbformat import NotebookNode

from aula import kernel
from aula.run.warm.imports import imported


def packages(name: str) -> Iterator[Path]:
    """Yield the folders that hold what is installed for the kernel of that name."""
    yield from sorted(kernel.python(name).parents[1].glob("lib/python*/site-packages"))


def versions(node: NotebookNode) -> dict[str, str]:
    """Return the version of each library that the notebook imports by name, by the library's own name.

    What comes with Python has none, nor has a script that lies beside the notebook.
    """
    modules, on = {module.partition(".")[0] for module in imported(node)} - sys.stdlib_module_names, kernel.of(node)
    places = [_called(module, on) or _bringing(module, on) for module in sorted(modules)]
    return {item.name: item.version for item in (Distribution.at(place) for place in places if place)}


@cache
def _installed(on: str) -> tuple[Path, ...]:
    return tuple(place for folder in packages(on) for place in sorted(folder.glob("*.dist-info")))


@cache
def _called(module: str, on: str) -> Path | None:
    """Return what describes the library that is called as its module, as nearly all are; it opens no file."""
    return next((place for place in _installed(on) if place.name.partition("-")[0].lower() == module.lower()), None)


@cache
def _bringing(module: str, on: str) -> Path | None:
    """Return what describes the library that brings the module under another name, as scikit-learn does sklearn."""
    for place in _installed(on):
        if module in _text(place / "top_level.txt").split():
            return place
    files = (f"\n{module}/__init__.py,", f"\n{module}.py,")
    for place in _installed(on):
        record = "\n" + _text(place / "RECORD")
        if any(file in record for file in files):
            return place
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
