"""Whether Slurm answers, and whether its partitions can take what a server asks for."""

import re
from collections.abc import Iterator

from aula.site.check.outcome import Outcome, failed, ok
from aula.site.check.system import System
from aula.site.schema import Site

COMMANDS = ("sbatch", "squeue", "scancel", "scontrol", "sacct", "sinfo", "srun")
UNITS = {"M": 1, "G": 1024, "T": 1024 * 1024}


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield an outcome for munge, for the commands, for the controller and for each partition."""
    yield _munge(system)
    folder = site.slurm.commands
    answers = {name: system.run([f"{folder}/{name}", "--version"]) for name in COMMANDS}
    bad = [f"{name}: {answer.line}" for name, answer in answers.items() if not answer.well]
    if bad:
        yield failed("slurm commands", "; ".join(bad), "Install Slurm's client, or set slurm.commands in site.yml.")
        return
    yield ok("slurm commands", answers["sbatch"].line)
    ping = system.run([f"{folder}/scontrol", "ping"], account=_known(site.accounts.hub, system))
    if not ping.well or "is UP" not in ping.said:
        remedy = "Is slurm.conf the site's, is munge's key the site's, and may this machine reach the controller?"
        yield failed("slurm controller", ping.line, remedy)
        return
    yield ok("slurm controller", ping.line)
    partitions = site.slurm.partitions
    for name in dict.fromkeys((partitions.interactive, partitions.batch)):
        yield _partition(name, site, system)


def _known(account: str, system: System) -> str | None:
    """Return the account where it exists; what is missing is told elsewhere."""
    return account if system.account(account) else None


def _munge(system: System) -> Outcome:
    credential = system.run(["munge", "--no-input"])
    back = system.run(["unmunge"], text=credential.said) if credential.well else credential
    if not back.well:
        return failed("munge", back.line, "Install the site's munge key on this machine and start munged.")
    return ok("munge", "a credential is made and read")


def _partition(name: str, site: Site, system: System) -> Outcome:
    what, server = f"partition {name}", site.slurm.server
    words = ["--noheader", f"--partition={name}", "--format=%a|%l|%c|%m|%D"]
    answer = system.run([f"{site.slurm.commands}/sinfo", *words], account=_known(site.accounts.hub, system))
    rows = [row for line in answer.said.splitlines() if (row := parse_partition(line))] if answer.well else []
    if not rows:
        return failed(what, "Slurm knows no such partition", "Set slurm.partitions to the site's own.")
    if not any(row["up"] for row in rows):
        return failed(what, "it is not up", "Ask the site to open it: scontrol update PartitionName=… State=UP")
    longest = max(row["seconds"] for row in rows)
    if name == site.slurm.partitions.interactive and longest < seconds(server.walltime):
        remedy = "Give slurm.server a shorter walltime, or ask the site for a longer limit."
        return failed(what, f"its time limit is {longest} s, a server asks for {server.walltime}", remedy)
    if not any(row["cores"] >= server.cores and row["memory"] >= megabytes(server.memory) for row in rows):
        found = f"no node of it has {server.cores} cores and {server.memory}"
        return failed(what, found, "Give slurm.server fewer cores or less memory.")
    return ok(what, f"up, {sum(row['nodes'] for row in rows)} nodes")


def parse_partition(line: str) -> dict[str, int] | None:
    """Read a line of `sinfo --format=%a|%l|%c|%m|%D`: up, seconds (2**31 for no limit), cores, MB, nodes."""
    fields = [field.strip().rstrip("+") for field in line.split("|")]
    if len(fields) != 5 or not all(field.isdecimal() for field in fields[2:]):
        return None
    limit = 2**31 if fields[1] in ("infinite", "n/a") else seconds(fields[1])
    return {
        "up": int(fields[0] == "up"),
        "seconds": limit,
        "cores": int(fields[2]),
        "memory": int(fields[3]),
        "nodes": int(fields[4]),
    }


def seconds(time: str) -> int:
    """Return Slurm's [days-]hours:minutes:seconds, minutes:seconds or minutes in seconds; 0 for what is none."""
    if not re.fullmatch(r"(\d+-)?\d+(:\d+){0,2}", time):
        return 0
    days, _, clock = time.rpartition("-")
    parts = [int(part) for part in clock.split(":")]
    if days:
        hours, minutes, rest = (*parts, 0, 0)[:3]
    else:
        hours, minutes, rest = {1: (0, *parts, 0), 2: (0, *parts)}.get(len(parts), tuple(parts))
    return ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + rest


def megabytes(memory: str) -> int:
    """Return a size such as 2G in MB."""
    return int(memory[:-1]) * UNITS[memory[-1]]
