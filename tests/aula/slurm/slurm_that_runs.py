"""A stand-in for Slurm that runs the tasks of arrays on this machine, and lets those die that a test wants dead."""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

PROGRAM = f"""#!{sys.executable} -S
import json, os, pathlib, shlex, subprocess, sys, time
folder, name, words = pathlib.Path(__file__).parent, pathlib.Path(__file__).name, sys.argv[1:]
said = dict(word[2:].partition("=")[::2] for word in words if word.startswith("--"))
tasks = sorted((folder / "tasks").glob("*.json"))

def live():
    return [one for one in tasks if not one.with_suffix(".end").exists()]

if name == "sbatch":
    job = str(len(list(folder.glob("job-*"))) + 1)
    told = {{"options": words, "script": sys.stdin.read(), "environment": dict(os.environ)}}
    (folder / f"job-{{job}}").write_text(json.dumps(told))
    for number in range(int(said["array"].split("-")[1]) + 1):
        task = folder / "tasks" / f"{{job}}_{{number}}.json"
        task.write_text(json.dumps(told))
        words = [sys.executable, "-S", folder / "slurmd", task, said["output"].replace("%a", str(number)), str(number)]
        subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(job)
elif name == "slurmd":
    task, log, number = pathlib.Path(words[0]), words[1], words[2]
    told = json.loads(task.read_text())
    death = json.loads((folder / "deaths.json").read_text()).get(task.stem)
    with open(log, "w") as out:
        one = subprocess.Popen(
            ["/bin/sh", "-c", told["script"]], env={{**told["environment"], "SLURM_ARRAY_TASK_ID": number}},
            stdout=out, stderr=out, start_new_session=True,
        )
    task.with_suffix(".pid").write_text(str(one.pid))
    while one.poll() is None:
        time.sleep(0.02)
        if death and death["after"] in pathlib.Path(log).read_text():
            os.killpg(one.pid, 9)
            one.wait()
            task.with_suffix(".end").write_text(death["state"])
            sys.exit()
    state = "COMPLETED|0:0" if one.returncode == 0 else f"FAILED|{{max(one.returncode, 0)}}:0"
    if not task.with_suffix(".end").exists():
        task.with_suffix(".end").write_text(state)
elif name == "squeue" and said["format"] == "%i":
    print("\\n".join(one.stem for one in live()))
elif name == "squeue":
    for one in live():
        job, number = one.stem.split("_")
        print(f"{{job}}|{{number}}|{{job}}|RUNNING|n1|batch|1|N/A|None")
elif name == "sacct":
    for one in tasks:
        if one.with_suffix(".end").exists():
            print(f"{{one.stem}}|{{one.with_suffix('.end').read_text()}}")
elif name == "scancel":
    with (folder / "cancelled").open("a") as file:
        file.write(said["name"] + "\\n")
    for one in live():
        one.with_suffix(".end").write_text("CANCELLED by 0|0:15")
        os.killpg(int(one.with_suffix(".pid").read_text()), 9)
elif name == "sinfo":
    print("interactive*\\nbatch")
"""


class SlurmThatRuns:
    """Commands in a folder that run what they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "tasks").mkdir(parents=True)
        (folder / "deaths.json").write_text("{}")
        for name in ("sinfo", "sbatch", "squeue", "sacct", "scancel", "slurmd"):
            (folder / name).write_text(PROGRAM)
            (folder / name).chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """An environment that finds these commands, and what the tests find."""
        path = f"{self._folder}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(sys.path)}

    def let_die(self, *tasks: str, after: str, state: str) -> None:
        """Let tasks die with Slurm's state, as `OUT_OF_MEMORY|0:125`, when their log has a word."""
        (self._folder / "deaths.json").write_text(json.dumps({one: {"after": after, "state": state} for one in tasks}))

    def job(self, number: int) -> dict[str, object]:
        """Return what the first job, or the second, was submitted with: options, script, environment."""
        told: dict[str, object] = json.loads((self._folder / f"job-{number}").read_text())
        return told

    @property
    def jobs(self) -> int:
        """How many jobs were submitted."""
        return len(list(self._folder.glob("job-*")))

    @property
    def cancelled(self) -> list[str]:
        """The names of jobs that were cancelled."""
        file = self._folder / "cancelled"
        return file.read_text().split() if file.exists() else []

    def stop(self) -> None:
        """End what still runs of it."""
        for file in (self._folder / "tasks").glob("*.pid"):
            if not file.with_suffix(".end").exists():
                with suppress(ProcessLookupError):
                    os.killpg(int(file.read_text()), signal.SIGKILL)
