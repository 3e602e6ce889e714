"""nbgrader without its pages in Jupyter: importing these takes as long as grading several submissions.

The package imports its four server extensions, and with them all of its commands, whatever it is imported for. Who
loads it here first gets it without them; whoever names them later gets them as they are.
"""

import importlib
import sys
from types import ModuleType

_PAGES = "nbgrader.server_extensions"
_EACH = ("assignment_list", "course_list", "validate_assignment", "formgrader")


def load() -> None:
    """Import nbgrader with stand-ins for its extensions, and take these away again; nothing where it is imported."""
    if "nbgrader" in sys.modules:
        return
    stands = {_PAGES: ModuleType(_PAGES), **{f"{_PAGES}.{name}": ModuleType(f"{_PAGES}.{name}") for name in _EACH}}
    stands[_PAGES].__path__ = []
    for stand in stands.values():
        stand.load_jupyter_server_extension = None  # type: ignore[attr-defined]  # what nbgrader takes from each
    sys.modules.update(stands)
    try:
        importlib.import_module("nbgrader")
    finally:
        for name in stands:
            del sys.modules[name]
