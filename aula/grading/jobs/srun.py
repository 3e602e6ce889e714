"""A small stand-in for srun, where there is no Slurm: starts the tasks of a step on this machine, at once.

A program of its own: the standard library's Python runs it under the name `srun`.
"""

import json
import os
import subprocess
import sys

SHORT = {"-n": "--ntasks", "-N": "--nodes", "-c": "--cpus-per-task", "-K": "--kill-on-bad-exit"}
VALUED = ("--ntasks", "--nodes", "--cpus-per-task", "--ntasks-per-node", "--mem", "--time", "--mpi", "--job-name")


def main() -> int:
    """Start the tasks; return the worst exit status."""
    said, words = {}, sys.argv[1:]
    while words and words[0].startswith("-"):
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            name, value = SHORT.get(word[:2], word), word[2:].lstrip("=")
        if name in VALUED and not value and not equals:
            value = words.pop(0) if words else ""
        said[name] = value
    if not words:
        sys.stderr.write("srun: fatal: No command given to execute.\n")
        return 1
    allotted, nodes = int(os.environ["SLURM_NTASKS"]), int(os.environ["SLURM_NNODES"])
    tasks = _number(said.get("--ntasks"), allotted)
    nodes = min(_number(said.get("--nodes"), nodes), tasks)
    if tasks > allotted:
        sys.stderr.write("srun: error: Unable to create step: More processors requested than permitted\n")
        return 1
    processes = []
    for rank in range(tasks):
        node = rank * nodes // tasks
        mine = {
            "SLURM_PROCID": str(rank),
            "SLURM_NTASKS": str(tasks),
            "SLURM_STEP_NUM_TASKS": str(tasks),
            "SLURM_NODEID": str(node),
            "SLURMD_NODENAME": f"node{node + 1}",
        }
        processes.append(subprocess.Popen(words, env={**os.environ, **mine}))
    worst = max(process.wait() for process in processes)
    with open(os.environ["AULA_STEPS"], "a") as file:  # noqa: PTH123  an interpreter of any age
        state = "FAILED" if worst else "COMPLETED"
        file.write(json.dumps({"state": state, "tasks": tasks, "nodes": nodes}) + "\n")
    return worst


def _number(text: "str | None", usual: int) -> int:
    return int(text) if text and text.isdigit() else usual


if __name__ == "__main__":
    sys.exit(main())
