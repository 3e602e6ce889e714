"""`make up` on a class that is up."""

import json
from pathlib import Path

from deploy.command import run
from deploy.settings import CHECKOUT
from tests.classroom import Classroom


def _pids(classroom: Classroom) -> dict[str, int]:
    records = Path(classroom.settings.state, "run").glob("*.json")
    return {record.stem: json.loads(record.read_text())["pid"] for record in records}


def test_up_again_disturbs_nobody(classroom: Classroom) -> None:
    """A second `make up` ends within two minutes, whatever else runs, and leaves every process as it was."""
    before = _pids(classroom)
    said = run(["/usr/bin/python3", "-m", "deploy", "up"], cwd=CHECKOUT, timeout=120)
    assert classroom.address in said
    assert _pids(classroom) == before
