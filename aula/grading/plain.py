"""Reads an answer of the sandbox as what it is: hostile data."""

import math

from aula.grading.errors import NonsenseError

DEPTH = 40


def plain(value: object, depth: int = DEPTH) -> object:
    """Return a copy of what JSON gave that every file can hold.

    Raises NonsenseError where it is nested too deep or has a number that is none.
    """
    if not depth:
        raise NonsenseError(f"its answer cannot be used: it is nested more than {DEPTH} deep")
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        raise NonsenseError(f"its answer cannot be used: {value} is no number")
    if isinstance(value, list):
        return [plain(one, depth - 1) for one in value]
    if isinstance(value, dict):
        return {plain(name, depth - 1): plain(one, depth - 1) for name, one in value.items()}
    return value
