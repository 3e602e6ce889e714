"""Pages of feedback: where nbgrader keeps them at home, and how one gets there."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from . import moments, tars
from .service import Json, Service


def place(folder: Path, handed_in: Json) -> Path:
    """Return where the feedback on a hand-in lies, in the folder of its assignment."""
    return folder / "feedback" / moments.folder(handed_in["at"])


def is_new(page: Path, digest: str) -> bool:
    """Whether the service's page, with a hash, is not the one that lies at home."""
    return not page.is_file() or sha256(page.read_bytes()).hexdigest() != digest


def fetch(service: Service, run: str, task: str, handed_in: Json, folder: Path) -> list[Path]:
    """Fetch the feedback on a hand-in into its assignment's folder, over an older one; return the pages.

    Raises ServiceError where the service refuses.
    """
    body = service.feedback(run, task, handed_in["number"])
    if body is None:
        return []
    target = place(folder, handed_in)
    target.mkdir(parents=True, exist_ok=True)
    with body, TemporaryDirectory(prefix=".feedback-", dir=target) as name:
        tars.unpack(body, Path(name))
        return [page.replace(target / page.name) for page in sorted(Path(name).glob("[!.]*.html"))]
