"""A rule of quality: what it is called, why it is there, and the function that finds where a course breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aula.check.view import View


@dataclass(frozen=True)
class Problem:
    """One place at which a course breaks a rule; the file lies in the course."""

    file: Path
    sentence: str
    line: int | None = None
    cell: int | None = None
    remedy: str = ""
    """What helps here, where that is more than the rule's own remedy."""


@dataclass(frozen=True)
class Rule:
    """A rule, with all that `aula explain` and the author guide say of it.

    A slow rule executes or grades; it runs after all others and may use ``View.laboratory``.
    """

    name: str
    title: str
    why: str
    bad: str
    good: str
    remedy: str
    find: Callable[[View], Iterator[Problem]]
    slow: bool = False
