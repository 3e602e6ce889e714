"""A Slurm of small scripts and a folder: it takes jobs, and its jobs are in the state that a test writes."""

import json
import stat
import sys
import time
from pathlib import Path

_SCRIPT = """#!{python}
import datetime, json, os, pathlib, sys
folder = pathlib.Path({folder!r})
name = pathlib.Path(sys.argv[0]).name
answer = json.loads((folder / "answers.json").read_text()).get(name)
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps([name, *sys.argv[1:]]) + "\\n")
if answer is not None:
    sys.stdout.write(answer["output"])
    sys.stderr.write(answer["complaint"])
    sys.exit(answer["status"])
if name == "sudo":
    words = sys.argv[1:]
    os.execve(words[3], words[3:], dict(os.environ))
if name == "sinfo" and "--format=%o" in sys.argv:
    print("127.0.0.1")
elif name == "sinfo":
    print("node1|interactive*|up|8:00:00|mix|2/6/0/8|4096|1024|gpu:a100:2|gpu:a100:0")
    print("node1|batch|up|1-00:00:00|mix|2/6/0/8|4096|1024|gpu:a100:2|gpu:a100:0")
if name == "sbatch" and "--test-only" in sys.argv:
    now = datetime.datetime.now().isoformat(timespec="seconds")
    sys.stderr.write(f"sbatch: Job 9 to start at {{now}} using 1 processors on nodes node1 in partition interactive")
    sys.exit(0)
if name == "sbatch":
    number = len(list(folder.glob("job-*"))) + 1
    script = sys.stdin.read()
    job = next(line.split("=")[1] for line in script.splitlines() if line.startswith("#SBATCH --job-name="))
    record = {{"script": script, "environment": dict(os.environ), "name": job}}
    (folder / f"job-{{number}}.tmp").write_text(json.dumps(record))
    (folder / f"job-{{number}}.tmp").rename(folder / f"job-{{number}}")
    print(number)
if name == "squeue":
    states = json.loads((folder / "states.json").read_text())
    wanted = [word.split("=")[1] for word in sys.argv if word.startswith("--name=")]
    for path in folder.glob("job-*"):
        number = path.name[4:]
        if not wanted or json.loads(path.read_text())["name"] in wanted:
            if states.get(number, "PENDING") != "GONE":
                node = "node1" if states.get(number) == "RUNNING" else ""
                print(f"{{number}}|{{states.get(number, 'PENDING')}}|{{node}}|interactive|100|N/A|Resources")
if name == "scancel":
    states = json.loads((folder / "states.json").read_text())
    states[sys.argv[1]] = "CANCELLED"
    (folder / "states.json.new").write_text(json.dumps(states))
    (folder / "states.json.new").rename(folder / "states.json")
if name == "scontrol" and "assoc_mgr" in sys.argv:
    print("Association Records")
    print("ClusterName=c Account=nortada UserName=ana(1019) Partition= DefAssoc=Yes MaxWallPJ=360 MaxTRESPJ=cpu=6 x=y")
elif name == "scontrol":
    print("NodeName=node1 Arch=x86_64 NodeAddr=127.0.0.1 NodeHostName=node1")
"""


class SlurmDouble:
    """The folder and what tests do with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._write("answers.json", {})
        self._write("states.json", {})
        for name in ("sudo", "sbatch", "squeue", "scancel", "scontrol", "sinfo", "sacct"):
            path = folder / name
            path.write_text(_SCRIPT.format(python=f"{sys.executable} -I", folder=str(folder)))
            path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    def _write(self, name: str, value: object) -> None:
        (self.folder / f"{name}.tmp").write_text(json.dumps(value))
        (self.folder / f"{name}.tmp").rename(self.folder / name)

    def answer(self, command: str, *, output: str = "", complaint: str = "", status: int = 0) -> None:
        """Let a command give this answer from now on."""
        answers = json.loads((self.folder / "answers.json").read_text())
        self._write(
            "answers.json",
            {**answers, command: {"output": output, "complaint": complaint, "status": status}},
        )

    def answer_normally(self) -> None:
        """Take all prepared answers back."""
        self._write("answers.json", {})

    def set_state(self, job: int, state: str) -> None:
        """Put a job into a state; GONE makes squeue forget it."""
        states = json.loads((self.folder / "states.json").read_text())
        self._write("states.json", {**states, str(job): state})

    def state(self, job: int) -> str:
        """Return the state of a job."""
        return str(json.loads((self.folder / "states.json").read_text()).get(str(job), "PENDING"))

    def comes_to(self, job: int, state: str, seconds: float = 20) -> bool:
        """Tell whether a job comes to a state within a time."""
        deadline = time.monotonic() + seconds
        while self.state(job) != state and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.state(job) == state

    def jobs(self) -> list[int]:
        """Return the numbers of all jobs that were ever submitted."""
        return sorted(int(path.name[4:]) for path in self.folder.glob("job-*") if not path.name.endswith(".tmp"))

    def wait_for_job(self, number: int) -> dict[str, object]:
        """Return the script, name and environment of a job once it is there."""
        path = self.folder / f"job-{number}"
        for _ in range(200):
            if path.exists():
                return dict(json.loads(path.read_text()))
            time.sleep(0.05)
        raise AssertionError(f"job {number} was never submitted")

    def calls(self, command: str) -> list[list[str]]:
        """Return the argument lists that a command was called with."""
        path = self.folder / "calls.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [call[1:] for call in map(json.loads, lines) if call[0] == command]
