"""Test cells of the kinds that courses have, each with an answer that is right and one that is wrong: cells.txt."""

import re
from dataclasses import dataclass, field
from pathlib import Path

CASE = re.compile(r"^======== (.+)$", re.MULTILINE)
PART = re.compile(r"^---- (own|right|wrong|test)$", re.MULTILINE)


@dataclass
class Case:
    """A right answer, a wrong one, a test cell, and the judge's own statements."""

    right: str = ""
    wrong: str = ""
    test: str = ""
    own: list[str] = field(default_factory=list)


def read(text: str) -> dict[str, Case]:
    """Return the cases of a text by their names."""
    names, bodies = CASE.split(text)[1::2], CASE.split(text)[2::2]
    return {name: case(body) for name, body in zip(names, bodies, strict=True)}


def case(body: str) -> Case:
    """Return the case that a body says, part by part."""
    made = Case()
    parts = PART.split(body)
    for kind, source in zip(parts[1::2], parts[2::2], strict=True):
        if kind == "own":
            made.own.append(source.strip())
        else:
            setattr(made, kind, source.strip())
    return made


CASES = read((Path(__file__).resolve().parent / "cells.txt").read_text(encoding="utf-8"))
