"""What shared objects were like before a call, to tell which of them the call changed."""

import io
import sys
from collections import deque
from typing import Any


class Snapshots:
    """The contents of objects at one moment: shallow, for what they contain was shared with them."""

    def __init__(self, touched: dict[str, Any]) -> None:
        self._before = {ref: (value, _content(value)) for ref, value in touched.items()}

    def changed(self, sent: dict[str, Any]) -> list[Any]:
        """Return the objects that are not as they were, except those that are sent anyway."""
        return [
            value for ref, (value, was) in self._before.items() if ref not in sent and not _same(was, _content(value))
        ]


def _content(value: Any) -> Any:
    kind = type(value)
    if kind is list or kind is deque:
        return list(value)
    if isinstance(value, dict):
        return [one for pair in value.items() for one in pair]
    if kind is set:
        return set(value)
    if kind is bytearray:
        return bytes(value)
    if kind is io.StringIO:
        return (None, 0) if value.closed else (value.getvalue(), value.tell())
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and kind is np.ndarray:
        return list(value.ravel()) if value.dtype.kind == "O" else (value.shape, value.dtype.str, value.tobytes())
    if np is not None and kind is np.random.Generator:
        return repr(value.bit_generator.state)
    if pd is not None and isinstance(value, pd.DataFrame | pd.Series):
        return value.copy()
    return [one for pair in vars(value).items() for one in pair] if hasattr(value, "__dict__") else None


def _same(was: Any, now: Any) -> bool:
    """Return whether two contents are the same, without asking what they contain."""
    if type(was) is list:
        return len(was) == len(now) and all(map(_is, was, now))
    if type(was) is set:
        return len(was) == len(now) and {id(one) for one in was} == {id(one) for one in now}
    if hasattr(was, "columns") or (hasattr(was, "index") and hasattr(was, "iloc")):
        return _table(was, now)
    return bool(was == now)


def _is(one: Any, other: Any) -> bool:
    return one is other


def _table(was: Any, now: Any) -> bool:
    same = was.index.equals(now.index) and was.equals(now) and list(was.index.names) == list(now.index.names)
    if hasattr(was, "columns"):
        return bool(same and list(was.columns) == list(now.columns) and list(was.dtypes) == list(now.dtypes))
    return bool(same and was.name == now.name and was.dtype == now.dtype)
