"""The libraries that a notebook imports, with the versions that its kernel has of them."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from jupyter_client.kernelspec import get_kernel_spec
from nbformat import NotebookNode

from aula.run.warm.imports import imported


def packages() -> Iterator[Path]:
    """Yield the folders that hold what is installed for the kernel."""
    python = Path(get_kernel_spec("python3").argv[0])
    yield from sorted(python.parents[1].glob("lib/python*/site-packages"))


def versions(node: NotebookNode) -> dict[str, str]:
    """Return the version of each library that the notebook imports by name, by the library's own name.

    What comes with Python has none, nor has a script that lies beside the notebook.
    """
    modules = {module.partition(".")[0] for module in imported(node)}
    found = [_providing(module) or _declaring(module) for module in sorted(modules)]
    return {item.name: item.version for item in found if item}


@cache
def _installed() -> tuple[Distribution, ...]:
    return tuple(distributions(path=[str(folder) for folder in packages()]))


@cache
def _providing(module: str) -> Distribution | None:
    """Return the library that is called as its module, as nearly all are."""
    return next((item for item in _installed() if item.name.lower().replace("-", "_") == module.lower()), None)


@cache
def _declaring(module: str) -> Distribution | None:
    """Return the library that brings the module under another name, as scikit-learn does with sklearn."""
    for item in _installed():
        if module in (item.read_text("top_level.txt") or "").split():
            return item
    places = (f"\n{module}/__init__.py,", f"\n{module}.py,")
    for item in _installed():
        record = "\n" + (item.read_text("RECORD") or "")
        if any(place in record for place in places):
            return item
    return None
