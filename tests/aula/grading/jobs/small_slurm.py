"""A Slurm of one job at a time, on this machine: what the commands do, and no more; each is a link to this file."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

STATE = Path(os.environ["SMALL_SLURM"])
ACTIVE = ("PENDING", "RUNNING")
LINE = "{job}|{state}|{status}:{signal}|1|2|4||\n{job}.batch|{state}|{status}:{signal}|1|1|1|1|2048K\n"


def sbatch(words: list[str]) -> None:
    """Keep a job; print its number."""
    if (STATE / "refuses").exists():
        sys.exit("sbatch: error: Batch job submission failed: Invalid qos specification")
    job = str(len(list(STATE.glob("*.sh"))) + 1)
    chdir = next(word.partition("=")[2] for word in words if word.startswith("--chdir="))
    (STATE / "asked").write_text("\n".join(words))
    (STATE / f"{job}.sh").write_text(sys.stdin.read())
    (STATE / f"{job}.folder").write_text(chdir)
    os.environ["PWD"] = str(Path.cwd())
    (STATE / f"{job}.environment").write_text("\0".join(f"{name}={value}" for name, value in os.environ.items()))
    set_state(job, "PENDING")
    print(job)


def scontrol(words: list[str]) -> None:
    """Let a job begin, unless this Slurm is full."""
    if not (STATE / "full").exists():
        nothing = subprocess.DEVNULL
        subprocess.Popen(
            [sys.executable, __file__, "run", words[1]], start_new_session=True, stdout=nothing, stderr=nothing
        )
        while state(words[1]) == "PENDING":
            time.sleep(0.01)


def run(words: list[str]) -> None:
    """Be a job, in a session of its own."""
    job = words[0]
    said = (STATE / f"{job}.environment").read_text().split("\0")
    environment = dict(one.partition("=")[::2] for one in said)
    environment["SLURM_SUBMIT_DIR"] = environment["PWD"]
    process = subprocess.Popen(
        ["/bin/sh", STATE / f"{job}.sh"],
        cwd=(STATE / f"{job}.folder").read_text(),
        env=environment,
        start_new_session=True,
    )
    (STATE / f"{job}.process").write_text(str(process.pid))
    set_state(job, "RUNNING")
    status = process.wait()
    with suppress(ProcessLookupError):  # as the cgroup does
        os.killpg(process.pid, signal.SIGKILL)
    if state(job) == "RUNNING":
        set_state(job, "FAILED" if status else "COMPLETED", max(status, 0), max(-status, 0))


def squeue(_: list[str]) -> None:
    """List the jobs that have not ended."""
    jobs = sorted(one.stem for one in STATE.glob("*.state"))
    print("".join(f"{job}|{state(job)}\n" for job in jobs if state(job) in ACTIVE), end="")


def scancel(_: list[str]) -> None:
    """End all jobs."""
    for job in (one.stem for one in STATE.glob("*.state")):
        if state(job) in ACTIVE:
            set_state(job, "CANCELLED", 0, 15)
            with suppress(FileNotFoundError, ProcessLookupError):
                os.killpg(int((STATE / f"{job}.process").read_text()), signal.SIGKILL)


def sacct(words: list[str]) -> None:
    """Print the record of a job."""
    job = next(found[1] for word in words if (found := re.fullmatch(r"--jobs=(\d+)", word)))
    if (STATE / "confused").exists():
        print(f"{job}|BEWILDERED|0:0|1|2|4||")
        return
    how, status, number = (STATE / f"{job}.state").read_text().split()
    print(LINE.format(job=job, state=how, status=status, signal=number), end="")


def state(job: str) -> str:
    """Return the state of a job."""
    return (STATE / f"{job}.state").read_text().split()[0]


def set_state(job: str, how: str, status: int = 0, number: int = 0) -> None:
    """Let a job be in a state."""
    draft = STATE / f"{job}.{os.getpid()}"
    draft.write_text(f"{how} {status} {number}")
    draft.rename(STATE / f"{job}.state")


if __name__ == "__main__":
    name, *rest = sys.argv[1:] if sys.argv[1:2] == ["run"] else [Path(sys.argv[0]).name, *sys.argv[1:]]
    globals()[name](rest)
