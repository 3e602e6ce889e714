"""The cluster itself: nodes, limits, accounts, and what one company's people can see of another's."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.command import succeeds
from deploy.errors import CommandError
from tests.classroom import Classroom
from tests.integration.person import wait_for

PYTHON = ("/usr/bin/python3", "-I", "-c")


@pytest.fixture(scope="module")
def neighbour(classroom: Classroom) -> Iterator[str]:
    """A job of deniz, of the other company, that runs on the first node with a secret in its environment."""
    job = classroom.slurm(
        *("sbatch", "--parsable", "--chdir=/", "--output=/dev/null", f"--nodelist={classroom.name('node1')}"),
        *("--time=2", "--mem=50M", "--export=TEST_SECRET=meridyens-plan", "--wrap", "exec sleep 100 # meridyens-work"),
        person="deniz",
    ).strip()
    wait_for(lambda: classroom.slurm("squeue", "-h", "-j", job, "-t", "RUNNING"), "the neighbour's job runs")
    yield job
    classroom.slurm("scancel", job)


def state_of(classroom: Classroom, name: str) -> str:
    """Return the state in which the accounting has a job of this name, once it has ended."""

    def look() -> str:
        listing = classroom.slurm("sacct", "-n", "-P", "-X", f"--name={name}", "--format=State")
        return "" if listing.strip() in ("", "RUNNING", "PENDING", "COMPLETING") else listing.strip()

    return wait_for(look, f"the accounting knows how {name} ended")


def test_a_job_spans_two_nodes(classroom: Classroom) -> None:
    """`srun -N2 hostname` prints two host names, those of two nodes."""
    names = classroom.slurm("srun", "-N2", "--time=1", "--mem=50M", "hostname", person="bruno").split()
    assert sorted(names) == [classroom.name("node1"), classroom.name("node2")]


def test_each_node_has_its_own_address(classroom: Classroom) -> None:
    """A node's name leads to its own address on the nodes' network, on the node itself and on its neighbour."""
    script = f"import socket; print(socket.gethostbyname({classroom.name('node2')!r}))"
    told = classroom.slurm("srun", "-N2", "--time=1", "--mem=50M", *PYTHON, script, person="bruno").split()
    assert told == [f"{classroom.settings.subnet}.12"] * 2


def test_too_much_memory_ends_the_job(classroom: Classroom) -> None:
    """A job that takes more memory than it asked for is ended, and the accounting says out of memory."""
    name = f"greedy-{secrets.token_hex(4)}"
    words = ("srun", "--time=1", "--mem=40M", f"--job-name={name}", *PYTHON, "bytearray(400 << 20)")
    with pytest.raises(CommandError):
        classroom.slurm(*words, person="bruno")
    assert state_of(classroom, name) == "OUT_OF_MEMORY"


def test_a_job_has_the_cores_that_it_asked_for(classroom: Classroom) -> None:
    """A job of one core may use one core, although the machine has more."""
    assert classroom.slurm("srun", "-c1", "--time=1", "--mem=50M", "nproc", person="bruno") == "1\n"


def test_time_ends_and_is_accounted(classroom: Classroom) -> None:
    """A finished job is in the accounting with its user and company."""
    name = f"honest-{secrets.token_hex(4)}"
    classroom.slurm("srun", "--time=1", "--mem=50M", f"--job-name={name}", "true", person="bruno")
    assert state_of(classroom, name) == "COMPLETED"
    row = classroom.slurm("sacct", "-n", "-P", "-X", f"--name={name}", "--format=User,Account", person="bruno")
    assert row.strip() == f"{classroom.name('bruno')}|{classroom.name('nortada')}"


def test_accounts_are_the_companies(classroom: Classroom) -> None:
    """Each trainee belongs to their company's Slurm account and to no other; the instructor to the house's."""
    listing = classroom.slurm("sacctmgr", "-n", "-P", "show", "associations", "format=User,Account")
    found = {tuple(line.split("|")) for line in listing.splitlines() if not line.startswith("|")}
    wanted = {("ana", "nortada"), ("bruno", "nortada"), ("carla", "meridyen"), ("deniz", "meridyen")}
    named = {(classroom.name(who), classroom.name(company)) for who, company in wanted}
    named.add((classroom.name("ines"), classroom.settings.name))
    people = {name for name, _ in named}
    assert {row for row in found if row[0] in people} == named


def test_nobody_computes_on_another_companys_account(classroom: Classroom) -> None:
    """A job in the name of another company is refused."""
    with pytest.raises(CommandError, match="Invalid account"):
        classroom.slurm("srun", f"--account={classroom.name('meridyen')}", "true", person="bruno")


def test_both_partitions_work(classroom: Classroom) -> None:
    """`interactive` is the default and `batch` takes jobs too, over both nodes."""
    rows = classroom.slurm("sinfo", "-h", "-o", "%P|%D", person="bruno").split()
    assert sorted(rows) == ["batch|2", "interactive*|2"]
    assert classroom.slurm("srun", "-p", "batch", "--time=1", "--mem=50M", "echo", "ok", person="bruno") == "ok\n"


@pytest.mark.parametrize(
    "words",
    [
        ("squeue", "--noheader", "--all", "--format=%A"),
        ("squeue", "--noheader", "--all", "--format=%A", "--user=OTHER"),
        ("sacct", "--noheader", "--allusers", "--format=JobID"),
        ("sacct", "--noheader", "--jobs=JOB", "--format=JobID"),
        ("sacct", "--noheader", "--user=OTHER", "--format=JobID"),
        ("scontrol", "--all", "show", "job"),
        ("scontrol", "write", "batch_script", "JOB", "-"),
        ("sacctmgr", "-n", "show", "user", "format=User"),
        ("sreport", "-n", "user", "top"),
    ],
)
@pytest.mark.parametrize("person", ["bruno", "ana"])
def test_no_command_shows_another_companys_jobs(
    classroom: Classroom, neighbour: str, words: tuple[str, ...], person: str
) -> None:
    """Neither the number nor the owner of another company's job is in what Slurm's commands tell."""
    other = classroom.name("deniz")
    words = tuple(word.replace("OTHER", other).replace("JOB", neighbour) for word in words)
    try:
        told = classroom.slurm(*words, person=person)
    except CommandError as error:
        told = str(error).partition("\n")[2]
    assert neighbour not in told.replace("=", " ").split()
    assert other not in told
    assert "meridyens" not in told


@pytest.mark.parametrize("words", [("scontrol", "show", "job", "JOB"), ("scancel", "JOB")])
def test_nobody_asks_about_or_ends_anothers_job(classroom: Classroom, neighbour: str, words: tuple[str, ...]) -> None:
    """Who knows the number of another company's job can neither read nor cancel it."""
    with pytest.raises(CommandError, match=r"Invalid job id|Access/permission denied|Job not found"):
        classroom.slurm(*(word.replace("JOB", neighbour) for word in words), person="bruno")
    assert classroom.slurm("squeue", "-h", "-j", neighbour, "-t", "RUNNING")


def test_processes_of_others_are_hidden_on_a_node(classroom: Classroom, neighbour: str) -> None:
    """On the node where the neighbour computes, no process but one's own can be seen, and no argument of it."""
    words = ("srun", f"--nodelist={classroom.name('node1')}", "--time=1", "--mem=50M", "ps", "-eo", "user:40,args")
    lines = classroom.slurm(*words, person="bruno").splitlines()[1:]
    assert lines
    assert {line.split()[0] for line in lines} == {classroom.name("bruno")}
    assert "meridyens-work" not in "".join(lines)
    assert neighbour  # it ran meanwhile


def test_no_secret_of_others_is_on_a_node(classroom: Classroom, neighbour: str) -> None:
    """Reading every environment and command line that /proc on the node offers finds nothing of the neighbour."""
    script = (
        "import glob\n"
        "for path in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try: print(open(path, errors='replace').read())\n"
        "    except OSError: pass\n"
    )
    words = ("srun", f"--nodelist={classroom.name('node1')}", "--time=1", "--mem=50M", *PYTHON, script)
    told = classroom.slurm(*words, person="bruno")
    assert "SLURM_JOB_ID" in told  # it can read its own
    assert "meridyens" not in told
    assert neighbour


def test_the_spool_of_others_cannot_be_read(classroom: Classroom, neighbour: str) -> None:
    """The neighbour's batch script and environment, which lie on the node while the job runs, are closed."""
    spool = classroom.settings.state / "slurm"
    script = f"find {spool} -type f -exec grep -l meridyens {{}} + 2>/dev/null || true"
    words = ("srun", f"--nodelist={classroom.name('node1')}", "--time=1", "--mem=50M", "sh", "-c", script)
    assert classroom.slurm(*words, person="bruno") == ""
    assert neighbour


def test_tmp_is_private_to_a_node(classroom: Classroom) -> None:
    """A file in one node's /tmp is seen there and neither on the other node nor on the service node."""
    path = Path(f"/tmp/aula-test-{secrets.token_hex(8)}")  # noqa: S108  the node's /tmp is what is tested
    one, other = classroom.name("node1"), classroom.name("node2")

    def on(node: str, *words: str) -> str:
        return classroom.slurm("srun", "-w", node, "--time=1", "--mem=50M", *words, person="bruno")

    on(one, "touch", str(path))
    try:
        assert on(one, "ls", str(path)) == f"{path}\n"
        with pytest.raises(CommandError, match="No such file"):
            on(other, "ls", str(path))
        assert not path.exists()
    finally:
        on(one, "rm", str(path))


@pytest.mark.parametrize("port", ["public", "proxy_api", "portal", "book"])
def test_a_node_cannot_reach_the_service_nodes_own_ports(classroom: Classroom, port: str) -> None:
    """What listens on the service node's loopback, the proxy's API above all, is out of a job's reach."""
    number = classroom.settings.port_of(port)
    script = (
        "import socket\n"
        f"for host in ('127.0.0.1', {classroom.settings.head_address!r}):\n"
        "    with socket.socket() as probe:\n"
        "        probe.settimeout(3)\n"
        f"        print(probe.connect_ex((host, {number})) != 0)\n"
    )
    assert classroom.slurm("srun", "--time=1", "--mem=50M", *PYTHON, script, person="bruno").split() == ["True"] * 2


def test_the_accounting_database_is_closed_to_people(classroom: Classroom) -> None:
    """A trainee finds MariaDB's socket but cannot sign in, as themselves, as slurm or as root."""
    socket = classroom.settings.state / "slurm" / "mariadb" / "socket"
    for account in (classroom.name("bruno"), "slurm", "root"):
        with pytest.raises(CommandError, match="Access denied"):
            classroom.slurm(
                "mariadb", "--no-defaults", f"--socket={socket}", f"--user={account}", "-e", "SELECT 1", person="bruno"
            )


def test_a_cancelled_job_leaves_no_process(classroom: Classroom) -> None:
    """A process that left its job's session and ignores signals ends with the job all the same."""
    mark = f"stray-{secrets.token_hex(4)}"
    job = classroom.slurm(
        *("sbatch", "--parsable", "--chdir=/", "--output=/dev/null", "--time=1", "--mem=50M"),
        *("--wrap", f"setsid sh -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done # {mark}' & sleep 60"),
        person="bruno",
    ).strip()
    wait_for(lambda: succeeds(["pgrep", "-f", mark]), "the stray process runs")
    classroom.slurm("scancel", job)
    wait_for(lambda: not succeeds(["pgrep", "-f", mark]), "the stray process has ended", within=20)
