"""How long a server lives: when it ends, what is said before, what counts as work, and what the job is told of it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aula_spawner.lifetime import told_to_job
from aula_spawner.server.aula_lifetime import Lifetime, ended_for_memory, last_work, seconds_left
from aula_spawner.words import untranslated
from ptyprocess import PtyProcess  # type: ignore[import-untyped]  # it has no types

NOW = 1_000_000.0
HOUR = 3600
LONG_AGO = datetime.fromtimestamp(NOW - HOUR, UTC)


def lifetime(ends_in: float = 10 * HOUR, idle: int = HOUR) -> Lifetime:
    """Return the life of a server that starts now."""
    words = json.loads(told_to_job(7200, idle, "2G", untranslated, ""))["words"]
    return Lifetime(NOW + ends_in, idle, words, NOW)


def names(told: dict[str, Any]) -> list[str]:
    """Return what is on the page."""
    return [notice["name"] for notice in told["notices"]]


@pytest.mark.parametrize(
    ("left", "shown", "saves"),
    [(601, [], False), (600, ["time-10"], False), (301, ["time-10"], False), (300, ["time-5"], False),
     (91, ["time-5"], False), (90, ["time-5"], True), (11, ["time-5"], True)],
)  # fmt: skip
def test_its_time_is_nearly_over(left: int, shown: list[str], saves: bool) -> None:
    """The page warns at 10 and at 5 minutes, and saves from a minute and a half on."""
    told = lifetime(ends_in=left, idle=0).told(NOW)
    assert (names(told), told["save"]) == (shown, saves)


def test_the_warning_says_how_much_is_left_and_what_can_be_done() -> None:
    """The page gets a sentence with the minutes, the moment that it fills in itself, and a way to begin anew."""
    (notice,) = lifetime(ends_in=200).told(NOW)["notices"]
    assert "Less than 5 minutes left: this server ends at {time}" in notice["text"]
    assert (notice["does"], notice["at"]) == ("anew", NOW + 190)


def test_a_home_folder_that_cannot_be_written_is_told() -> None:
    """The page says so for as long as it is open, and has nothing to ask more often for."""
    words = json.loads(told_to_job(7200, 0, "2G", untranslated, ""))["words"]
    told = Lifetime(NOW + 10 * HOUR, 0, words, NOW, home_lost=True).told(NOW)
    (notice,) = told["notices"]
    assert "full or read-only: nothing that you change is saved" in notice["text"]
    assert len(notice["text"]) <= 140
    assert (set(notice), told["save"], told["again"]) == ({"name", "text"}, False, 60)


@pytest.mark.parametrize(
    ("said", "left"),
    [("1-02:03:04", 93784.0), ("02:03:04", 7384.0), ("3:04", 184.0), ("UNLIMITED", float("inf"))]
    + [(nonsense, None) for nonsense in ("", "INVALID", "NOT_SET", "-1:00", "1:2:3:4", "one")],
)
def test_slurms_word_on_the_time_left_is_read(said: str, left: float | None) -> None:
    """What squeue prints is a number of seconds, endless, or unknown."""
    assert seconds_left(said) == left


def test_an_end_that_was_moved_is_believed() -> None:
    """Slurm is asked before each warning and before the end; a second more or less is the same end."""
    life = lifetime(ends_in=700, idle=0)
    assert [life.asks(NOW + past) for past in (79, 80, 380, 600, 699)] == [None, 620, 320, 100, 100]
    life.moved(NOW + 701)
    assert life.ends == NOW + 700
    assert names(life.told(NOW + 150)) == ["time-10"]
    life.moved(NOW + 7000)
    assert (names(life.told(NOW + 150)), life.asks(NOW + 150)) == ([], None)


def test_the_page_asks_again_in_time() -> None:
    """With nothing to say the page asks once a minute, and as soon as there is something to say."""
    life = lifetime(ends_in=HOUR)
    assert life.told(NOW)["again"] == 60
    assert life.told(NOW + HOUR - 620)["again"] == 21
    assert life.told(NOW + HOUR - 600)["again"] == 10


@pytest.mark.parametrize(("idle", "warned_after"), [(HOUR, HOUR - 300), (60, 30)])
def test_an_idle_server_ends_after_a_warning(idle: int, warned_after: int) -> None:
    """The warning stands five minutes, or half of a short life; then the server ends."""
    life = lifetime(idle=idle)
    assert names(life.told(NOW + warned_after - 1)) == []
    assert names(life.told(NOW + warned_after)) == ["idle"]
    assert life.over(NOW + idle - 1) == ""
    assert life.over(NOW + idle) == "idle"


def test_without_a_bound_it_is_never_idle() -> None:
    """Zero seconds mean never."""
    life = lifetime(idle=0)
    assert (life.over(NOW + 9 * HOUR), names(life.told(NOW + 9 * HOUR))) == ("", [])


def test_its_time_ends_it_shortly_before_slurm_would() -> None:
    """The hub is asked while the server can still ask."""
    assert lifetime(ends_in=HOUR, idle=0).over(NOW + HOUR - 11) == ""
    assert lifetime(ends_in=HOUR, idle=0).over(NOW + HOUR - 10) == "time"


def test_that_memory_was_full_is_told_for_a_while() -> None:
    """The page says how much there is, once for each time, and leads to a larger server; then no more of it."""
    life = lifetime()
    life.memory(0, NOW)
    assert names(life.told(NOW)) == []
    life.memory(1, NOW)
    (notice,) = life.told(NOW)["notices"]
    assert "this server has 2 GB" in notice["text"]
    assert (notice["does"], notice["button"]) == ("larger", "Choose a larger server")
    life.memory(1, NOW + 299)
    assert names(life.told(NOW + 299)) == ["memory-1"]
    assert names(life.told(NOW + 300)) == []
    life.memory(3, NOW + 400)
    assert names(life.told(NOW + 400)) == ["memory-3"]


@pytest.mark.parametrize(
    ("groups", "counter", "said", "count"),
    [
        ("0::/slurm/job_7/step_0/task_0\n", "slurm/job_7/step_0/task_0/memory.events", "oom 9\noom_kill 2\n", 2),
        (
            "9:memory:/slurm/job_7\n8:cpu:/\n0::/\n",
            "memory/slurm/job_7/memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
            1,
        ),
        ("0::/\n", "memory.events", "oom_kill x\n", 0),
        ("0::/\n", "another", "", 0),
    ],
)
def test_linux_counts_what_it_ended(tmp_path: Path, groups: str, counter: str, said: str, count: int) -> None:
    """The count of the job's own control group is read, of either version; 0 where there is none."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(groups)
    file = tmp_path / "sys/fs/cgroup" / counter
    file.parent.mkdir(parents=True)
    file.write_text(said)
    assert ended_for_memory(tmp_path) == count
    assert ended_for_memory(tmp_path / "nowhere") == 0


def test_work_puts_the_end_off() -> None:
    """What was done last counts, and the warning goes."""
    life = lifetime()
    assert names(life.told(NOW + HOUR - 10)) == ["idle"]
    life.work(NOW + HOUR - 10)
    assert names(life.told(NOW + HOUR - 10)) == []
    life.work(NOW)
    assert life.over(NOW + HOUR) == ""
    assert life.over(NOW + 2 * HOUR - 10) == "idle"


def test_documents_count_until_the_warning() -> None:
    """Who writes works; but the saving that the warning itself brings about does not put the end off."""
    life = lifetime()
    life.changed(NOW + 1000)
    assert life.idle_end == NOW + 1000 + HOUR
    life.changed(NOW + 1000 + HOUR - 60)
    assert life.idle_end == NOW + 1000 + HOUR


class IdleKernels:
    """Kernels that did nothing for an hour, but for the states that they are given."""

    last_kernel_activity = LONG_AGO

    def __init__(self, *states: str) -> None:
        self.kernels = [SimpleNamespace(execution_state=state, last_activity=LONG_AGO) for state in states]

    def list_kernel_ids(self) -> list[int]:
        """Return their numbers."""
        return list(range(len(self.kernels)))

    def get_kernel(self, number: int) -> SimpleNamespace:
        """Return one of them."""
        return self.kernels[number]


@pytest.mark.parametrize(
    ("states", "worked"), [((), NOW - HOUR), (("idle",), NOW - HOUR), (("idle", "busy"), NOW), (("busy",), NOW)]
)
def test_a_kernel_that_computes_is_work(states: tuple[str, ...], worked: float) -> None:
    """A busy kernel works now, however long it has been silent; an idle one did when it last said something."""
    assert last_work({"kernel_manager": IdleKernels(*states)}, NOW) == worked


@pytest.fixture
def shell() -> Iterator[PtyProcess]:
    """A shell in a terminal, at its prompt."""
    process = PtyProcess.spawn(["/bin/bash", "--norc", "-i"])
    process.read()
    yield process
    process.terminate(force=True)


def test_a_program_in_a_terminal_is_work(shell: PtyProcess, tmp_path: Path) -> None:
    """A shell that waits for a program works; one that waits for a person did when something was last written."""
    terminals = {"1": SimpleNamespace(ptyproc=shell, last_activity=LONG_AGO)}
    settings = {"kernel_manager": IdleKernels(), "terminal_manager": SimpleNamespace(terminals=terminals)}

    def becomes(worked: float) -> bool:
        """Whether it is so within some seconds."""
        until = time.monotonic() + 10
        while last_work(settings, NOW) != worked and time.monotonic() < until:
            time.sleep(0.05)
        return last_work(settings, NOW) == worked

    assert becomes(NOW - HOUR)
    over = tmp_path / "over"
    shell.write(f"sh -c 'until [ -e {over} ]; do sleep 0.05; done'\n".encode())
    assert becomes(NOW)
    over.touch()
    assert becomes(NOW - HOUR)


def test_the_job_is_told_in_its_owners_language() -> None:
    """What enters the batch script is plain ASCII, whatever the language."""
    told = told_to_job(7200, 60, "2G", lambda language, text: f"ç{language}:{text}", "es")
    assert told.isascii()
    assert json.loads(told)["walltime"] == 7200
    assert json.loads(told)["idle"] == 60
    assert all(word.startswith("çes:") for word in json.loads(told)["words"].values())
