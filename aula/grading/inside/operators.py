"""Which operators a test may use on the trainee's own objects: those that it used on the reference's."""

from collections.abc import Iterable
from typing import Any

from .refused import Refused

ANY = "*"
"""Stands for the class where an attribute is asked for: honest work may choose another model than the reference."""
WORDS = {
    "__eq__": "compares {one} with =={other}",
    "__ne__": "compares {one} with !={other}",
    "__hash__": "puts {one} into a set or a dictionary",
    "__bool__": "takes {one} for true or false",
    "__contains__": "asks what is in {one}",
    "__len__": "takes the length of {one}",
    "__iter__": "goes through {one}",
}


class Operators:
    """A gate: a list of (class, operator, type of the operand) that may pass, or everything, which is recorded."""

    def __init__(self, allowed: Iterable[Iterable[str]] | None) -> None:
        self._allowed = None if allowed is None else {tuple(one) for one in allowed}
        self._used: set[tuple[str, str, str]] = set()

    @property
    def used(self) -> list[list[str]]:
        """What was used, sorted."""
        return [list(one) for one in sorted(self._used)]

    def check(self, kind: str, operator: str, operand: str) -> None:
        """Note a use. Raises Refused where it may not pass."""
        found = (kind, operator, operand)
        if self._allowed is None or found in self._allowed:
            self._used.add(found)
        else:
            other = f" a value of the type {operand}" if operand else ""
            words = WORDS.get(operator, "uses {one}'s {operator} {other}")
            one = f"an object of the trainee's own class '{kind}'"
            said = " ".join(words.format(one=one, operator=operator, other=other).split())
            raise Refused(f"the test {said}: on the reference it did not, and the trainee's own code may not decide it")

    def check_attribute(self, kind: str, name: str) -> None:
        """Note that an attribute is asked for, of whatever class. Raises Refused where the reference's never was.

        Else an object in the place of a table could say itself that it equals what the test expects.
        """
        found = (ANY, name, "")
        if self._allowed is not None and found not in self._allowed:
            raise Refused(
                f"the test asks an object of the trainee's own class '{kind}' for '{name}': on the reference it asked "
                "none, and the trainee's own code may not decide it"
            )
        self._used.add(found)


def type_name(value: Any) -> str:
    """Return the name of a value's type, as it is recorded."""
    return str(type(value).__qualname__)
