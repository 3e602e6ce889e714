"""A site's Slurm: the commands that the hub gives, in its own name or, through sudo, in the name of a job's owner."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from aula_spawner.command import run
from aula_spawner.errors import CommandTimeoutError, SlurmError
from aula_spawner.names import safe_user_name
from aula_spawner.slurm import association, sinfo
from aula_spawner.slurm.nodes import parse_addresses
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.sacct import parse_core_seconds
from aula_spawner.slurm.sbatch import options, parse_expected_start, parse_job_id
from aula_spawner.slurm.scontrol import parse_node_address
from aula_spawner.slurm.squeue import FORMAT, Job, lines_by_job, parse_jobs

# What Slurm's commands say where their controller cannot be asked.
_UNREACHABLE = (
    *("Unable to contact slurm controller", "Socket timed out", "Connection refused", "in standby mode"),
    *("Zero Bytes were transmitted", "Munge encode failed", "Protocol authentication error"),
)


@dataclass(frozen=True)
class Cluster:
    """Where Slurm's commands are and how long they may take. It belongs to no server: equal ones are one cluster."""

    commands: str
    sudo: str
    slurm_conf: str
    seconds: float
    jobs_command: tuple[str, ...] = ()

    async def queue(self) -> Mapping[str, str]:
        """Return squeue's line of each job that the hub may see, by the job's id: one command, whoever they belong to.

        No field of a line holds text that the owner of a job can choose: nobody can write another's.
        """
        listing = (f"{self.commands}/squeue", "--noheader", "--states=all", f"--format={FORMAT}")
        return lines_by_job(await self._run(*(self.jobs_command or listing)))

    async def submit(self, owner: str, script: str, variables: Mapping[str, str]) -> str:
        """Submit a batch script whose job finds these variables; return the job's id."""
        # ALL is safe because sudo has cleaned the environment; a list of names would make Slurm load the
        # login shell's environment on the node.
        words = ("sbatch", "--parsable", "--export=ALL")
        return parse_job_id(await self._run_as(owner, *words, text=script, variables=variables))

    async def jobs(self, owner: str, name: str = "") -> tuple[Job, ...]:
        """Return the owner's jobs, or only those of a name."""
        # In the owner's name: where Slurm hides other people's jobs, the hub needs no rights to see these.
        words = ("squeue", "--noheader", "--states=all", f"--user={owner}", f"--format={FORMAT}")
        return parse_jobs(await self._run_as(owner, *words, *([f"--name={name}"] if name else [])))

    async def nodes(self) -> tuple[sinfo.Node, ...]:
        """Return every node in each of its partitions, with what is free there."""
        words = ("--noheader", "--Node", f"--Format={sinfo.FORMAT}")
        return sinfo.parse_nodes(await self._run(f"{self.commands}/sinfo", *words))

    async def limits(self, owner: str, account: str | None, partition: str) -> association.Limits:
        """Return what a job of the owner may ask for there, as the controller knows it from accounting."""
        words = ("show", "assoc_mgr", f"users={owner}", "flags=assoc", "--oneliner")
        return association.parse_limits(await self._run_as(owner, "scontrol", *words), account, partition)

    async def expected_start(self, owner: str, request: Request) -> datetime:
        """Return when a job of the owner would start if it were submitted now, by the clock of the cluster."""
        words = ("sbatch", "--test-only", *options(request), "--wrap=true")
        return parse_expected_start(await self._run_as(owner, *words, complaints=True))

    async def core_seconds(self, owner: str) -> int:
        """Return for how many core-seconds all jobs of an owner have run in the last seven days."""
        # In the owner's name: where Slurm hides other people's use, the hub needs no rights to see it.
        week = ("--starttime=now-7days", "--endtime=now", "--truncate")
        words = ("sacct", "--allocations", "--noheader", "--parsable2", f"--user={owner}", *week, "--format=CPUTimeRAW")
        return parse_core_seconds(await self._run_as(owner, *words))

    async def cancel(self, owner: str, what: str) -> None:
        """Cancel a job by its id, or by `--name=`. It is no error if Slurm knows no such job."""
        try:
            await self._run_as(owner, "scancel", what)
        except SlurmError as error:
            if "Invalid job id" not in str(error):
                raise

    async def comment(self, owner: str, job_id: str, text: str) -> None:
        """Write a comment to a job."""
        await self._run_as(owner, "scontrol", "update", f"JobId={job_id}", f"Comment={text}")

    async def address_of(self, node: str) -> str:
        """Return the address of a node."""
        shown = await self._run(f"{self.commands}/scontrol", "show", "node", node, "--oneliner")
        return parse_node_address(shown, node)

    async def addresses_in(self, partition: str) -> tuple[str, ...]:
        """Return the addresses of a partition's nodes that Slurm hears."""
        words = ("--noheader", "--Node", "--responding", f"--partition={partition}", "--format=%o")
        return parse_addresses(await self._run(f"{self.commands}/sinfo", *words))

    async def _run_as(
        self,
        owner: str,
        name: str,
        *arguments: str,
        text: str = "",
        complaints: bool = False,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Run a command of Slurm as the owner of a job, with these variables beside its own."""
        words = (self.sudo, "-n", "-u", safe_user_name(owner), f"{self.commands}/{name}", *arguments)
        return await self._run(*words, text=text, complaints=complaints, variables=variables)

    async def _run(
        self,
        *words: str,
        text: str = "",
        complaints: bool = False,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        conf = self.slurm_conf or os.environ.get("SLURM_CONF", "")
        own = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **({"SLURM_CONF": conf} if conf else {})}
        environment = {**variables, **own}
        return await run(words, environment=environment, text=text, seconds=self.seconds, complaints=complaints)


def unreachable(error: Exception) -> bool:
    """Tell whether this error means that Slurm itself cannot be asked."""
    return isinstance(error, CommandTimeoutError) or any(words in str(error) for words in _UNREACHABLE)
