"""What is kept of each graded submission: its marks, with all that they depend on, and its notebook as it ran."""

import json
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

import nbformat

from aula import closed, notebook
from aula.grading.errors import SubmissionError
from aula.grading.handed_in import Submission, files
from aula.grading.mark import Graded, Mark
from aula.grading.repair import page, told

RECORDING = ".aula-recording"
"""The file by which the sandbox is given what Slurm's commands answer: never a trainee's."""


class Records:
    """A folder of records, each by the digest of what was graded: a batch that was interrupted goes on from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, digest: str) -> Graded | None:
        """Return what came of a submission; None where it was not graded by this account, or not to its end."""
        try:
            kept = json.loads(closed.read_own(self._file(digest)))
        except (OSError, ValueError):
            return None
        return Graded(
            student=kept["student"],
            assignment=kept["assignment"],
            digest=kept["digest"],
            node=nbformat.from_dict(kept["node"]),  # type: ignore[no-untyped-call]  # nbformat types only half of itself
            marks={name: Mark(**mark) for name, mark in kept["marks"].items()},
            unanswered=frozenset(kept["unanswered"]),
            notes=tuple(kept["notes"]),
            seconds=kept["seconds"],
            repaired=kept["repaired"],
        )

    def keep(self, graded: Graded, how: dict[str, str]) -> None:
        """Keep it, with the versions and seeds that it was made with."""
        closed.make(self.folder)
        draft = self.folder / f"{graded.digest}.{secrets.token_hex(4)}.new"  # what two write does not mix
        kept = {**asdict(graded), "unanswered": sorted(graded.unanswered), "how": how}
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.rename(self._file(graded.digest))

    def forget(self, digest: str) -> None:
        """Let a submission be one that was not graded yet."""
        self._file(digest).unlink(missing_ok=True)

    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}.json"


def put(run_dir: Path, submission: Submission, graded: Graded, source: Path) -> None:
    """Put the graded notebook and what lay beside it where nbgrader looks for it, in place of an earlier one.

    What was mended in it stands in its first cell, and on a page beside it that is never the trainee's own.
    """
    target = run_dir / "autograded" / graded.student / graded.assignment
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=".graded-", dir=target.parent))
    with suppress(SubmissionError):  # its notebook says so
        beside([submission.folder, source], draft)
    notebook.write(told.of(graded), draft / f"{graded.assignment}.ipynb")
    _put_page(graded.repaired, draft / page.NAME)
    draft.chmod(0o755)
    if target.exists():
        shutil.rmtree(target)
    draft.rename(target)


def _put_page(text: str, path: Path) -> None:
    """Write the page of what was mended, or none, in place of whatever has its name."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if text:
        path.write_text(text, encoding="utf-8")


def beside(folders: Iterable[Path], to: Path) -> None:
    """Copy what lies beside the notebook in folders, the later over the earlier: the trainee's, then the author's.

    Raises SubmissionError where it is too many files, or too big.
    """
    for folder in folders:
        for path in files(folder):
            if path.suffix != ".ipynb" and path.relative_to(folder).parts[0] != RECORDING:
                copy = to / path.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.unlink(missing_ok=True)
                shutil.copyfile(path, copy, follow_symlinks=False)
