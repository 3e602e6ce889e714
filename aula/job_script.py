"""What a course run keeps of an assignment's job script: what may be asked for, and a size that no trainee sees."""

from pathlib import Path

from aula import closed
from aula.course import JobScript
from aula.errors import ReleaseError

FOLDER = "jobs"


def write(run_dir: Path, name: str, job: JobScript | None) -> None:
    """Keep what a released assignment's course says of its job script, or that it has none."""
    path = _file(run_dir, name)
    if job is None:
        path.unlink(missing_ok=True)
        return
    closed.make(path.parent)
    path.write_text(job.model_dump_json(indent=2), encoding="utf-8")


def read(run_dir: Path, name: str) -> JobScript | None:
    """Return it; None where the assignment has none. Raises ReleaseError where it cannot be read."""
    path = _file(run_dir, name)
    try:
        return JobScript.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path}: cannot be read: {error}: release the assignment again") from error


def _file(run_dir: Path, name: str) -> Path:
    return run_dir / FOLDER / f"{name}.json"
