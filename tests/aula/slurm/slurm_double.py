"""A stand-in for Slurm's commands: each prints what a test wants, and what it was asked for is kept."""

import json
from pathlib import Path

PROGRAM = """#!/usr/bin/env python3
import json, pathlib, sys
folder, name = pathlib.Path(__file__).parent, pathlib.Path(__file__).name
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps([name, *sys.argv[1:]]) + "\\n")
answer = json.loads((folder / f"{name}.json").read_text())
sys.stdout.write(answer["output"])
sys.stderr.write(answer["complaint"])
sys.exit(answer["status"])
"""


class SlurmThatAnswers:
    """Commands in a folder that answer as they were told to."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        for name in ("sinfo", "sbatch", "squeue", "sacct", "scancel"):
            (folder / name).write_text(PROGRAM)
            (folder / name).chmod(0o755)
            self.answer(name)
        self.answer("sinfo", "interactive*\nbatch\n")
        self.answer("sbatch", "12\n")

    @property
    def environment(self) -> dict[str, str]:
        """An environment that finds these commands, in a job of somebody's."""
        return {"PATH": f"{self._folder}:/usr/bin:/bin", "SLURM_JOB_ID": "7", "SLURM_CONF": "/etc/slurm.conf"}

    def answer(self, command: str, output: str = "", complaint: str = "", status: int = 0) -> None:
        """Say how a command answers from now on."""
        told = {"output": output, "complaint": complaint, "status": status}
        (self._folder / f"{command}.json").write_text(json.dumps(told))

    def calls(self, command: str) -> list[list[str]]:
        """Return the words of each call of a command."""
        file = self._folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [words for name, *words in map(json.loads, lines) if name == command]
