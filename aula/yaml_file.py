"""Reading one strict YAML file: every problem named with file, line, key and nearest valid key."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from aula.errors import AulaError

Location = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


def read(path: Path, model: type[Model], error: type[AulaError]) -> Model:
    """Return what the file at path says, as the model; raise the error with a line for each mistake otherwise."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except UnicodeDecodeError as reason:
        raise error(f"{path}: cannot be read: it is not UTF-8: save it so in your editor") from reason
    except OSError as reason:
        raise error(f"{path}: cannot be read: {reason.strerror}") from reason
    except yaml.YAMLError as reason:
        raise error(f"{path}{_place(reason)}") from reason
    if not isinstance(tree, yaml.MappingNode):
        raise error(f"{path}: must be a list of keys and values, starting with '{next(iter(model.model_fields))}:'")
    problems = [f"{path}:{line}: key '{key}' is given twice: remove one" for key, line in _repeated(tree)]
    if not problems:
        try:
            return model.model_validate(data)
        except ValidationError as reason:
            problems = [_problem(path, tree, model, detail) for detail in _told(model, reason.errors())]
    raise error("\n".join(problems))


def _place(reason: yaml.YAMLError) -> str:
    """Return the line at which a file stops to be YAML, and why, in one sentence."""
    if isinstance(reason, yaml.MarkedYAMLError) and reason.problem_mark:
        context = f"{reason.context}: " if reason.context else ""
        return f":{reason.problem_mark.line + 1}: is not YAML: {context}{reason.problem}"
    return f": is not YAML: {' '.join(str(reason).split())}"


def _told(model: type[BaseModel], details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the complaints that tell something new: a misspelt key is not missing as well."""
    meant = {(*d["loc"][:-1], _nearest(model, d["loc"])) for d in details if d["type"] == "extra_forbidden"}
    for detail in details:
        location = detail["loc"]
        # A list with one bad item counts, for pydantic, as shorter by one.
        inside = any(len(d["loc"]) > len(location) and d["loc"][: len(location)] == location for d in details)
        if not (detail["type"] == "missing" and location in meant) and not inside:
            yield detail


def _nearest(model: type[BaseModel], location: Location) -> str | None:
    """Return the valid key that is most like the one at the location's end, if any is."""
    near = get_close_matches(str(location[-1]), _model_at(model, location).model_fields, n=1)
    return near[0] if near else None


def _repeated(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Yield keys that stand twice in the same mapping; YAML would silently keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)


def _problem(path: Path, tree: yaml.Node, model: type[BaseModel], detail: ErrorDetails) -> str:
    """Return one sentence about one of pydantic's complaints."""
    location = detail["loc"]
    where = f"{path}:{_line(tree, location)}"
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    if detail["type"] == "extra_forbidden":
        near = _nearest(model, location)
        valid = ", ".join(_model_at(model, location).model_fields)
        hint = f"did you mean '{near}'?" if near else f"valid keys: {valid}"
        return f"{where}: unknown key '{key}': {hint}"
    if detail["type"] == "missing":
        return f"{where}: key '{key}' is missing: add it"
    said = "" if isinstance(detail["input"], dict) else f"; it says {detail['input']!r}"
    named = f"key '{key}': " if key else ""
    return f"{where}: {named}{_complaint(model, detail)}{said}{_remedy(detail)}"


def _complaint(model: type[BaseModel], detail: ErrorDetails) -> str:
    """Return what is wrong, in words; instead of a pattern what the key is for, which names an example."""
    meaning = _meaning(model, detail["loc"]) if detail["type"] == "string_pattern_mismatch" else None
    return f"it must be the {meaning}" if meaning else detail["msg"].removeprefix("Value error, ")


def _remedy(detail: ErrorDetails) -> str:
    """Return what would be right, where that can be guessed."""
    if detail["type"] == "literal_error":
        near = get_close_matches(str(detail["input"]), re.findall(r"'([^']*)'", detail["ctx"]["expected"]), n=1)
        return f": did you mean '{near[0]}'?" if near else ""
    if detail["type"] == "string_type" and not isinstance(detail["input"], dict | list | None):
        return ": put it in quotes"
    return ""


def _meaning(model: type[BaseModel], location: Location) -> str | None:
    """Return the description of the key at a location; of a list, that of the list."""
    meaning = None
    for part in location:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        if field:
            meaning = field.description
            model = _inner(field) or model
    return meaning


def _line(node: yaml.Node, location: Location) -> int:
    """Return the line of the deepest part of the location that the file has."""
    line = node.start_mark.line + 1
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
            continue
        pair = next((p for p in node.value if p[0].value == part), None) if _is_map(node) else None
        if pair is None:
            break
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line


def line_of(path: Path, *location: str | int) -> int | None:
    """Return the line of the deepest part of a location that the file at path has; None where it is no YAML."""
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return _line(tree, location) if tree else None


def _is_map(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """Return the model whose keys stand at the location's last part."""
    for part in location[:-1]:
        if isinstance(part, str):
            model = _inner(model.model_fields[part]) or model
    return model


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model that a field's value, or each item of it, is; None where it is none."""
    candidates: tuple[Any, ...] = (field.annotation, *get_args(field.annotation))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)
