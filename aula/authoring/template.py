"""The templates of what `aula new` writes, filled in."""

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "templates"
ENVIRONMENT = Environment(  # noqa: S701  Markdown and YAML: nothing in them is HTML that would have to be escaped
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True
)
ENVIRONMENT.filters["yaml"] = lambda value: json.dumps(value, ensure_ascii=False)


def filled(kind: str, values: dict[str, object]) -> dict[str, str]:
    """Return the texts of a kind of thing (course, lesson, assignment), by their place in its folder."""
    names = sorted(str(path.relative_to(FOLDER / kind)) for path in (FOLDER / kind).rglob("*") if path.is_file())
    return {name: ENVIRONMENT.get_template(f"{kind}/{name}").render(values) for name in names}
