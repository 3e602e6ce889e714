"""Which courses and which rules a check is about."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from aula import catalogue
from aula.check.rule import Rule
from aula.check.rules import ALL
from aula.errors import CheckError


def rule(name: str) -> Rule:
    """Return the rule of that name; the error for another name tells the nearest."""
    for one in ALL:
        if one.name == name:
            return one
    near = get_close_matches(name, [one.name for one in ALL], n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`aula explain` lists them"
    raise CheckError(f"no rule '{name}': {hint}")


def rules(names: Sequence[str] = (), *, fast: bool = False) -> tuple[Rule, ...]:
    """Return the rules of these names, or all, in their order; fast leaves out those that execute or grade."""
    wanted = {rule(name).name for name in names}
    chosen = tuple(one for one in ALL if (not wanted or one.name in wanted) and not (fast and one.slow))
    if not chosen:
        raise CheckError("--fast leaves out every rule that was picked: take it away")
    return chosen


def folders(root: Path, names: Sequence[str] = ()) -> list[Path]:
    """Return the folders of the courses of these names, or of all, each once and in their order."""
    found = {path.name: path for path in catalogue.folders(root)}
    if not found:
        raise CheckError(f"{root / 'courses'}: holds no course: make one with 'aula new course NAME'")
    for name in names:
        if name not in found:
            raise catalogue.unknown(root, name, list(found))
    return [path for name, path in found.items() if not names or name in names]
