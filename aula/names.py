"""Names of courses, lessons and assignments: they become folders, addresses and commands everywhere."""

import re
import unicodedata

from aula.course import LONGEST_NAME, NAME

RULE = f"small letters a-z, digits and single hyphens, at most {LONGEST_NAME} in all"
# What Unicode does not take apart into a letter and its mark.
ALONE = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})


def valid(name: str) -> bool:
    """Return whether a course, a lesson or an assignment may have this name."""
    return len(name) <= LONGEST_NAME and re.fullmatch(NAME, name) is not None


def nearest(name: str) -> str:
    """Return the valid name that is most like this one; empty where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(ALONE))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_NAME].strip("-")


def title(name: str) -> str:
    """Return a title made of a name: of a lesson's, what follows its number."""
    words = re.sub(r"^\d+-", "", name).replace("-", " ")
    return words[:1].upper() + words[1:]
