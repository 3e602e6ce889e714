"""The standing jobs are kept in Slurm's queue: one for each open run that gives results, and no others."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deploy.classroom import places, run, services, standing
from deploy.classroom.places import Place
from deploy.errors import CommandError
from deploy.settings import Settings

PLACE = Place("hpc-1", 0, "run-1")


@dataclass
class Queue:
    """Slurm, as far as a run's account asks it: what is in the queue, and what it was asked for."""

    states: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refuses: str = ""
    longest: str = "1-00:00:00"

    def as_run(self, _: Settings, place: Place, words: list[Any]) -> str:
        """Answer a command of Slurm's."""
        command = Path(words[0]).name
        assert place == PLACE
        if command == self.refuses:
            raise CommandError(f"{command} failed: no association\nmore")
        if command == "sinfo":
            return f"{self.longest}\n"
        assert command == "sbatch" or "--name=unit-test-at-once-hpc-1" in words
        if command == "squeue":
            return "\n".join(self.states)
        self.asked.append(command)
        self.states = ["RUNNING", "PENDING"] if command == "sbatch" else []
        return ""


@pytest.fixture
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Return the queue of a class with one open run that gives results."""
    there = Queue()
    monkeypatch.setattr(run, "as_run", there.as_run)
    monkeypatch.setattr(places, "known", lambda _: [PLACE])
    monkeypatch.setattr(services, "open_runs", lambda _: [PLACE])
    monkeypatch.setattr(standing.files, "write", lambda path, text: written(path, text))
    for folder in (PLACE.folder(settings), run.configuration(settings, PLACE)):
        folder.mkdir(parents=True)
    kernel = run.kernels(settings) / "hpc-1" / "kernels" / "hpc-1"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text("{}")
    grant(settings, {"sums": 5})
    return there


def written(path: Path, text: str) -> bool:
    """Write a file as anybody; return whether it changed."""
    before = path.read_text() if path.exists() else ""
    path.write_text(text)
    return before != text


def grant(settings: Settings, granted: dict[str, int]) -> None:
    """Let assignments of the run give results, as they were released."""
    (PLACE.folder(settings) / standing.GRANTED).write_text(json.dumps(granted))


def test_there_is_one_and_it_stays(settings: Settings, queue: Queue) -> None:
    """A second `up` submits no other, and its script has no more rights than a job's of the run."""
    standing.up(settings)
    standing.up(settings)
    assert queue.asked == ["scancel", "scancel", "sbatch"]
    text = standing.script(settings, PLACE).read_text()
    assert "#SBATCH --partition=batch\n" in text
    assert "#SBATCH --dependency=singleton\n" in text
    assert f'sbatch" --quiet --begin=now+60 "{standing.script(settings, PLACE)}"' in text


def test_who_has_ended_is_submitted_again(settings: Settings, queue: Queue) -> None:
    """A job that somebody cancelled comes back with the next `up`."""
    standing.up(settings)
    queue.states, queue.asked = [], []
    standing.up(settings)
    assert queue.asked == ["sbatch"]


def test_new_code_takes_the_place_of_the_old(settings: Settings, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the tools environment, where the job's code lies, ends the job and submits another."""
    standing.up(settings)
    queue.asked = []
    monkeypatch.setattr(standing.environments, "version", lambda *_: "another")
    standing.up(settings)
    assert queue.asked == ["scancel", "scancel", "sbatch"]


@pytest.mark.parametrize("why", ["none granted", "closed", "down"])
def test_it_ends_where_nobody_waits_for_results(
    settings: Settings, queue: Queue, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """A course that grants none, a closed run and `down` cancel it by name, and its script is gone first."""
    standing.up(settings)
    queue.asked = []
    if why == "none granted":
        grant(settings, {})
    if why == "closed":
        monkeypatch.setattr(services, "open_runs", lambda _: [])
    (standing.down if why == "down" else standing.up)(settings)
    assert queue.asked == ["scancel", "scancel"]
    assert not standing.script(settings, PLACE).exists()
    standing.down(settings)
    assert queue.asked == ["scancel", "scancel"], "what is not there needs no Slurm"


def test_a_slurm_that_refuses_does_not_keep_a_class_from_coming_up(
    settings: Settings, queue: Queue, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, and said again by status."""
    queue.refuses = "sbatch"
    standing.up(settings)
    assert "hpc-1 gives no results at once: sbatch failed: no association" in capsys.readouterr().out
    assert "make up submits it again" in standing.states(settings)["hpc-1"]


def test_status_tells_how_it_fares(settings: Settings, queue: Queue) -> None:
    """Running, waiting, gone, in trouble with an assignment, and unknown where Slurm does not answer."""
    said = lambda: standing.states(settings)["hpc-1"]  # noqa: E731  it is asked again and again
    for states, words in ((["RUNNING", "PENDING"], "runs"), (["PENDING"], "waits in Slurm's queue")):
        queue.states = states
        assert said() == words
    queue.states = ["RUNNING"]
    state = PLACE.folder(settings) / standing.FOLDER / "state.json"
    state.parent.mkdir(parents=True)
    state.write_text(json.dumps({"troubles": {"sums": "the solution does not pass\nAssertionError: 42"}}))
    assert said() == "RUNS WITH TROUBLE: sums: the solution does not pass"
    state.unlink()
    state.symlink_to("/etc/passwd")
    assert said() == "runs"
    queue.refuses = "squeue"
    assert said() == "unknown: squeue failed: no association"
    grant(settings, {})
    assert standing.states(settings) == {}


@pytest.mark.parametrize(("longest", "asked"), [("2-00:00:00", "2-00:00:00"), ("infinite", "1-00:00:00")])
def test_it_asks_for_the_longest_life(settings: Settings, queue: Queue, longest: str, asked: str) -> None:
    """As long as the partition permits, a day where it has no bound."""
    queue.longest = longest
    standing.up(settings)
    assert f"#SBATCH --time={asked}\n" in standing.script(settings, PLACE).read_text()
