"""Which assignments of a course run give results at once, as its folder says since they were released."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from aula.course import Assignment

FILE = "results_at_once.json"


def write(run_dir: Path, tasks: Iterable[Assignment]) -> None:
    """Write how many hand-ins of each trainee get a result at once, by assignment; those of which none do stay out."""
    draft = run_dir / f".{FILE}.new"
    draft.write_text(json.dumps({task.name: task.results_at_once for task in tasks if task.results_at_once}) + "\n")
    draft.rename(run_dir / FILE)


def read(run_dir: Path) -> Mapping[str, int]:
    """Return how many hand-ins of each trainee get a result at once, by assignment; nothing where none do."""
    try:
        return {str(name): int(most) for name, most in json.loads((run_dir / FILE).read_text()).items()}
    except FileNotFoundError:
        return {}
