"""What a tired author types for a marker, or for a cell's marks, and nbgrader would release as ordinary text."""

import re
import unicodedata
from difflib import SequenceMatcher

# As they are often written, whatever stands around them.
OFTEN = re.compile(r"\b(BEGIN|END)[\s_-]*(SOLUTIONS?|HIDDEN|MARK[\s_-]*SCHEME)", re.IGNORECASE)
NAMES = ("SOLUTION", "HIDDENTESTS", "MARKSCHEME")
WHOLE = tuple(edge + name for edge in ("BEGIN", "END") for name in NAMES)
LIKE = 0.8
SHORTEST, LONGEST = 9, 22  # letters of a misspelt marker; longer lines are prose
THREE_HASHES = re.compile(r"\s*###+\s*\w")
MARKS_AS_TEXT = re.compile(r'^\s*:?nbgrader:|"nbgrader"\s*:|^\s*:?grade_id:')


def plain(text: str) -> str:
    """Return a text as it looks: without invisible characters, wide and joined letters as ordinary ones."""
    shown = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in shown if unicodedata.category(letter) != "Cf")


def is_like_a_marker(line: str, *, code: bool) -> bool:
    """Return whether a line looks like a marker of solutions or hidden tests, right or wrong.

    In code three hashes are kept for markers: there no misspelling needs to be guessed.
    """
    shown = plain(line)
    if OFTEN.search(shown) or (code and THREE_HASHES.match(shown)):
        return True
    letters = "".join(letter for letter in shown.upper() if letter.isalnum())
    if not SHORTEST <= len(letters) <= LONGEST:
        return False
    return any(SequenceMatcher(None, letters, whole).ratio() >= LIKE for whole in WHOLE)


def is_marks(line: str) -> bool:
    """Return whether a line of a cell's text is what its head should say to nbgrader."""
    return bool(MARKS_AS_TEXT.search(plain(line)))
