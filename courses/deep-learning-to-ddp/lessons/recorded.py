"""Slurm's answers from a recording, for who reads a lesson where there is no Slurm.

A lesson says `recorded.begin(NAME, what its jobs leave)`. Where a Slurm answers, nothing happens. Elsewhere sbatch,
squeue and the others become this program: it answers what they answered once, on a real cluster, and puts beside it
the files that the jobs had left by then. Nobody has to wait for a recording: pauses are short.

On a cluster, with RECORD_SLURM=FOLDER in the environment, the real commands answer, and FOLDER/NAME.json keeps it all.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMANDS = ("sbatch", "squeue", "sacct", "scancel", "scontrol", "sinfo", "srun")
KEPT = []  # the folder of our commands, which lasts as long as the lesson
PAUSE = time.sleep


def slurm_answers():
    """Say whether there is a Slurm, and it answers."""
    try:
        return subprocess.run(["sinfo"], capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def begin(name, leaves=()):
    """Let Slurm's commands answer from the recording of a lesson, if none answers. `leaves`: patterns of files."""
    noted = os.environ.get("RECORD_SLURM")
    if not noted and slurm_answers():
        return
    recording = Path(__file__).resolve().parents[1] / "data" / "recorded" / f"{name}.json"
    KEPT.append(tempfile.TemporaryDirectory(prefix="recorded-"))
    folder = Path(KEPT[-1].name)
    about = {"leaves": list(leaves), "path": os.environ["PATH"]}
    about["to" if noted else "from"] = str(Path(noted).resolve() / f"{name}.json" if noted else recording)
    (folder / "about.json").write_text(json.dumps(about))
    for command in COMMANDS:
        program = folder / command
        words = shlex.join([sys.executable, __file__, str(folder), command])
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        program.chmod(0o755)
    os.environ["PATH"] = f"{folder}:{about['path']}"
    if not noted:
        time.sleep = lambda seconds: PAUSE(min(seconds, 0.05))
        made = json.loads(recording.read_text())["made"]
        print("No Slurm answers here. What its commands say below, and what the jobs leave, is a RECORDING,")
        print(f"made {made}, with the settings of the first cell as they came.")


def found(patterns):
    """Return the texts of the files in this folder that the jobs leave."""
    paths = [path for pattern in patterns for path in sorted(Path().glob(pattern))]
    return {str(path): path.read_text() for path in paths}


def answer(folder, about, command):
    """Answer as in the recording: who asks the same again gets the next answer, and the last one for ever."""
    asked_file = folder / "asked.json"
    asked = json.loads(asked_file.read_text()) if asked_file.exists() else {}
    commands = json.loads(Path(about["from"]).read_text())["commands"]
    same = [entry for entry in commands if entry["command"] == command]
    if not same:
        sys.exit(f"No Slurm answers here, and this was not recorded: {command}")
    entry = same[min(asked.get(command, 0), len(same) - 1)]
    asked[command] = asked.get(command, 0) + 1
    asked_file.write_text(json.dumps(asked))
    for name, text in entry.get("left", {}).items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    return entry


def note(folder, about, command):
    """Let the real command answer, and note it; note with the one before what files the jobs have left since."""
    target, before = Path(about["to"]), folder / "before.json"
    commands = json.loads(target.read_text())["commands"] if before.exists() else []
    known = json.loads(before.read_text()) if before.exists() else {}
    files = found(about["leaves"])
    fresh = {name: text for name, text in files.items() if known.get(name) != text}
    if commands and fresh:
        commands[-1].setdefault("left", {}).update(fresh)
    before.write_text(json.dumps(files))
    words = shlex.split(command)
    real = shutil.which(words[0], path=about["path"])
    done = subprocess.run([real, *words[1:]], env={**os.environ, "PATH": about["path"]}, capture_output=True, text=True)
    entry = {"command": command, "status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
    last = {key: value for key, value in commands[-1].items() if key != "left"} if commands else {}
    if entry != last:  # who waits asks again and again
        commands.append(entry)
    target.write_text(json.dumps({"made": "", "commands": commands}, indent=1))
    return entry


def main():
    """Be one of Slurm's commands."""
    folder, command = Path(sys.argv[1]), shlex.join(sys.argv[2:])
    about = json.loads((folder / "about.json").read_text())
    entry = (answer if "from" in about else note)(folder, about, command)
    sys.stdout.write(entry["stdout"])
    sys.stderr.write(entry["stderr"])
    sys.exit(entry["status"])


if __name__ == "__main__":
    main()
