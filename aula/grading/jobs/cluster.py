"""Slurm, as a course run's account asks it about the jobs of the account that handed-in scripts run as.

It is the coordinator of that account's association: it sees and cancels those jobs. So what the accounting says is
never asked by the account that a script has run as.
"""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.record import FORMAT, Record, parse_record
from aula_spawner.slurm.squeue import STATES, Phase, phase

from aula.grading.errors import JobsError, ScriptError

ANSWERS_S = 30
LOOKS_S = 0.3
STARTS_S = 300.0
"""Seconds that a job may wait for its place."""
LEAVES_S = 60.0
"""Seconds in which a job that was cancelled, or is over its time, has ended."""
RECORDED_S = 30.0
"""Seconds in which the accounting knows of an end."""


class Cluster:
    """The jobs of one account."""

    def __init__(self, account: str, environment: Mapping[str, str]) -> None:
        self._account, self._environment = account, environment

    def clear(self) -> None:
        """Cancel all jobs of the account, and wait until none is there. Raises JobsError."""
        self._run(["scancel", "--quiet", f"--user={self._account}"])
        _wait(lambda: not self._states(), LEAVES_S, f"jobs of {self._account} do not end: ask the operator of the site")

    def follow(self, job: str, seconds: float, busy: Callable[[], bool]) -> None:
        """Wait until a job has ended, or nobody is `busy` with it any more.

        Raises JobsError where it did not start, or Slurm does not answer.
        """
        began, started = time.monotonic(), 0.0
        while busy() and (state := self._states().get(job)):
            now = time.monotonic()
            if phase(state) is Phase.ENDED:
                return
            if phase(state) is Phase.RUNNING:
                started = started or now
            if started and now - started > seconds + LEAVES_S:
                return
            if not started and now - began > STARTS_S:
                raise JobsError(
                    f"Slurm did not start the job in {STARTS_S:g} s: the cluster is full. Grade again later"
                )
            time.sleep(LOOKS_S)

    def record(self, job: str) -> Record:
        """Return the accounting record of a job that has ended. Raises JobsError where there is none.

        Raises ScriptError where it is nonsense: no job of somebody's holds up the others.
        """
        found: list[Record] = []

        def look() -> bool:
            said = self._run(
                ["sacct", "--noheader", "--parsable2", "--noconvert", f"--jobs={job}", f"--format={FORMAT}"]
            )
            try:
                record = parse_record(said, job)
            except OutputError as error:
                raise ScriptError(f"Slurm's record of your job cannot be used: {error}") from error
            found.extend([record] if record else [])
            return bool(found)

        _wait(
            look,
            RECORDED_S,
            f"the accounting has no record of job {job}: the course run's account must be a coordinator of the Slurm "
            f"account of {self._account}: ask the operator of the site",
        )
        return found[0]

    def _states(self) -> dict[str, str]:
        """Return the state of each job of the account that has not ended long ago."""
        said = self._run(["squeue", "--noheader", f"--user={self._account}", "--format=%A|%T"])
        states = {}
        for line in said.splitlines():
            job, bar, state = line.strip().partition("|")
            if not job.isdecimal() or not bar or state not in STATES:
                raise JobsError(f"cannot read what squeue printed: {line[:200]!r}")
            states[job] = state
        return states

    def _run(self, words: Sequence[str]) -> str:
        try:
            done = subprocess.run(
                words,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=ANSWERS_S,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise JobsError(f"job scripts cannot be run: Slurm does not answer: {error}") from error
        if done.returncode:
            raise JobsError(f"{words[0]} failed: {' '.join(done.stderr.split())[:500]}: is Slurm up? 'sinfo' tells")
        return done.stdout


def _wait(until: Callable[[], bool], seconds: float, why: str) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise JobsError(why)
        time.sleep(LOOKS_S)
