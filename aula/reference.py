"""The reference page of a YAML file, and its JSON Schema for editors: both written from the file's model."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HEAD = "\n| key | kind | if left out | meaning |\n|---|---|---|---|\n"
KINDS = {"boolean": "true or false", "integer": "whole number", "number": "number", "string": "text"}
Schema = Mapping[str, Any]


def schema(model: type[BaseModel], file: str) -> str:
    """Return the JSON Schema of a file as text: editors complete and check the file by it."""
    return json.dumps({"$schema": DIALECT, **model.model_json_schema(), "title": file}, indent=2) + "\n"


def page(model: type[BaseModel], start: str) -> str:
    """Return the reference page as Markdown: after its start, a table for each part of the file."""
    whole = model.model_json_schema()
    parts = whole.get("$defs", {})
    return start + "".join(_part(part, name) for name, part in _parts(whole, parts, ""))


def _parts(part: Schema, parts: Schema, name: str) -> Iterator[tuple[str, Schema]]:
    """Yield every part of the file with its place in it, the outermost first."""
    yield name, part
    for key, value in part["properties"].items():
        inner = _inner(value)
        if inner:
            yield from _parts(parts[inner], parts, f"{name}.{key}" if name else key)


def _part(part: Schema, name: str) -> str:
    title = f"\n## {name}\n" if name else "\n## The whole file\n"
    rows = [
        f"| `{key}` | {_kind(value)} | {_left_out(key, value, part)} | {_cell(value.get('description', ''))} |"
        for key, value in part["properties"].items()
    ]
    return f"{title}\n{part['description']}\n{HEAD}{chr(10).join(rows)}\n"


def _inner(value: Schema) -> str | None:
    """Return the name of the part that a key's value, or each item of it, is; None where it is none."""
    choices = [value, value.get("items", {}), _named(value), *value.get("anyOf", ())]
    return next((str(one["$ref"]).rpartition("/")[2] for one in choices if "$ref" in one), None)


def _named(value: Schema) -> Schema:
    """Return what stands below each of somebody's own keys; nothing where they have none."""
    below: Iterable[Schema] = value.get("patternProperties", {}).values()
    return next(iter(below), {})


def _kind(value: Schema) -> str:
    """Return what may stand there, in words."""
    if "anyOf" in value:
        kinds = [_kind(one) for one in value["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in value:
        return " or ".join(f"`{one}`" for one in value["enum"])
    if "$ref" in value:
        return "keys, below"
    if value.get("type") == "array":
        each = "parts, below" if "$ref" in value["items"] else _kind(value["items"])
        return f"list: {each}" + (f"; at least {value['minItems']}" if value.get("minItems") else "")
    if value.get("type") == "object":
        return "keys of your own" + (", each a part, below" if "$ref" in _named(value) else "")
    return KINDS[value["type"]] + _bounds(value)


def _bounds(value: Schema) -> str:
    """Return between which numbers a value lies, as words that follow its kind."""
    least, most = value.get("minimum"), value.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f", at least {least}"
    if most is not None:
        return f", at most {most}"
    return f", more than {value['exclusiveMinimum']}" if "exclusiveMinimum" in value else ""


def _left_out(key: str, value: Schema, part: Schema) -> str:
    if key in part.get("required", ()):
        return "must be given"
    default = value.get("default")
    if default is None and "$ref" in value:
        return "as below"
    if default in (None, []):
        return "nothing"
    if isinstance(default, list):
        return f"`[{', '.join(default)}]`"
    return f"`{default}`" if isinstance(default, str) else f"`{json.dumps(default)}`"


def _cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")
