"""Whether Slurm answers, and whether its partitions can take what a server asks for."""

from collections.abc import Iterator

from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.units import megabytes, seconds

from aula.site.check.outcome import Outcome, failed, ok
from aula.site.check.system import System
from aula.site.schema import Site

COMMANDS = ("sbatch", "squeue", "scancel", "scontrol", "sacct", "sinfo", "srun")


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
    asked = [("slurm.server", site.usual), *((f"profile {one.name}", one.request(site.usual)) for one in site.profiles)]
    for name in dict.fromkeys((*(request.partition for _, request in asked), site.slurm.partitions.batch)):
        yield _partition(name, [one for one in asked if one[1].partition == name], site, system)


def _known(account: str, system: System) -> str | None:
    """Return the account where it exists; what is missing is told elsewhere."""
    return account if system.account(account) else None


def _munge(system: System) -> Outcome:
    credential = system.run(["munge", "--no-input"])
    back = system.run(["unmunge"], text=credential.said) if credential.well else credential
    if not back.well:
        return failed("munge", back.line, "Install the site's munge key on this machine and start munged.")
    return ok("munge", "a credential is made and read")


def _partition(name: str, asked: list[tuple[str, Request]], site: Site, system: System) -> Outcome:
    what = f"partition {name}"
    words = ["--noheader", f"--partition={name}", "--format=%a|%l|%c|%m|%D"]
    answer = system.run([f"{site.slurm.commands}/sinfo", *words], account=_known(site.accounts.hub, system))
    rows = [row for line in answer.said.splitlines() if (row := parse_partition(line))] if answer.well else []
    if not rows:
        return failed(what, "Slurm knows no such partition", "Name one of the site's own in site.yml.")
    if not any(row["up"] for row in rows):
        return failed(what, "it is not up", "Ask the site to open it: scontrol update PartitionName=… State=UP")
    longest = max(row["seconds"] for row in rows)
    for whose, request in asked:
        if longest < seconds(request.walltime):
            remedy = f"Give {whose} a shorter walltime, or ask the site for a longer limit."
            return failed(what, f"its time limit is {longest} s, {whose} asks for {request.walltime}", remedy)
        if not any(row["cores"] >= request.cores and row["memory"] >= megabytes(request.memory) for row in rows):
            found = f"no node of it has {request.cores} cores and {request.memory}"
            return failed(what, found, f"Give {whose} fewer cores or less memory.")
    return ok(what, f"up, {sum(row['nodes'] for row in rows)} nodes")


def parse_partition(line: str) -> dict[str, int] | None:
    """Read a line of `sinfo --format=%a|%l|%c|%m|%D`: up, seconds (2**31 for no limit), cores, MB, nodes."""
    fields = [field.strip().rstrip("+") for field in line.split("|")]
    if len(fields) != 5 or not all(field.isdecimal() for field in fields[2:]):
        return None
    return {
        "up": int(fields[0] == "up"),
        "seconds": seconds(fields[1]),
        "cores": int(fields[2]),
        "memory": int(fields[3]),
        "nodes": int(fields[4]),
    }
