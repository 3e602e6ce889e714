"""What the stubs of a test ask of the trainee's process: calls, attributes, operators, the next value."""

from abc import ABC, abstractmethod
from typing import Any

from .operators import Operators, type_name
from .refused import Refused


class Asking(ABC):
    """Questions, and whether they may be asked."""

    def __init__(self, operators: Operators) -> None:
        self._operators = operators
        self._numbers: dict[int, int] = {}
        self.calls = 0

    @abstractmethod
    def ask(self, question: dict[str, Any], *values: object) -> Any:
        """Ask, and return the answer. Raises Refused, and what the trainee's code raised."""

    @abstractmethod
    def refuse(self, why: str) -> Refused:
        """Note why this test is not decided; return the exception that says it."""

    def call(self, stub: Any, arguments: tuple[Any, ...], named: dict[str, Any], *, new: bool = False) -> Any:
        """Call a function, or make an object of a class."""
        self.calls += 1
        return self.ask({"do": "call", "on": self._number(stub), "new": new}, arguments, named)

    def method(self, stub: Any, name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call a method."""
        if id(stub) not in self._numbers:
            raise self.refuse(f"the test calls the trainee's method '{name}' on an object that is not the trainee's")
        self._may_ask(stub, name)
        self.calls += 1
        return self.ask({"do": "method", "on": self._number(stub), "name": name}, arguments, named)

    def operator(self, stub: Any, name: str, arguments: tuple[Any, ...]) -> Any:
        """Ask what an operator gives, if the reference's objects were asked it too."""
        kind = str(type(stub).__qualname__)
        try:
            self._operators.check(kind, name, type_name(arguments[0]) if arguments else "")
        except Refused as error:
            raise self.refuse(str(error)) from None
        self.calls += 1
        found = self.ask({"do": "operator", "on": self._number(stub), "name": name}, arguments, {})
        if type(found) is not list or len(found) != 1:
            raise self.refuse("an operator came with no result")
        return NotImplemented if found == ["not implemented"] else found[0]

    def text(self, stub: Any, name: str, arguments: tuple[Any, ...]) -> str:
        """Ask how an object is shown."""
        self.calls += 1
        found = self.ask({"do": "operator", "on": self._number(stub), "name": name}, arguments, {})
        if type(found) is not list or len(found) != 1 or type(found[0]) is not str:
            raise self.refuse("an object is shown as something that is no text")
        return found[0]

    def get(self, stub: Any, name: str) -> Any:
        """Ask for an attribute."""
        self._may_ask(stub, name)
        return self.ask({"do": "get", "on": self._number(stub), "name": name})

    def put(self, stub: Any, name: str, value: object) -> None:
        """Set an attribute there."""
        self._may_ask(stub, name)
        self.ask({"do": "set", "on": self._number(stub), "name": name}, value)

    def delete(self, stub: Any, name: str) -> None:
        """Delete an attribute there."""
        self._may_ask(stub, name)
        self.ask({"do": "del", "on": self._number(stub), "name": name})

    def _may_ask(self, stub: Any, name: str) -> None:
        try:
            self._operators.check_attribute(str(type(stub).__qualname__), name)
        except Refused as error:
            raise self.refuse(str(error)) from None

    def _number(self, stub: Any) -> int:
        return self._numbers[id(stub)]

    def next(self, number: int) -> list[Any]:
        """Return the next value of an iterator, in a list; an empty one at its end."""
        found = self.ask({"do": "next", "on": number})
        if type(found) is not list or len(found) > 1:
            raise self.refuse("an iterator gives what is no value")
        return found
