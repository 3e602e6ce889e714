"""Runs the job scripts of an assignment, one after the other, through the account that owns nothing."""

import base64
import fcntl
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from aula.course import JobScript
from aula.grading import handed_in
from aula.grading.errors import JobsError
from aula.grading.jobs import place
from aula.grading.jobs.cluster import Cluster
from aula.grading.jobs.done import Done
from aula.grading.jobs.place import Place
from aula.grading.jobs.script import Asked, check

SUBMITS_S = 90.0
READS_S = 60.0
MOST_SAID = 32_000_000
"""Bytes of what the program says of one job."""
MOST_TEXT = 20_000
KNOWN = ("is not there", "is no file that can be read", "has over 1 MB")
FULL = "is not read: the job wrote over 64 MB or 2000 files, and was cancelled"
GONE = "cannot be read: the job ended the program that was to read it"


class Jobs:
    """The job scripts of one assignment."""

    def __init__(self, where: Place, bounds: JobScript, source: Path, python: Path, lock: Path) -> None:
        """`source` holds the assignment's files, which each job gets; `python` is what `python3` is in a job."""
        self._place, self.bounds, self._source, self._lock = where, bounds, source, lock
        self._cluster = Cluster(where.account, where.environment)
        usual = where.environment.get("PATH", os.defpath)
        self._variables = {
            **{name: str(value) for name, value in bounds.size.items()},
            "PATH": f"{python.parent}:{usual}",
            "LANG": "C.UTF-8",
        }

    def run(self, script: bytes) -> Done:
        """Run a script; return what came of it.

        Raises ScriptError where it must not be run, JobsError where Slurm does not do what it should.
        """
        asked = check(script, self.bounds)
        with self._alone(), tempfile.TemporaryFile() as said:
            self._cluster.clear()
            try:
                return self._done(script, asked, said)
            finally:
                self._cluster.clear()

    def _done(self, script: bytes, asked: Asked, said: IO[bytes]) -> Done:
        try:
            process = subprocess.Popen(
                self._place.program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, cwd="/", bufsize=0
            )
        except OSError as error:
            raise JobsError(f"job scripts cannot be run: {error}: run make up again") from error
        with process:  # its input is closed with the block: then it ends
            send, hear = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
            lines = Lines(hear)
            _send(send, self._order(script, asked))
            job = str(lines.next(SUBMITS_S).get("job", ""))
            if not job.isdecimal():
                said.seek(0)
                raise JobsError(
                    f"a job script could not be submitted as {self._place.account}: "
                    f"{lines.last.get('refused') or said.read(500).decode(errors='replace').strip() or 'no answer'}"
                )
            self._cluster.follow(job, asked.seconds, lambda: process.poll() is None)
            self._cluster.clear()  # what the job has submitted itself ends too, before anything is read
            _send(send, b"end\n")
            left = lines.next(READS_S)
        record = self._cluster.record(job)
        return Done(asked, record, _text(left.get("said"), MOST_TEXT), *self._files(left))

    def _order(self, script: bytes, asked: Asked) -> bytes:
        files = {
            str(path.relative_to(self._source)): _encoded(path.read_bytes())
            for path in handed_in.files(self._source)
            if path.suffix != ".ipynb"
        }
        order = {
            "name": self.bounds.script,
            "script": _encoded(script),
            "files": files,
            "variables": self._variables,
            "options": [*asked.options(), f"--partition={self._place.partition}"],
            "leaves": list(self.bounds.leaves),
        }
        return json.dumps(order).encode() + b"\n"

    def _files(self, left: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        """Return the files, and why others cannot be had; it is hostile what the program says."""
        found, wrong = left.get("files"), left.get("wrong")
        files = {
            name: _text(found[name])
            for name in self.bounds.leaves
            if isinstance(found, dict) and isinstance(found.get(name), str) and not left.get("full")
        }
        usual = FULL if left.get("full") else GONE
        said = wrong if isinstance(wrong, dict) and not left.get("full") else {}
        known = {name: said[name] if said.get(name) in KNOWN else usual for name in self.bounds.leaves}
        return files, {name: why for name, why in known.items() if name not in files}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one job run at a time: two trainees' never see each other."""
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def jobs(run_dir: Path, name: str, bounds: JobScript | None, python: Path) -> Jobs | None:
    """Return what runs the job scripts of a course run's assignment; None where it has none.

    Raises JobsError where the course run has no account for them.
    """
    if bounds is None:
        return None
    return Jobs(place.read(run_dir), bounds, run_dir / "source" / name, python, run_dir / f"{place.FILE}.lock")


class Lines:
    """What a program says, line by line, bounded in time and size; {} where it says nothing more."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._number, self._rest = pipe.fileno(), b""
        self.last: dict[str, Any] = {}

    def next(self, seconds: float) -> dict[str, Any]:
        """Return the next line's object."""
        deadline, self.last = time.monotonic() + seconds, {}
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or len(self._rest) > MOST_SAID or not select.select([self._number], [], [], left)[0]:
                return self.last
            more = os.read(self._number, 1_000_000)
            if not more:
                return self.last
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return self.last
        self.last = found if isinstance(found, dict) else {}
        return self.last


def _send(pipe: IO[bytes], line: bytes) -> None:
    with suppress(BrokenPipeError):  # what it said before it ended tells why
        while line:
            line = line[os.write(pipe.fileno(), line) :]


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _text(said: object, most: int | None = None) -> str:
    """Return what was said in base64 as text that every file can hold."""
    try:
        return base64.b64decode(said if isinstance(said, str) else "")[:most].decode(errors="replace")
    except ValueError:
        return ""
