"""Slurm's commands, as who submits work of ours needs them."""

import os
import secrets
import shlex
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aula_spawner.slurm import array, sbatch
from aula_spawner.slurm.array import End, Task
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.squeue import Job

from aula.errors import RunError

ANSWERS_S = 60
LEAVES_S = 30
"""Seconds in which a cancelled job ends: Slurm gives it KillWait, 30 s by default, to do so by itself."""
KEPT = ("SLURM_CONF", "SLURM_CLUSTERS", "SLURM_JWT")


@dataclass(frozen=True)
class Queue:
    """Slurm, by its commands on PATH, and our jobs there: those of one name. The environment is what they get."""

    environment: Mapping[str, str]
    name: str
    less: str
    """How its user asks for less, as an error says it."""

    @classmethod
    def of(cls, environment: Mapping[str, str], name: str, less: str = "") -> "Queue":
        """Return the Slurm of an environment, without what is there of a job that we run in ourselves."""
        mine = {key: value for key, value in environment.items() if key in KEPT or not key.startswith("SLURM_")}
        return cls(mine, name, less)

    def partition(self, name: str | None) -> str:
        """Return the partition of that name, or the usual one. Raise RunError where there is none."""
        said = self._run(["sinfo", "--noheader", "--format=%P"]).split()
        known = sorted({word.removesuffix("*") for word in said})
        if name is None:
            usual = next((word.removesuffix("*") for word in said if word.endswith("*")), None)
            if usual is None:
                raise RunError(f"this Slurm has no usual partition: name one with --partition: {', '.join(known)}")
            return usual
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known) or 'none'}"
            raise RunError(f"Slurm has no partition '{name}': {hint}")
        return name

    def submit(self, request: Request, tasks: int, most: int | None, log: str, words: Sequence[str]) -> str:
        """Submit an array of tasks, of which each runs these words; return its job id."""
        numbers = f"0-{tasks - 1}" + (f"%{most}" if most else "")
        options = [*sbatch.options(request), f"--array={numbers}", f"--job-name={self.name}", f"--output={log}"]
        script = f"#!/bin/sh\nexec {shlex.join(words)}\n"
        said = self._run(["sbatch", "--parsable", "--no-requeue", "--export=ALL", *options], script)
        try:
            return sbatch.parse_job_id(said)
        except OutputError as error:
            raise RunError(f"Slurm took the jobs, maybe, but gave no job id: {error}") from error

    def tasks(self) -> dict[Task, Job]:
        """Return our tasks that Slurm still remembers, those that ended a while ago too."""
        mine = [*self._mine(), "--states=all", "--array"]
        try:
            return array.parse_tasks(self._run(["squeue", "--noheader", *mine, f"--format={array.FORMAT}"]))
        except OutputError as error:
            raise RunError(str(error)) from error

    def ends(self, ids: Iterable[str]) -> dict[Task, End]:
        """Return how tasks ended, by the accounting."""
        words = ["--allocations", "--noheader", "--parsable2", f"--format={array.ENDS}", f"--jobs={','.join(ids)}"]
        try:
            return array.parse_ends(self._run(["sacct", *words]))
        except OutputError as error:
            raise RunError(str(error)) from error

    def cancel(self) -> None:
        """Cancel our jobs, and no others, and wait a while until they have ended."""
        self._run(["scancel", "--quiet", *self._mine()])
        deadline = time.monotonic() + LEAVES_S
        while self._run(["squeue", "--noheader", *self._mine(), "--format=%i"]).split():
            if time.monotonic() > deadline:
                return
            time.sleep(1)

    def _mine(self) -> tuple[str, str]:
        return f"--user={os.getuid()}", f"--name={self.name}"

    def _run(self, words: Sequence[str], text: str = "") -> str:
        """Run a command; return what it printed. Raise RunError in words where there is no Slurm, or it refuses."""
        try:
            done = subprocess.run(
                words,
                input=text,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=ANSWERS_S,
                start_new_session=True,  # Ctrl-C is for us: what we have asked Slurm for is answered
            )
        except FileNotFoundError as error:
            raise RunError(
                f"no Slurm here: there is no command '{words[0]}': run this on a login node of the cluster, "
                "or leave out '--on slurm'"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise RunError(f"Slurm does not answer: {words[0]} took over {ANSWERS_S} s: try again later") from error
        if done.returncode:
            said = " ".join(done.stderr.split())[:500] or f"exit status {done.returncode}"
            raise RunError(f"{words[0]} failed: {said}\n{self._remedy(words[0], said)}")
        return done.stdout

    def _remedy(self, command: str, said: str) -> str:
        """Return what helps against what Slurm said."""
        low = said.lower()
        if command != "sbatch" or "configuration source" in low or "contact" in low:
            return (
                "Is Slurm up, and is this a machine of its cluster? 'sinfo' tells. To run here: leave out '--on slurm'."
            )
        if "account" in low:
            return "Name a Slurm account of yours with --account: 'sacctmgr show associations user=$USER' lists them."
        if "node configuration" in low or "limit" in low or "qos" in low:
            return f"No node, or not you, may have so much: name another --partition, or {self.less}."
        return f"Look at --partition and --account, or {self.less}."


def named(prefix: str) -> str:
    """Return a name that begins so, for jobs of which no others have it."""
    return f"{prefix}-{secrets.token_hex(6)}"
