"""Whether everybody may do what the class needs, and the hub no more than that."""

from collections.abc import Iterator

from aula_spawner.slurm.sbatch import options
from aula_spawner.slurm.squeue import FORMAT

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site

SCRIPT = "#!/bin/sh\ntrue\n"
SUDO = ("sudo", "-n", "-u")
REMEDY = "The rules stand in the operator's guide; make up writes them to /etc/sudoers.d on this machine."


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield an outcome for sudo, for what it must refuse, for people's submissions and for the course's."""
    if system.account(site.accounts.hub) is None:
        yield skipped("hub's sudo rules", "the hub has no account yet")
        return
    people = [name for name in site.accounts.pool if system.account(name)]
    yield _sudo(site, system, people)
    yield _no_more(site, system, people)
    yield _jobs(site, system)
    yield _people(site, system, people)
    yield _course(site, system)


def _sudo(site: Site, system: System, people: list[str]) -> Outcome:
    for person in people:
        for command in ("sbatch", "squeue", "scancel", "scontrol", "sacct"):
            words = [*SUDO, person, f"{site.slurm.commands}/{command}", "--version"]
            answer = system.run(words, account=site.accounts.hub)
            if not answer.well:
                return failed("hub's sudo rules", f"the hub may not run {command} as {person}: {answer.line}", REMEDY)
    return ok("hub's sudo rules", f"five commands of Slurm in {len(people)} names")


def _no_more(site: Site, system: System, people: list[str]) -> Outcome:
    tries = [("root", f"{site.slurm.commands}/sbatch"), *((person, "/usr/bin/id") for person in people[:1])]
    for who, command in tries:
        if system.run([*SUDO, who, command, "--version"], account=site.accounts.hub).well:
            found = f"by sudo the hub may run {command} as {who}"
            return failed("hub's limits", found, "Take that right away: sudo -l -U " + site.accounts.hub)
    return ok("hub's limits", "no sudo right beyond these")


def _jobs(site: Site, system: System) -> Outcome:
    """Let the hub list all jobs, as its servers are watched."""
    name, program = "list of all jobs", site.slurm.jobs
    if program is None:
        return skipped(name, "no program: where Slurm hides jobs, the hub asks in each person's name")
    answer = system.run([program], account=site.accounts.hub)
    if not answer.well:
        return failed(name, answer.line, f"Let {site.accounts.hub} run {program} without arguments.")
    wrong = [line for line in answer.said.splitlines() if line.count("|") < FORMAT.count("|")]
    if wrong:
        remedy = f"Let {program} print what squeue --noheader --states=all --format='{FORMAT}' does, alone."
        return failed(name, f"it printed {wrong[0][:100]!r}", remedy)
    return ok(name, f"{len(answer.said.splitlines())} jobs")


def _people(site: Site, system: System, people: list[str]) -> Outcome:
    server = site.usual
    words = [f"{site.slurm.commands}/sbatch", "--test-only", *options(server)]
    bad = {name: answer.line for name in people if not (answer := system.run(words, name, text=SCRIPT)).well}
    if bad:
        names = ", ".join(bad)
        remedy = "Give them an account in Slurm and the partition: sacctmgr show associations user=…"
        return failed("people may submit", f"{names}: {next(iter(bad.values()))}", remedy)
    return ok("people may submit", f"{len(people)} people, {server.cores} cores, {server.memory}, {server.walltime}")


def _course(site: Site, system: System) -> Outcome:
    """Let the course account try, which checks notebooks, and the course runs', which grade."""
    batch = site.slurm.partitions.batch
    names = [name for name in (site.accounts.course, *site.accounts.runs) if system.account(name)]
    if not names:
        return skipped("course may submit", f"there is no account {site.accounts.course} yet")
    words = [f"{site.slurm.commands}/sbatch", "--test-only", f"--partition={batch}", "--cpus-per-task=2", "--mem=2G"]
    bad = {name: answer.line for name in names if not (answer := system.run(words, name, text=SCRIPT)).well}
    if bad:
        who = ", ".join(bad)
        remedy = f"Give {who} an account in Slurm and the partition {batch}: jobs check notebooks there, and grade."
        return failed("course may submit", f"{who}: {next(iter(bad.values()))}", remedy)
    return ok("course may submit", f"{', '.join(names)} on {batch}")
