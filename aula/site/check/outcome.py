"""What one check found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """A check's name, whether it is well, what was found, and what helps where it is not."""

    name: str
    state: Literal["ok", "failed", "skipped"]
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Outcome:
    """Return that a check is well."""
    return Outcome(name, "ok", found)


def failed(name: str, found: str, remedy: str) -> Outcome:
    """Return that a check failed, with what helps."""
    return Outcome(name, "failed", found, remedy)


def skipped(name: str, why: str) -> Outcome:
    """Return that a check could not be tried yet."""
    return Outcome(name, "skipped", why)
