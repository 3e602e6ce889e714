"""Adding a lesson or an assignment to course.yml: as text, so that its comments and its layout stay."""

from typing import Any

import yaml

Entry = dict[str, Any]


def shown(entry: Entry, indent: int = 2) -> str:
    """Return an entry of a list as an author would write it, indented."""
    text: str = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=1000)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))


def add(text: str, key: str, entry: Entry, position: int, minutes: int) -> str | None:
    """Return the text of a course.yml with the entry in the list under key, before the item that stands at position.

    The course has so many minutes then.
    None where the new text would say anything but that: the author then has to write the entry.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    before = yaml.safe_load(plain)
    if not isinstance(before, dict):
        return None
    changed = _added(_with_minutes(plain, minutes), key, entry, position)
    items = list(before.get(key) or [])
    wanted = {**before, "minutes": minutes, key: [*items[:position], entry, *items[position:]]}
    return changed.replace("\n", newline) if changed is not None and _load(changed) == wanted else None


def _value(text: str, key: str) -> yaml.Node | None:
    """Return what stands under a key of the file, with its place in the text; None where there is no such key."""
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = tree.value if isinstance(tree, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _with_minutes(text: str, minutes: int) -> str:
    """Return the text with another number of minutes; a comment beside it stays in its column, if it can."""
    value = _value(text, "minutes")
    if value is None:
        return text
    end = value.end_mark.index
    rest = text[end:]
    for _ in range(len(str(minutes)) - (end - value.start_mark.index)):
        rest = rest.removeprefix(" ") if rest.startswith("  ") else rest
    return f"{text[: value.start_mark.index]}{minutes}{rest}"


def _load(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _added(text: str, key: str, entry: Entry, position: int) -> str | None:
    """Return the text with the entry; None where what stands under the key is no list."""
    value = _value(text, key)
    if value is None:
        return f"{text.rstrip()}\n\n{key}:\n{shown(entry)}"
    if not isinstance(value, yaml.SequenceNode):
        return None
    if not value.value:  # []
        lines = (text[: value.start_mark.index].rstrip(" ") + text[value.end_mark.index :]).splitlines(keepends=True)
        return _inserted(lines, value.start_mark.line + 1, shown(entry))
    if value.flow_style:
        return _in_brackets(text, value, entry, position)
    column = value.start_mark.column
    lines = text.splitlines(keepends=True)
    line = _line_after(lines, value.value[position - 1], column) if position else value.start_mark.line
    return _inserted(lines, line, shown(entry, column))


def _in_brackets(text: str, value: yaml.SequenceNode, entry: Entry, position: int) -> str:
    """Return the text with the entry in a list that is written in brackets."""
    words = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, default_flow_style=True, width=1000).strip()
    if position < len(value.value):
        at = value.value[position].start_mark.index
        return f"{text[:at]}{words}, {text[at:]}"
    at = value.value[-1].end_mark.index
    return f"{text[:at]}, {words}{text[at:]}"


def _inserted(lines: list[str], line: int, entry: str) -> str:
    before = "".join(lines[:line])
    return before + ("" if before.endswith("\n") else "\n") + entry + "".join(lines[line:])


def _line_after(lines: list[str], item: yaml.Node, column: int) -> int:
    """Return the number of the line that follows an item of a list and the comments that belong to it."""
    leaf = item
    while isinstance(leaf, yaml.CollectionNode) and not leaf.flow_style and leaf.value:
        leaf = leaf.value[-1][1] if isinstance(leaf, yaml.MappingNode) else leaf.value[-1]
    end = leaf.end_mark
    line: int = end.line if end.column == 0 else end.line + 1
    while line < len(lines) and lines[line].lstrip(" ").startswith("#") and _indent(lines[line]) > column:
        line += 1
    return line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
