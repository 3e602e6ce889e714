"""What came of earlier runs: a notebook runs again only if something has changed that its outputs depend on."""

import hashlib
import json
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from aula import closed
from aula.run import libraries
from aula.run.job import Job, Result

RESULT, NOTEBOOK = "result.json", "executed.ipynb"


class Cache:
    """A folder of results, each by the digest of all that it depends on.

    That is the notebook, its parameters, the files beside it, what is installed for the kernel and for whoever runs
    it, and the code that does. Only what ran clean is kept.
    """

    def __init__(self, folder: Path, known: Path | None = None) -> None:
        """Take the folder, and one of results of another machine, which is read and never written."""
        self.folder, self._known = folder, known

    def find(self, job: Job) -> Result | None:
        """Return the result of an earlier run, its executed notebook in its place; None where there is none."""
        name = key(job)
        for folder in filter(None, (self.folder, self._known)):
            with suppress(OSError, ValueError, TypeError):
                result = Result(**json.loads((folder / name / RESULT).read_text(encoding="utf-8")))
                job.executed.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name / NOTEBOOK, job.executed)
                return replace(result, cached=True)
        return None

    def keep(self, job: Job, name: str, result: Result) -> None:
        """Keep a result that is clean under its key, which is taken before the notebook runs."""
        if result.state != "ok":
            return
        closed.make(self.folder)  # executed assignments are solved ones
        kept = self.folder / name
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        shutil.copyfile(job.executed, kept / NOTEBOOK)
        (kept / RESULT).write_text(json.dumps(asdict(result)), encoding="utf-8")  # the last: now it is whole


def key(job: Job) -> str:
    """Return the digest of all that the outputs of a job depend on."""
    files = sorted(path for path in job.place.rglob("*") if path.is_file() and not path.is_symlink())
    digest = hashlib.sha256()
    for part in _parts(job, files):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _parts(job: Job, files: Iterable[Path]) -> Iterator[bytes]:
    yield json.dumps([job.title, job.parameters, job.time_limit_s], sort_keys=True).encode()
    for path in files:
        yield str(path.relative_to(job.place)).encode()
        yield path.read_bytes()
    yield _machinery(job.kernel)


@cache
def _machinery(kernel: str) -> bytes:
    """Return what runs notebooks: our code, what is installed beside it, and what is installed for that kernel."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py"))]
    installed = [sys.version, *_installed(Path(sysconfig.get_path("purelib"))), *_installed_for(kernel)]
    return hashlib.sha256(b"\0".join([*code, *(name.encode() for name in installed)])).digest()


def _installed_for(kernel: str) -> Iterator[str]:
    for packages in libraries.packages(kernel):
        yield str(packages.parent.name)
        yield from _installed(packages)


def _installed(packages: Path) -> list[str]:
    """Return the distributions in a folder, as name and version."""
    return sorted(path.name for path in packages.glob("*.dist-info"))
