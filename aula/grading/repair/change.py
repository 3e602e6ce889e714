"""One thing that was mended, or that a person should look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """What was done, in words, with the text as it was handed in and as it counts."""

    said: str
    handed_in: str = ""
    counts: str = ""
    """Of an author's cell it is what trainees were given, never a hidden test."""
    is_doubtful: bool = False
    """Whether a person should look: what was meant is not clear."""
