"""Code as it is compared: what it does in which order of tokens, whatever its names, comments and lay-out are."""

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<space>[ \t\r\f]+|\\\n|#[^\n]*)"
    r"|(?P<end>\n|;)"
    r"|(?P<text>[rRbBuUfF]{0,2}(?:\"{3}(?:[\s\S]*?\"{3}|[\s\S]*)|'{3}(?:[\s\S]*?'{3}|[\s\S]*)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?))"
    r"|(?P<number>(?:\d|\.\d)[\w.]*)"
    r"|(?P<name>\w+)"
    r"|(?P<sign>\*\*=?|//=?|<<=?|>>=?|[-+*/%@&|^=!<>:]=|->|.)",
    re.DOTALL,
)
LONGEST = 20_000
"""Characters of a cell that are looked at."""
GRAM = 7
"""So many tokens in a row are compared: shorter rows say nothing."""
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))
"""Names that mean the same everywhere."""
OPENING, CLOSING = "([{", ")]}"

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One statement: its first and last line in the cell, from 0, and its tokens."""

    first: int
    last: int
    tokens: Gram

    @property
    def grams(self) -> Iterator[Gram]:
        """Yield what is compared of it: rows of tokens, and a short statement as a whole."""
        for start in range(max(len(self.tokens) - GRAM, 0) + 1):
            yield _renamed(self.tokens[start : start + GRAM])


def statements(source: str) -> list[Statement]:
    """Return a cell's statements, of one token at least; texts that stand alone, as descriptions do, are none."""
    found: list[Statement] = []
    tokens: list[str] = []
    line = first = depth = 0

    def close(last: int) -> None:
        if tokens and tokens != ["text"]:
            found.append(Statement(first, last, tuple(tokens)))
        tokens.clear()

    for one in TOKEN.finditer(source[:LONGEST]):
        kind, text = str(one.lastgroup), one[0]
        if kind == "end" and depth <= 0:
            close(line)
        elif kind not in ("space", "end"):
            first = line if not tokens else first
            depth = max(depth + (text in OPENING) - (text in CLOSING), 0)
            tokens.append(_plain(kind, text, tokens))
        line += text.count("\n")
    close(line)
    return found


def _plain(kind: str, text: str, before: list[str]) -> str:
    """Return a token without what is a matter of taste: names that are kept stand as they are, others are marked."""
    if kind == "text":
        return "text"
    if kind != "name" or text in KEPT or (before and before[-1] == "."):
        return text
    return f"?{text}"


def _renamed(tokens: Gram) -> Gram:
    """Return tokens with their names replaced by the order in which they come."""
    names: dict[str, str] = {}
    return tuple(names.setdefault(one, f"?{len(names)}") if one[0] == "?" else one for one in tokens)
