"""What the student's process says of a function, a class or an exception, so that the judge can stand in for it."""

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from . import scalars

TEXT = 20_000
MEMBERS = 300
# What Python asks of an object's class; the judge passes these on, one by one as the reference used them.
OPERATORS = {
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__", "__len__", "__contains__"),
    *("__iter__", "__next__", "__getitem__", "__setitem__", "__delitem__", "__reversed__", "__missing__"),
    *(f"__{side}{name}__" for side in ("", "r", "i") for name in ("add", "sub", "mul", "truediv", "floordiv", "mod")),
    *(f"__{side}{name}__" for side in ("", "r", "i") for name in ("pow", "matmul", "and", "or", "xor")),
    *(f"__{side}{name}__" for side in ("", "r", "i") for name in ("lshift", "rshift")),
    *("__divmod__", "__rdivmod__", "__neg__", "__pos__", "__abs__", "__invert__", "__round__"),
    *("__int__", "__float__", "__complex__", "__index__", "__trunc__", "__floor__", "__ceil__", "__bytes__"),
    *("__enter__", "__exit__"),
}
FREE = ("__str__", "__repr__", "__call__", "__format__")
"""What may be asked of any object: texts, which are data, and calls."""


def function(value: Any) -> dict[str, Any]:
    """Return what is said of a function."""
    return {
        "name": cut(getattr(value, "__name__", type(value).__name__)),
        "qualname": cut(getattr(value, "__qualname__", getattr(value, "__name__", type(value).__name__))),
        "doc": cut(getattr(value, "__doc__", None)),
        "source": source(value),
        "parameters": parameters(value),
    }


def of_class(value: type, encode: Callable[[object], Any]) -> dict[str, Any]:
    """Return what is said of a class: of all its members, as far as they are not of Python's own classes."""
    members: dict[str, Any] = {}
    ours = value.__module__ == "__main__"
    for base in reversed(value.__mro__):
        if base.__module__ == "builtins":
            continue
        for name, member in list(vars(base).items())[:MEMBERS]:
            if name in OPERATORS or name in FREE:
                members[name] = {"kind": "operator"} if member is not None else {"kind": "none"}
            elif not ours:
                continue
            elif isinstance(member, property):
                members[name] = {"kind": "property", "doc": cut(member.__doc__)}
            elif inspect.isfunction(member) and (not name.startswith("__") or name == "__init__"):
                members[name] = {"kind": "method", **function(member)}
    return {
        "name": cut(value.__name__),
        "qualname": cut(value.__qualname__),
        "module": cut(value.__module__),
        "doc": cut(value.__doc__),
        "source": source(value),
        "parameters": parameters(value),
        "members": members,
        "bases": [encode(one) for one in value.__bases__ if ours and one.__module__ != "builtins"],
        "builtin": builtin_base(value),
        "fields": [str(one) for one in getattr(value, "_fields", ())] if issubclass(value, tuple) else None,
    }


def builtin_base(value: type) -> str:
    """Return the name of the nearest of Python's own classes that a class comes from."""
    return next(one.__name__ for one in value.__mro__ if one.__module__ == "builtins")


def source(value: Any) -> str | None:
    """Return the source of a function or a class of the notebook's, if there is one."""
    if getattr(value, "__module__", None) != "__main__":
        return None
    try:
        return cut(textwrap.dedent(inspect.getsource(value)))
    except Exception:  # noqa: BLE001  whatever the student's object does when it is looked at
        return None


def parameters(value: Any) -> list[Any] | None:
    """Return the parameters of a signature: name, kind, default and annotation, the last two as they are shown."""
    try:
        found = list(inspect.signature(value).parameters.values())[:MEMBERS]
    except Exception:  # noqa: BLE001  likewise
        return None
    return [[one.name, int(one.kind), _default(one.default), _annotation(one.annotation)] for one in found]


def _default(value: Any) -> list[Any]:
    """Return a default: nothing, a plain value, or how it is shown."""
    if value is inspect.Parameter.empty:
        return []
    if value is None or type(value) in (bool, str, int, float):
        return [scalars.number(value) if type(value) in (int, float) else value]
    return [repr(value)[:200], "shown"]


def _annotation(value: Any) -> Any:
    if value is inspect.Parameter.empty:
        return None
    return value.__name__ if isinstance(value, type) else str(value)[:200]


def cut(text: Any) -> str | None:
    """Return a text, of bounded length; None for what is none."""
    return str.__str__(text)[:TEXT] if isinstance(text, str) else None
