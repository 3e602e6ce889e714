"""The names that a test cell sees: the judge's own, and those that the trainee's process is asked for."""

import builtins
from collections.abc import Iterable
from typing import Any

from .remote import Line
from .stubs import RemoteFunction, RemoteType

HOME = "judged"
"""The __module__ of what the judge's own statements and the cells define."""


class Names(dict[str, Any]):
    """Globals whose missing names are asked for, if they are among those that may be."""

    def __init__(self, line: Line, allowed: Iterable[str]) -> None:
        super().__init__(__name__=HOME, __builtins__=builtins)
        self._line, self._allowed = line, set(allowed)
        self._seen: set[str] = set()
        self._kept: dict[str, tuple[int, Any]] = {}

    def renew(self) -> None:
        """Begin another cell: the trainee's cells may have changed what their names stand for."""
        self._kept.clear()

    def __missing__(self, name: str) -> Any:
        """Ask for a name. Within a cell a function stays what it is, and a value until the trainee's code runs."""
        if name not in self._allowed:
            raise KeyError(name)
        if (kept := self._kept.get(name)) is not None and kept[0] in (-1, self._line.calls):
            return kept[1]
        value = self._line.ask({"do": "name", "name": name})
        steady = isinstance(type(value), RemoteType) or type(value) in (RemoteFunction, RemoteType)
        self._kept[name] = (-1 if steady else self._line.calls, value)
        self._seen.add(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        """Bind a name; one that the cell has asked for is bound in the trainee's process, as it would be."""
        if name in self._seen and name not in self:
            self._kept.pop(name, None)
            self._line.ask({"do": "bind", "name": name}, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        """Delete a name, where it stands."""
        if name in self or name not in self._allowed:
            super().__delitem__(name)
        else:
            self._seen.add(name)
            self._kept.pop(name, None)
            self._line.ask({"do": "unbind", "name": name})
