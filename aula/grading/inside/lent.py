"""What stands in the trainee's process for what a test handed over."""

from collections.abc import Callable
from typing import Any


class Lent:
    """Something of the judge's, by its handle."""

    def __init__(self, answering: Any, handle: int) -> None:
        self.answering, self.handle = answering, handle


class LentFunction(Lent):
    """A function of the judge's; it looks like one, for those who wrap it."""

    def __init__(self, answering: Any, handle: int, name: str = "function", doc: str | None = None) -> None:
        super().__init__(answering, handle)
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc

    def __call__(self, *arguments: object, **named: object) -> Any:
        """Call it there."""
        return self.answering.ask({"do": "call", "on": self.handle}, *arguments, **named)


class LentIterator(Lent):
    """An iterator of the judge's."""

    def __iter__(self) -> "LentIterator":
        return self

    def __next__(self) -> Any:
        """Ask for the next value."""
        found = self.answering.ask({"do": "next", "on": self.handle})
        if not found:
            raise StopIteration
        return found[0]


def _operator(name: str) -> Callable[..., Any]:
    def ask(self: Lent, *arguments: object) -> Any:
        return self.answering.ask({"do": "operator", "on": self.handle, "name": name}, *arguments)

    return ask


class LentObject(Lent):
    """An object of a class of the test's."""

    def __getattr__(self, name: str) -> Any:
        """Ask the judge for an attribute."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.answering.ask({"do": "get", "on": self.handle, "name": name})


for _name in ("__len__", "__getitem__", "__iter__", "__next__", "__call__", "__contains__", "__str__"):
    setattr(LentObject, _name, _operator(_name))
LENT: dict[str, type[Lent]] = {"function": LentFunction, "iterator": LentIterator, "object": LentObject}
