"""What Slurm says of nodes, limits and expected starts, good and broken."""

from datetime import datetime

import pytest
from aula_spawner.slurm import association, sinfo
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.profile import Request
from aula_spawner.slurm.sbatch import options, parse_expected_start
from aula_spawner.slurm.units import UNLIMITED_S, clock, megabytes, seconds

ASKS = Request(partition="gpu", cores=4, memory="8G", walltime="01:00:00", gpus=2, gpu_type="a100")
NODE = "n1|gpu*|up|1-00:00:00|mix|4/12/0/16|65536|16384|gpu:a100:4(S:0-1),gpu:t4:1|gpu:a100:1(IDX:0),gpu:t4:0(IDX:N/A)"
RECORD = (
    "Current Association Manager state\nAssociation Records\n"
    "ClusterName=c Account=nortada UserName= Partition= DefAssoc=No MaxWallPJ=1 MaxTRESPJ=cpu=1\n"
    "ClusterName=c Account=nortada UserName=ana(1019) Partition= Priority=0 ID=7 ParentAccount= Lft=5 DefAssoc=Yes "
    "GrpTRES=cpu=N(0) MaxJobs= MaxSubmitJobs=200(0) MaxWallPJ=180 MaxTRESPJ=cpu=4,mem=3072,gres/gpu=1 MaxTRESPN=\n"
    "ClusterName=c Account=other UserName=ana(1019) Partition= DefAssoc=No MaxWallPJ= MaxTRESPJ= MaxTRESPN=\n"
)


def test_a_node_is_read_with_what_is_free() -> None:
    """Cores, memory and GPUs by type, all and free, and the partition's time limit."""
    (node,) = sinfo.parse_nodes(f"{NODE}\n\n")
    assert (node.partition, node.longest, node.cores, node.free_cores) == ("gpu", 86400, 16, 12)
    assert (node.memory, node.free_memory) == (65536, 49152)
    assert node.can(ASKS)
    assert not node.can(ASKS.model_copy(update={"gpus": 4}))
    assert node.could(ASKS.model_copy(update={"gpus": 4}))
    assert not node.could(ASKS.model_copy(update={"gpus": 2, "gpu_type": "t4"}))
    assert node.could(ASKS.model_copy(update={"gpus": 5, "gpu_type": None}))
    assert sinfo.longest([node], "gpu") == 86400
    assert sinfo.longest([node], "other") == UNLIMITED_S


@pytest.mark.parametrize("state", ["drain", "down*", "idle~", "resv", "maint"])
def test_a_node_that_takes_no_jobs_has_no_room(state: str) -> None:
    """A node that is down, drained or reserved could take a server one day, and cannot now."""
    (node,) = sinfo.parse_nodes(NODE.replace("|mix|", f"|{state}|"))
    assert node.could(ASKS)
    assert not node.can(ASKS)


@pytest.mark.parametrize(
    "output", ["n1|gpu|up", "n1|gpu|up|x|mix|4/12/16|1|0|(null)|(null)", "sinfo: error: x", "|" * 9]
)
def test_a_broken_line_of_sinfo_is_an_error(output: str) -> None:
    """What cannot be read is unknown, not nothing."""
    with pytest.raises(OutputError, match="sinfo"):
        sinfo.parse_nodes(output)


def test_limits_are_the_associations_own() -> None:
    """The default association counts where no account is asked for; accounts' own rows and other accounts do not."""
    mine = association.parse_limits(RECORD, None, "gpu")
    assert mine == association.Limits("nortada", 3 * 3600, 4, 3072, 1)
    assert not mine.permit(ASKS)
    assert mine.permit(ASKS.model_copy(update={"memory": "3G", "gpus": 1}))
    assert association.parse_limits(RECORD, "other", "gpu") == association.Limits("other")
    assert association.parse_limits(RECORD, "none-such", "gpu") == association.NONE
    with pytest.raises(OutputError):
        association.parse_limits("scontrol: error", None, "gpu")


def test_an_expected_start_is_read() -> None:
    """The moment stands in the middle of a sentence; anything else is an error."""
    said = "sbatch: Job 9 to start at 2026-11-25T03:32:19 using 2 processors on nodes n1 in partition gpu\n"
    assert parse_expected_start(said) == datetime(2026, 11, 25, 3, 32, 19)
    with pytest.raises(OutputError):
        parse_expected_start("allocation failure: Requested node configuration is not available")


def test_slurm_is_asked_for_what_the_request_says() -> None:
    """Each part of a request is one option, and what it does not say is not asked for."""
    assert options(ASKS)[-1] == "--gres=gpu:a100:2"
    assert {"--partition=gpu", "--cpus-per-task=4", "--mem=8G", "--time=01:00:00"} <= set(options(ASKS))
    assert not any(word.startswith(("--account", "--qos", "--constraint")) for word in options(ASKS))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("30", 1800), ("30:10", 1810), ("2:00:00", 7200), ("1-00:00:00", 86400), ("1-12", 129600)],
        *[("x", 0), ("", 0), ("infinite", UNLIMITED_S), ("UNLIMITED", UNLIMITED_S)],
    ],
)
def test_times_are_read_as_slurm_writes_them(text: str, value: int) -> None:
    """Minutes, minutes:seconds, hours:minutes:seconds and days are told apart."""
    assert seconds(text) == value


@pytest.mark.parametrize("length", [60, 3600, 86399, 86400, 1_000_000])
def test_times_are_written_as_slurm_reads_them(length: int) -> None:
    """A length of time survives writing and reading."""
    assert seconds(clock(length)) == length


def test_sizes_are_in_megabytes() -> None:
    """M, G and T."""
    assert [megabytes(size) for size in ("512M", "2G", "1T")] == [512, 2048, 1048576]
