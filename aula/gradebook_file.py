"""Where a course run keeps nbgrader's gradebook."""

from pathlib import Path


def path(run_dir: Path) -> Path:
    """Return the file; it is there from the first release on."""
    return run_dir / "gradebook.db"


def address(run_dir: Path) -> str:
    """Return it as SQLAlchemy names it."""
    return f"sqlite:///{path(run_dir)}"
