"""The hub's account: what somebody who took over the hub could do on this machine, and what not."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from deploy import sudo
from deploy.classroom import hub, proxy, services
from deploy.command import run, succeeds
from deploy.errors import CommandError
from deploy.slurm import listing
from tests.classroom import Classroom


def as_hub(classroom: Classroom, *words: str, text: str = "") -> str:
    """Run a command in the name of the hub's account and return what it printed."""
    account = classroom.settings.site.hub_account
    environment = {"SLURM_CONF": str(classroom.settings.state / "slurm" / "slurm.conf")}
    return run(["runuser", "-u", account, "--", *words], env=environment, input=text, timeout=60, cwd=Path("/"))


@pytest.mark.parametrize("part", [hub, proxy], ids=["hub", "proxy"])
def test_hub_and_proxy_are_not_root(classroom: Classroom, part: ModuleType) -> None:
    """Hub and proxy run as the hub's account, with none of root's capabilities."""
    check_process(part.daemon(classroom.settings).pid(), classroom.settings.site.hub_account)


def test_the_services_are_not_root(classroom: Classroom) -> None:
    """The formgrader runs as its run's account, the portal as its own, the book as the hub's, without capabilities."""
    check_process(services.formgrader(classroom.settings, classroom.run).pid(), classroom.run.account)
    check_process(services.portal(classroom.settings).pid(), classroom.settings.site.portal_account)
    check_process(services.book(classroom.settings).pid(), classroom.settings.site.hub_account)


def check_process(pid: int | None, account: str) -> None:
    """Assert that a process runs as an account, with all its ids, and without capabilities."""
    fields = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    wanted = run(["id", "-u", account]).strip()
    assert wanted != "0"
    assert fields["Uid"].split() == [wanted] * 4
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0


def test_the_sudo_rules_are_five_commands(classroom: Classroom) -> None:
    """The hub may run five commands of Slurm's in the name of the class's people, list all jobs, and nothing else."""
    told = run(["sudo", "-n", "-l", "-U", classroom.settings.site.hub_account])
    rules = " ".join(told.partition("may run the following commands")[2].partition(":\n")[2].split())
    people = ", ".join(classroom.accounts)
    five = ", ".join(f"/usr/bin/{name}" for name in sudo.COMMANDS)
    jobs = listing.program(classroom.settings)
    assert rules == f'({people}) NOPASSWD: {five} (slurm) NOPASSWD: {jobs} ""'
    assert re.search(r'env_keep="JUPYTERHUB_\* SLURM_CONF"', told)


def test_the_list_of_jobs_shows_no_names(classroom: Classroom) -> None:
    """Of other people's jobs the hub sees id, state, node and reason: nothing that tells who computes what."""
    submission = ("sbatch", "--parsable", "--hold", "--wrap=true", "--chdir=/", "--output=/dev/null")
    job = classroom.slurm(*submission, person="bruno").strip()
    words = listing.command(classroom.settings)
    try:
        line = next(line for line in as_hub(classroom, *words).splitlines() if line.startswith(f"{job}|"))
        assert re.fullmatch(r"[0-9]+\|PENDING\|[^|]*\|[a-z]+\|[0-9]+\|N/A\|JobHeldUser", line)
        with pytest.raises(CommandError, match=r"a password is required|not allowed"):
            as_hub(classroom, *words, "--Format=UserName")
    finally:
        classroom.slurm("scancel", job)


def test_the_people_are_people(classroom: Classroom) -> None:
    """The group in whose name the hub may act holds the class's people: not root, not the course's account."""
    members = run(["getent", "group", classroom.settings.site.people_group]).strip().rpartition(":")[2].split(",")
    assert sorted(members) == sorted(classroom.accounts)


def test_sbatch_in_a_persons_name_works(classroom: Classroom) -> None:
    """What the hub needs, it can do: sbatch as a trainee."""
    assert as_hub(classroom, "sudo", "-n", "-u", classroom.name("bruno"), "/usr/bin/sbatch", "--version")


@pytest.mark.parametrize(
    "words",
    [
        ("-u", "root", "id"),
        ("id",),
        ("-u", "root", "/usr/bin/sbatch", "--version"),
        ("/usr/bin/sbatch", "--version"),
        ("-u", "slurm", "/usr/bin/scontrol", "ping"),
        ("-u", "aula-course", "/usr/bin/sbatch", "--version"),
        ("-u", "ana", "id"),
        ("-u", "ana", "cat", "/etc/shadow"),
        ("-u", "ana", "/bin/sh", "-c", "id"),
        ("-u", "ana", "/usr/bin/srun", "id"),
        ("-u", "ana", "/usr/bin/sacctmgr", "-n", "show", "user"),
        ("-u", "ana", "PYTHONPATH=/home", "/usr/bin/sbatch", "--version"),
        ("-u", "ana", "LD_PRELOAD=/home/x.so", "/usr/bin/sbatch", "--version"),
        ("-u", "ana", "-E", "/usr/bin/sbatch", "--version"),
        ("-u", "ana", "-g", "root", "/usr/bin/sbatch", "--version"),
        ("-u", "ana", "/usr/bin/../bin/sh", "-c", "id"),
        ("-u", "#0", "/usr/bin/sbatch", "--version"),
        ("-u", "#-1", "/usr/bin/sbatch", "--version"),
        ("-e", "/etc/shadow"),
    ],
    ids=" ".join,
)
def test_anything_else_is_refused(classroom: Classroom, words: tuple[str, ...]) -> None:
    """Root, other accounts, other commands and other variables are refused by sudo."""
    local = {"ana": classroom.name("bruno"), "aula-course": classroom.settings.site.course_account}
    with pytest.raises(CommandError, match=r"a password is required|not allowed|unknown user|must be owned"):
        as_hub(classroom, "sudo", "-n", *(local.get(word, word) for word in words))


def test_no_variable_but_the_spawners_reaches_a_job(classroom: Classroom) -> None:
    """Of what the hub's process has in its environment, only the server's variables come out behind sudo."""
    script = "#!/bin/sh\n#SBATCH --time=1 --mem=50M --chdir=/ --output=/dev/null\nexec sleep 30\n"
    bruno = classroom.name("bruno")
    variables = ("CONFIGPROXY_AUTH_TOKEN=word-1", "PYTHONPATH=word-2", "BASH_ENV=word-3", "JUPYTERHUB_TEST=word-4")
    sbatch = ("sudo", "-n", "-u", bruno, "/usr/bin/sbatch", "--parsable", "--export=ALL", "--hold")
    job = as_hub(classroom, "env", *variables, *sbatch, text=script).strip()
    try:
        kept = classroom.settings.state / "slurm" / "controller"
        (path,) = kept.glob(f"hash.*/job.{job}/environment")
        assert set(re.findall(rb"word-\d", path.read_bytes())) == {b"word-4"}
    finally:
        classroom.slurm("scancel", job)


@pytest.mark.parametrize(
    "path",
    ["/etc/shadow", "STATE/secrets/users.json", "STATE/secrets/service-portal.token", "STATE/runs", "STATE/home/NAME"],
)
def test_the_hub_cannot_read(classroom: Classroom, path: str) -> None:
    """Somebody who took over the hub reads neither passwords in clear, nor grades, nor home folders."""
    settings = classroom.settings
    real = path.replace("STATE", str(settings.state)).replace("NAME", classroom.name("bruno"))
    with pytest.raises(CommandError, match="Permission denied"):
        as_hub(classroom, "find", real, "-type", "f", "-exec", "cat", "{}", "+")


def test_the_hub_cannot_change_its_own_code(classroom: Classroom) -> None:
    """Neither the code that the hub runs nor its settings belong to it."""
    settings = classroom.settings
    closed = ("-path", str(settings.code / "courses"), "-prune", "-o")  # with their solutions: not even to be read
    found = as_hub(classroom, "find", str(settings.prefix), *closed, "-writable", "!", "-type", "l", "-print", "-quit")
    assert found == ""
    kept = settings.state / "hub" / "settings.json"
    assert kept.owner() == "root"
    assert not succeeds(["runuser", "-u", settings.site.hub_account, "--", "test", "-w", str(kept)])
