"""What people answer to one task: ways to be right, and mistakes that they make."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The right and the wrong answers to a task, each as the source of its cell; the wrong ones by their mistake."""

    task: str
    right: tuple[str, ...]
    wrong: Mapping[str, str]
    tries: tuple[str, ...]
    """What people type in a cell of their own to try a right answer."""
