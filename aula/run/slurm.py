"""Whether a notebook needs Slurm, whether this machine has one that answers, and what helps where it has not."""

import re
import shutil
import subprocess

from nbformat import NotebookNode

COMMANDS = ("sbatch", "srun", "salloc", "squeue", "scancel", "sacct", "sinfo", "scontrol")
CALL = re.compile(rf"(?<![\w./-])({'|'.join(COMMANDS)})(?![\w-])")
PATIENCE_S = 10


def used(node: NotebookNode) -> list[str]:
    """Return the commands of Slurm that the notebook's code names, each once."""
    code = "\n".join(cell.source for cell in node.cells if cell.cell_type == "code")
    return list(dict.fromkeys(CALL.findall(code)))


def answers() -> bool:
    """Return whether a Slurm answers on this machine."""
    if not shutil.which("sinfo"):
        return False
    try:
        return subprocess.run(["sinfo", "--noheader"], capture_output=True, timeout=PATIENCE_S).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def missing(node: NotebookNode, course: str) -> str:
    """Return that the notebook needs Slurm, that none answers here, and what to type; "" where all is well.

    Code may be able to do without; so this explains a failure, and is none.
    """
    commands = used(node)
    if not commands or answers():
        return ""
    return f"It uses Slurm ({', '.join(commands)}), and none answers here. {remedy(course)}"


def remedy(course: str) -> str:
    """Return what an author without a cluster types."""
    return f"Try it on a Slurm of this machine, as root: make notebooks COURSE={course}"
