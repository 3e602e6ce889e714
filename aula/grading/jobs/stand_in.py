"""What tests of a job script see where there is no Slurm: the script is run on this machine, as `aula check` does.

The script is checked as a handed-in one is. It runs unconfined, for it is the author's.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from aula_spawner.slurm.record import Record, Step

from aula.course import JobScript
from aula.grading.errors import ScriptError
from aula.grading.jobs import srun
from aula.grading.jobs.done import Done
from aula.grading.jobs.script import Asked, check

LONGEST_S = 20
KEPT_OUT = shutil.ignore_patterns("*.md", "*.ipynb", ".*", "__pycache__")


def run(script: bytes, bounds: JobScript, source: Path, python: Path) -> Done:
    """Run a script in a folder of its own that has the assignment's files. Raises ScriptError where it must not be."""
    asked = check(script, bounds)
    with TemporaryDirectory(prefix="aula-job-") as name:
        folder, commands = Path(name, "job"), Path(name, "bin")
        shutil.copytree(source, folder, ignore=KEPT_OUT)
        commands.mkdir()
        _program(commands / "srun", Path(srun.__file__).read_text(encoding="utf-8"))
        _program(folder / bounds.script, script.decode())
        environment = {**_environment(asked, bounds, folder), "PATH": f"{commands}:{python.parent}:{os.defpath}"}
        environment["AULA_STEPS"] = str(Path(name, "steps"))
        began = time.monotonic()
        try:
            process = subprocess.run(
                [f"./{bounds.script}"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_S,
            )
            status, said = process.returncode, process.stdout
            state = "FAILED" if status else "COMPLETED"
        except subprocess.TimeoutExpired as error:
            status, said, state = 0, error.stdout or b"", "TIMEOUT"
        except OSError as error:
            status, said, state = 127, str(error).encode(), "FAILED"
        record = _record(asked, state, status, round(time.monotonic() - began), Path(name, "steps"))
        return Done(asked, record, said.decode(errors="replace"), *_left(folder, bounds))


def _program(path: Path, text: str) -> None:
    path.write_text(text if text.startswith("#!") else f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(0o700)


def _environment(asked: Asked, bounds: JobScript, folder: Path) -> dict[str, str]:
    slurm = {
        "JOB_ID": "1",
        "JOB_NAME": asked.name,
        "NNODES": asked.nodes,
        "JOB_NUM_NODES": asked.nodes,
        "NTASKS": asked.tasks,
        "CPUS_PER_TASK": asked.cores,
        "SUBMIT_DIR": folder,
        "PROCID": 0,
    }
    size = {name: str(value) for name, value in bounds.size.items()}
    return {
        **size,
        **{f"SLURM_{name}": str(value) for name, value in slurm.items()},
        "HOME": str(folder),
        "SLURMD_NODENAME": "node1",
    }


def _record(asked: Asked, state: str, status: int, seconds: int, steps: Path) -> Record:
    memory = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 3)
    rows = [json.loads(line) for line in steps.read_text().splitlines()] if steps.exists() else []
    started = [Step(str(number), one["state"], one["tasks"], one["nodes"], memory) for number, one in enumerate(rows)]
    every = (Step("batch", state, 1, 1, memory), *started)
    return Record(state, max(status, 0), max(-status, 0), seconds, asked.nodes, asked.tasks * asked.cores, every)


def _left(folder: Path, bounds: JobScript) -> tuple[dict[str, str], dict[str, str]]:
    files, wrong = {}, {}
    for name in bounds.leaves:
        try:
            files[name] = (folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            wrong[name] = "is not there"
    return files, wrong


def main() -> int:
    """Print what came of the script in this folder."""
    source, bounds = Path(sys.argv[1]), JobScript.model_validate_json(sys.argv[2])
    script = Path(bounds.script)
    text = script.read_bytes() if script.is_file() else b""
    try:
        print(json.dumps(run(text, bounds, source, Path(sys.argv[3])).told()))
    except ScriptError as error:
        print(f"The job script was not run: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
