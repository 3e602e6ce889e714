"""Which secret lines give something away wherever they stand, and whether a text shows one, however it is set."""

import re
from collections.abc import Iterable, Iterator

from aula.release.likeness import plain

TOKEN = re.compile(r"\"{3}|'{3}|\"[^\"]*\"|'[^']*'|\w+|[^\w\s]")
LITERAL = re.compile(r"\d|\"[^\"]{4,}\"|'[^']{4,}'")
SCAFFOLD = re.compile(r"#!|(import|from|for|while|with|def|class|try|except|if|elif|else)\b")
DRESS = re.compile(r"[\s\"'`\\]")
TOKENS, WORDS, LETTERS, LONG = 5, 4, 9, 16


def lines(secret: Iterable[str]) -> Iterator[str]:
    """Yield those lines that say enough to be known again; lines that all programs share are not."""
    for line in dict.fromkeys(line.strip() for line in secret):
        bare = SCAFFOLD.match(line) and not LITERAL.search(line)
        if not bare and len(squeezed(line)) >= LETTERS and _says_enough(line):
            yield line


def _says_enough(line: str) -> bool:
    """Return whether a line has many parts, many words, or a number in something longer."""
    long = len(squeezed(line)) >= LONG and re.search(r"\d", line)
    return bool(len(TOKEN.findall(line)) >= TOKENS or len(re.findall(r"\w+", line)) >= WORDS or long)


def is_setting_up(line: str) -> bool:
    """Return whether a line of a test only prepares it: no value stands in it, and nothing is compared."""
    return not LITERAL.search(line) and not line.startswith("assert")


def squeezed(text: str) -> str:
    """Return a text without spaces, quotes and backslashes: how it is set or written in JSON makes no difference."""
    return DRESS.sub("", plain(text).casefold())


def shown(secret: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return the lines that any of the texts shows."""
    places = [squeezed(text) for text in texts]
    return [line for line in secret if any(squeezed(line) in place for place in places)]
