"""Which profiles a site has, which of them a person may see, and which one a start is for."""

from collections.abc import Collection, Iterable
from typing import Any

from pydantic import ValidationError

from aula_spawner.errors import UnsafeValueError
from aula_spawner.slurm.profile import Profile

USUAL = Profile(name="usual", title="JupyterLab")
"""The only profile of a site that has named none."""


def checked_profiles(given: Iterable[Any]) -> list[Profile]:
    """Return the profiles of the settings; raise UnsafeValueError naming the profile and the key that is wrong."""
    found = [one if isinstance(one, Profile) else _checked(dict(one)) for one in given]
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnsafeValueError(f"profiles: two are called {twice[0]!r}: give each a name of its own")
    return found


def visible(profiles: Iterable[Profile], groups: Collection[str]) -> tuple[Profile, ...]:
    """Return what a person of these groups may have."""
    return tuple(one for one in profiles if not one.groups or not set(one.groups).isdisjoint(groups))


def _checked(given: dict[str, Any]) -> Profile:
    try:
        return Profile.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise UnsafeValueError(f"profiles: {given.get('name', '?')!r}: {key}: {first['msg']}") from error
