"""Every setting of the spawner as a page, from the settings' own help: `python -m aula_spawner.reference`."""

from collections.abc import Iterator
from typing import Any as Anything

from traitlets import Any, Bool, Callable, Dict, Float, HasTraits, Integer, List, Unicode

from aula_spawner.slurm.profile import Profile
from aula_spawner.spawner import AulaSpawner

START = """# The spawner's settings

Every setting that `AulaSpawner` adds to JupyterHub's spawners, or gives another value, in the package's own words.
Write them as `c.AulaSpawner.NAME` in `jupyterhub_config.py`. [The spawner alone](spawner.md) says what they are for.

This page is written by `python -m aula_spawner.reference`, which says the same of the version that you have.
"""
HOOKS = """
## What only a hook sets

These are no lines of `jupyterhub_config.py`: a hook that runs before each start (`c.Spawner.pre_spawn_hook`) gives
them to one server.
"""
PROFILE = """
## What a profile says

The keys of each dictionary in `profiles`. What one leaves out is as for every server.

| key | if left out | meaning |
|---|---|---|
"""
HEAD = "\n| setting | kind | if left out | meaning |\n|---|---|---|---|\n"
KINDS = {
    Bool: "true or false",
    Integer: "whole number",
    Float: "number",
    Unicode: "text",
    List: "list",
    Dict: "table",
    Callable: "callable",
    Any: "callable",
}


def settings() -> dict[str, Anything]:
    """Return the package's own settings by name, class by class, in the order in which they are written."""
    ours = [one for one in AulaSpawner.__mro__ if one.__module__.startswith("aula_spawner.")]
    found = [(name, trait) for one in ours if issubclass(one, HasTraits) for name, trait in vars(one).items()]
    return {name: trait for name, trait in found if name in AulaSpawner.class_traits() and not name.startswith("_")}


def page() -> str:
    """Return the page as Markdown."""
    rows = {name: _row(name, trait) for name, trait in settings().items()}
    hooked = [name for name, trait in settings().items() if not trait.metadata.get("config")]
    configured = [row for name, row in rows.items() if name not in hooked]
    settable = f"{START}{HEAD}{''.join(configured)}{HOOKS}{HEAD}{''.join(rows[name] for name in hooked)}"
    return f"{settable}{PROFILE}{''.join(_keys())}"


def _row(name: str, trait: Anything) -> str:
    kind = next((word for kind, word in KINDS.items() if isinstance(trait, kind)), type(trait).__name__.lower())
    return f"| `{name}` | {kind} | {_default(trait.default_value)} | {_cell(trait.help)} |\n"


def _keys() -> Iterator[str]:
    """Yield a row for each key of a profile, those that must be given first."""
    for name, field in sorted(Profile.model_fields.items(), key=lambda item: not item[1].is_required()):
        left_out = "must be given" if field.is_required() else _default(field.default)
        yield f"| `{name}` | {left_out} | {_cell(field.description or '')} |\n"


def _cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _default(value: object) -> str:
    """Return the value of a setting that nobody sets; where it is none or worked out, the help says what follows."""
    return f"`{value}`" if isinstance(value, bool | int | float) or (isinstance(value, str) and value) else "see there"


if __name__ == "__main__":
    print(page(), end="")
