"""Where there is no Slurm a script runs here: what tests see of it is what they would see of a job."""

import json
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from aula.course import JobScript
from aula.grading.errors import ScriptError
from aula.grading.jobs import rehearsed, stand_in

BOUNDS = JobScript(leaves=("result.json",), size={"SHOPS": 11}, nodes=2, tasks=4, cores=4)
HEAD = b"#!/bin/sh\n#SBATCH -N2\n#SBATCH -n4\n"
RANKS = b"""srun --mpi=none sh -c 'echo "$SLURM_PROCID of $SLURM_NTASKS on $SLURMD_NODENAME" > part-$SLURM_PROCID'
cat part-* > result.json
"""


def ran(commands: bytes, folder: Path) -> stand_in.Done:
    """Return what came of a script with these commands."""
    return stand_in.run(HEAD + commands, BOUNDS, folder, Path(sys.executable))


def test_srun_starts_its_tasks_on_all_nodes(tmp_path: Path) -> None:
    """Each task has its rank and its node, and the step is in the record."""
    done = ran(RANKS, tmp_path)
    lines = done.files["result.json"].splitlines()
    assert lines == ["0 of 4 on node1", "1 of 4 on node1", "2 of 4 on node2", "3 of 4 on node2"]
    assert [(step.name, step.tasks, step.nodes) for step in done.record.steps] == [("batch", 1, 1), ("0", 4, 2)]
    assert (done.record.state, done.record.nodes, done.record.cores) == ("COMPLETED", 2, 4)


def test_a_task_that_fails_fails_its_step(tmp_path: Path) -> None:
    """The worst exit status of a step is srun's, and the script's if it ends with it."""
    done = ran(b"srun -n 3 sh -c 'exit $SLURM_PROCID'\n", tmp_path)
    assert (done.record.state, done.record.exit_code) == ("FAILED", 2)
    assert done.record.steps[1].state == "FAILED"
    assert done.wrong == {"result.json": "is not there"}


def test_it_has_the_size_and_the_files(tmp_path: Path) -> None:
    """The assignment's files are beside it, and its author's text and notebook are not."""
    for name in ("orders.csv", "night.md", "night.ipynb"):
        (tmp_path / name).write_text("x")
    assert ran(b"echo $SHOPS; ls\n", tmp_path).said.split() == ["11", "job.sh", "orders.csv"]


def test_one_that_does_not_end_is_over_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that sleeps for ever ends as Slurm would end it."""
    monkeypatch.setattr(stand_in, "LONGEST_S", 0.3)
    assert ran(b"echo here; exec sleep 60\n", tmp_path).record.state == "TIMEOUT"


def test_it_is_checked_as_a_handed_in_one(tmp_path: Path) -> None:
    """What a cluster would not get does not run here either."""
    with pytest.raises(ScriptError, match="not permitted"):
        stand_in.run(b"#!/bin/sh\n#SBATCH -p gpu\n", BOUNDS, tmp_path, Path(sys.executable))


@pytest.mark.parametrize("folder_has_script", [True, False])
def test_a_notebook_has_its_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder_has_script: bool) -> None:
    """The first test that uses `job` makes it, of the script in the working folder; without one it fails in words."""
    monkeypatch.chdir(tmp_path)
    if folder_has_script:
        Path("job.sh").write_bytes(HEAD + b"echo '{\"shops\": 11}' > result.json\n")
    tests = [
        "x = 1",
        "import json\nassert json.loads(job.files['result.json'])['shops'] == 11",
        "assert job.nodes == 2",
    ]
    node = new_notebook(cells=[new_code_cell(one) for one in tests])  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    rehearsed.given(node, BOUNDS, tmp_path)
    assert [cell.source.endswith(test) for cell, test in zip(node.cells, tests, strict=True)] == [True] * 3
    names: dict[str, object] = {}
    code = "\n".join(cell.source for cell in node.cells)
    if folder_has_script:
        exec(code, names)  # noqa: S102  what a kernel does
        assert json.loads(names["job"].files["result.json"]) == {"shops": 11}  # type: ignore[attr-defined]  # it is the job
    else:
        with pytest.raises(AssertionError, match=r"The job script was not run: job\.sh does not begin"):
            exec(code, names)  # noqa: S102  likewise
