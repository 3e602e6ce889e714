"""A test that uses a job script's job has it run, once; a script that must not be run costs those tests alone."""

import base64

import pytest
from aula_spawner.slurm.record import Record

from aula.course import JobScript
from aula.grading.errors import NonsenseError, ScriptError
from aula.grading.jobs.done import Done
from aula.grading.jobs.script import check
from aula.grading.jobs.turn import Turn, asks

BOUNDS = JobScript(leaves=("result.json",))
SCRIPT = b"#!/bin/sh\ntrue\n"


class Notes:
    """A box that answers one thing, and notes what it was asked."""

    def __init__(self, answer: dict[str, object]) -> None:
        self.answer, self.asked = answer, list[dict[str, object]]()

    def ask(self, message: dict[str, object], timeout_s: float) -> dict[str, object]:  # noqa: ARG002  as a box does
        """Answer."""
        self.asked.append(message)
        return self.answer


class Counts:
    """What runs scripts that do well, and counts them."""

    bounds = BOUNDS

    def __init__(self) -> None:
        self.scripts: list[bytes] = []

    def run(self, script: bytes) -> Done:
        """Check it, and say that it ran."""
        asked = check(script, BOUNDS)
        self.scripts.append(script)
        return Done(asked, Record("COMPLETED", 0, 0, 1, 1, 1), files={"result.json": "{}"})


def student(script: bytes | None) -> Notes:
    """Return a trainee's process whose notebook left this script."""
    return Notes({"file": None if script is None else base64.b64encode(script).decode()})


def test_it_runs_once() -> None:
    """The second test that asks finds the job that the first had run."""
    runs, judge = Counts(), Notes({})
    turn = Turn(runs)
    for _ in range(2):
        turn.take(student(SCRIPT), judge, 1)
    assert runs.scripts == [SCRIPT]
    assert [message["do"] for message in judge.asked] == ["job"]
    told = judge.asked[0]["job"]
    assert isinstance(told, dict)
    assert (told["state"], told["files"], told["asked"]["nodes"]) == ("COMPLETED", {"result.json": "{}"}, 1)


@pytest.mark.parametrize(
    ("script", "why"), [(None, "does not begin with '#!'"), (b"#!/bin/sh\n#SBATCH -p gpu\n", "not permitted")]
)
def test_each_test_reads_why_it_did_not_run(script: bytes | None, why: str) -> None:
    """A script that is missing or refused is looked at once, and every test that wants it says why there is none."""
    theirs, turn = student(script), Turn(Counts())
    for _ in range(2):
        with pytest.raises(ScriptError, match=f"Your job script was not run: .*{why}"):
            turn.take(theirs, Notes({}), 1)
    assert len(theirs.asked) == 1


def test_a_file_that_is_none_is_nonsense() -> None:
    """What a trainee's process says in place of its file is not run."""
    with pytest.raises(NonsenseError, match="its file is none"):
        Turn(Counts()).take(Notes({"file": "?!"}), Notes({}), 1)


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("assert job.state == 'COMPLETED'", True),
        ("def f():\n    return job.files", True),
        ("for job in jobs:\n    print(job)", False),
        ("assert [job['id'] for job in jobs] == []", False),
        ("job = 3\nassert job", False),
        ("# job\nassert jobs.job == 'job'", False),
        ("assert (", False),
    ],
)
def test_who_uses_the_job_is_known_by_the_code(source: str, uses: bool) -> None:
    """A test that binds the name itself, as a loop over its own jobs does, has none run."""
    assert asks(source) is uses
