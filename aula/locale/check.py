"""What can be wrong with a catalogue: a string left out or not translated, or a value that a translation lost."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

_VALUES = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%|</?\w+")


def mistakes(sources: Catalog, catalogue: Catalog) -> list[str]:
    """Return a sentence for each mistake."""
    return [said for source in sources if source.id for said in _about(source, catalogue)]


def _about(source: Message, catalogue: Catalog) -> Iterator[str]:
    ids = _all(source.id)
    found = catalogue.get(ids[0], source.context)
    if found is None:
        yield f"{ids[0]!r} is left out"
        return
    if found.fuzzy:
        yield f"{ids[0]!r} is marked fuzzy: look at it, and take the mark away"
    said = _all(found.string)
    if not all(text.strip() for text in said) or len(said) != (catalogue.num_plurals if len(ids) > 1 else 1):
        yield f"{ids[0]!r} is not translated"
        return
    # Of a plural the source has two forms: of the first, a language may say the number in a word.
    needed, allowed = set(_values(ids[-1])), set(_values(ids[0])) | set(_values(ids[-1]))
    for position, text in enumerate(said):
        values = set(_values(text))
        first = len(said) > 1 and position == 0
        if not values <= allowed or (not first and values != needed):
            yield f"{ids[0]!r} has the values {sorted(needed)}, its translation {text!r} has {sorted(values)}"


def _all(text: object) -> tuple[str, ...]:
    return tuple(str(one) for one in text) if isinstance(text, list | tuple) else (str(text),)


def _values(text: str) -> list[str]:
    """Return the named values and the marks of HTML in a string."""
    return sorted(_VALUES.findall(text))
