"""Exceptions of the trainee's code, as exceptions of the judge's: real classes, so that tests can catch them."""

import builtins
import sys
from typing import TYPE_CHECKING, Any

from .refused import Refused

if TYPE_CHECKING:
    from .codec import Unpack

LIBRARIES = {"numpy", "pandas", "json", "decimal", "re", "sqlite3", "statistics", "subprocess", "zipfile", "sklearn"}
SHOWN = 10_000


def of_error(said: Any, unpack: "Unpack") -> BaseException:
    """Return the exception that the trainee's process describes. Raises Refused where it describes none."""
    if type(said) is not dict:
        raise Refused("an exception came that is none")
    arguments = unpack.many(said.get("args", []))
    kind: Any = vars(builtins).get(str(said.get("builtin")))
    if not isinstance(kind, type) or not issubclass(kind, BaseException):
        raise Refused("an exception came whose class is none")
    if issubclass(kind, BaseExceptionGroup):
        kind = Exception if issubclass(kind, Exception) else BaseException
    if "class" in said:
        own = unpack.decode(said["class"])
        kind = own if isinstance(own, type) and issubclass(own, kind) else kind
    if (real := _library(said.get("library"))) is not None:
        kind = real
    made = _made(kind, arguments)
    attributes = said.get("attributes", {})
    if type(attributes) is dict and hasattr(made, "__dict__"):
        for name, node in attributes.items():
            if not name.startswith("_"):
                vars(made)[name] = unpack.decode(node)
    if not str(made) and type(said.get("text")) is str and not arguments:
        made.args = (said["text"][:SHOWN],) if said["text"] else ()
    return made


def _made(kind: Any, arguments: list[Any]) -> BaseException:
    try:
        made = kind(*arguments) if kind.__module__ == "builtins" else kind.__new__(kind, *arguments)
    except Exception:  # noqa: BLE001  an exception that wants other arguments than it keeps
        made = kind.__new__(kind)
        made.args = tuple(arguments)
    if not isinstance(made, BaseException):
        raise Refused("an exception came that is none")
    return made


def _library(named: Any) -> type[BaseException] | None:
    """Return an exception class of a library that the judge has loaded itself."""
    if type(named) is not list or len(named) != 2 or not all(type(one) is str for one in named):
        return None
    module, name = named
    if module.partition(".")[0] not in LIBRARIES or module not in sys.modules:
        return None
    found = vars(sys.modules[module]).get(name)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
