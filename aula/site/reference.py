"""The reference page of site.yml, written from its schema."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from aula.site.schema import Site

START = """# The file site.yml

What a centre tells Aula about itself, in one file. Every key is here; an unknown key is an error that names the
nearest valid one. Try the file, and the site behind it, with `aula site check site.yml`.

Folders and files are absolute paths of letters, digits and `._-`.
"""


def page() -> str:
    """Return the page as Markdown: a table for each part of the file."""
    return START + "".join(_part(model, name) for name, model in _parts(Site, ""))


def _parts(model: type[BaseModel], name: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every model with its place in the file, the outermost first."""
    yield name, model
    for key, field in model.model_fields.items():
        inner = _model(field)
        if inner:
            yield from _parts(inner, f"{name}.{key}" if name else key)


def _part(model: type[BaseModel], name: str) -> str:
    title = f"\n## {name}\n" if name else "\n## The whole file\n"
    rows = [f"| `{key}` | {_default(field)} | {field.description} |" for key, field in model.model_fields.items()]
    head = f"\n{(model.__doc__ or '').strip()}\n\n| key | if left out | meaning |\n|---|---|---|\n"
    return f"{title}{head}{chr(10).join(rows)}\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    if field.default is PydanticUndefined:
        return "as below"
    if isinstance(field.default, tuple):
        return f"`[{', '.join(field.default)}]`"
    return "nothing" if field.default is None else f"`{field.default}`"


def _model(field: FieldInfo) -> type[BaseModel] | None:
    candidates: tuple[Any, ...] = (field.annotation, *get_args(field.annotation))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)
