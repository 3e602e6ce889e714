"""How the judge hands things over to the trainee's process that are no data."""

import sys
import types
from collections.abc import Iterable
from typing import Any

from .codec import Pack


def told(error: BaseException) -> Any:
    """Return what the trainee's code may know of an exception of the test's: nothing of what an assertion says."""
    name = next(one.__name__ for one in type(error).__mro__ if one.__module__ == "builtins")
    plain = [one for one in error.args if one is None or type(one) in (str, int, float, bool)]
    return ["error", name, [] if isinstance(error, AssertionError) else plain]


def importable(value: Any) -> Iterable[str] | None:
    """Return the module and the name under which both processes have a function or a class."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", getattr(value, "__name__", None))
    if isinstance(value, types.BuiltinFunctionType) and module is None:
        return None
    if type(value).__name__ == "ufunc":
        module = "numpy"
    if type(module) is not str or type(name) is not str or module == "__main__" or module not in sys.modules:
        return None
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is value else None


def handed(value: Any, home: str) -> str | None:
    """Return as what something of the test's is handed over; None where it cannot be."""
    kind = type(value)
    if hasattr(kind, "__next__") and kind.__module__ in ("builtins", "itertools", "_io"):
        return "iterator"
    if kind.__module__ == home:
        return "object"
    return "function" if callable(value) else None


def body(pack: Pack, value: Any) -> Any:
    """Return what says an object of a class that both processes have."""
    return [type(value).__name__, {str(key): pack.encode(one) for key, one in vars(value).items()}]
