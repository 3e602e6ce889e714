"""The lessons of HPC and Slurm run where there is no Slurm: from recordings, and the page says so."""

import json
import os
import sys
from pathlib import Path

import pytest

from aula import catalogue, kernel
from aula.run.here import Here
from aula.run.plan import plan
from aula.run.runner import carry_out

ROOT = Path(__file__).parents[2]


def test_lessons_run_from_their_recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sinfo fails every lesson runs clean, and says on its page that what it shows is a recording."""
    away = tmp_path / "away/sinfo"
    away.parent.mkdir()
    away.write_text("#!/bin/sh\nexit 1\n")
    away.chmod(0o755)
    monkeypatch.setenv("PATH", f"{away.parent}:{os.environ['PATH']}")
    with kernel.settled(Path(sys.executable).parent):
        planned = plan((catalogue.find(ROOT, "hpc-and-slurm"),), tmp_path / "out")
        jobs = [job for job in planned if job.kind == "lessons"]
        results = carry_out(jobs, tmp_path / "out", Here(2), None, str)
    assert [one.error for one in results if one.state != "ok"] == []
    assert len(jobs) == 5
    for job in jobs:
        shown = [cell["outputs"] for cell in json.loads(job.executed.read_text())["cells"] if "outputs" in cell]
        assert "is a RECORDING" in json.dumps(shown), job.name
