"""A released assignment into the service's folder, as `nbgrader release_assignment` gives it, without nbgrader."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

READ, ENTER = 0o640, 0o750
LEFT_OUT = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""What nbgrader leaves out, as it is usually configured."""


def give(source: Path, given: Path) -> None:
    """Put a folder into a course run's folder of what is given, whole, in place of the one before."""
    with TemporaryDirectory(prefix=".released-", dir=given) as name:
        draft = Path(name, "new")
        shutil.copytree(source, draft, ignore=shutil.ignore_patterns(*LEFT_OUT), copy_function=shutil.copyfile)
        for path in (draft, *draft.rglob("*")):
            path.chmod(ENTER if path.is_dir() else READ)
        put(draft, given / "outbound" / source.name, Path(name, "old"))


def put(draft: Path, target: Path, old: Path) -> None:
    """Let what is made be what is given; what was given before goes to a folder that is taken away."""
    target.parent.mkdir(exist_ok=True)
    if target.is_dir():
        target.rename(old)
    draft.rename(target)
