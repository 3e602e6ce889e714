"""What texts about people and course runs may be: each is checked where it is stored."""

import re
from typing import Any

from aula import time_zones
from aula.people.errors import PeopleError

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
RUN_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9.-]{1,190}")
TEXT = 200
LONG_TEXT = 2000
SUBJECT = 255
"""What OpenID Connect allows."""


def matching(pattern: re.Pattern[str], value: Any, what: str) -> str:
    """Return a text that has the right form; raise PeopleError otherwise."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise PeopleError(f"{str(value)[:60]!r} cannot be {what}. {_FORMS[pattern]}")
    return value


def own(value: str, what: str) -> str:
    """Return a name; raise PeopleError for root's, who has rights on the machine and in Slurm's accounting."""
    if value == "root":
        raise PeopleError(f"'root' cannot be {what}.")
    return value


def line(value: Any, what: str) -> str:
    """Return one line of printable text; raise PeopleError for anything else."""
    if not isinstance(value, str) or not value.strip() or len(value) > TEXT or not value.isprintable():
        raise PeopleError(f"{str(value)[:60]!r} cannot be {what}. Use one line of at most {TEXT} characters.")
    return value.strip()


def lines(value: Any, what: str) -> str:
    """Return printable text of one line or several, without blanks around it; raise PeopleError for anything else."""
    text = value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""
    if not text or len(text) > LONG_TEXT or not text.replace("\n", "").isprintable():
        raise PeopleError(f"{str(value)[:60]!r} cannot be {what}. Write at most {LONG_TEXT} characters of plain text.")
    return text


def one_of(choices: tuple[str, ...], value: Any, what: str) -> str:
    """Return one of the choices; raise PeopleError for anything else."""
    if value not in choices:
        raise PeopleError(f"{str(value)[:60]!r} is not {what} here. Choose one of: {', '.join(choices)}.")
    return str(value)


def time_zone(value: Any) -> str:
    """Return the name of a time zone; raise PeopleError for what is none."""
    if value not in time_zones.names():
        raise PeopleError(f"{str(value)[:60]!r} is no time zone. Write it as Europe/Madrid.")
    return str(value)


_FORMS = {
    NAME: "Use 1 to 31 lower-case letters, digits or '-', a letter first.",
    RUN_NAME: "Use 1 to 61 lower-case letters, digits or '-', a letter first.",
    EMAIL: "It has one @, with a name before and a host after it.",
}
