"""What the judge hands to the trainee's process to be called back: functions, objects of the test's, iterators."""

from collections.abc import Callable, Iterator
from typing import Any

from .refused import Refused

MOST = 10_000
ASKED = {"__len__", "__getitem__", "__iter__", "__next__", "__call__", "__contains__", "__str__"}


class Issued:
    """Handles, and what may be done with each: nothing that was not handed over can be reached."""

    def __init__(self) -> None:
        self._things: dict[int, tuple[str, Any]] = {}
        self._numbers: dict[int, int] = {}

    def handle(self, value: Any, kind: str) -> int:
        """Return the handle of something; give it one where it has none. Raises Refused where there are too many."""
        if (found := self._numbers.get(id(value))) is not None:
            return found
        if len(self._things) >= MOST:
            raise Refused("the test hands over too many functions")
        number = len(self._things) + 1
        self._things[number], self._numbers[id(value)] = (kind, value), number
        return number

    def thing(self, handle: Any) -> Any:
        """Return what was handed over under a handle. Raises Refused where nothing was."""
        return self._find(handle)[1]

    def _find(self, handle: Any) -> tuple[str, Any]:
        if type(handle) is not int or handle not in self._things:
            raise Refused("the trainee's process calls something that the test did not hand over")
        return self._things[handle]

    def action(self, question: dict[str, Any]) -> Callable[..., Any]:
        """Return what answers a question. Raises Refused where the question is none that may be asked."""
        kind, value = self._find(question.get("on"))
        do, name = question.get("do"), question.get("name")
        if do == "call" and kind == "function":
            return value  # type: ignore[no-any-return]  # what the test handed over
        if do == "next" and kind == "iterator":
            return lambda: _next(value)
        if kind == "object" and do == "operator" and name in ASKED and hasattr(type(value), name):
            return lambda *arguments, **_: getattr(type(value), name)(value, *arguments)
        if kind == "object" and do == "get" and type(name) is str and not name.startswith("_"):
            return lambda: getattr(value, name)
        raise Refused("the trainee's process asks for something that may not be asked")


def _next(value: Iterator[Any]) -> list[Any]:
    for one in value:
        return [one]
    return []
