"""Executing one notebook with papermill on a warm kernel, and saying what went wrong with which cell."""

import re
import socket
import warnings
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from aula import kernel, notebook
from aula.run import libraries, machine, slurm
from aula.run.job import Job, Result, State
from aula.run.turn import Turn
from aula.run.warm import engine

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
START_LIMIT_S = 60
MEMORY_MB = 4096
"""What a notebook may hold in memory, where nobody says otherwise."""


def execute(
    job: Job, zygote: Path | None = None, memory_mb: int = MEMORY_MB, gate: AbstractContextManager[Any] | None = None
) -> Result:
    """Execute the job's notebook on a kernel that a zygote forks: this one, or, without one, its own.

    Its state is ok only if no cell failed, warned or ran too long. Its cells run within the gate, unless it waits for
    Slurm.
    """
    started = datetime.now(UTC)
    error: Exception | None = None
    turn = Turn(job, None if job.waits else gate)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill's and its libraries' own, not the notebook's
            _papermill(job, zygote, memory_mb, turn)
    except Exception as caught:  # noqa: BLE001 - whatever stops papermill is the notebook's failure
        error = caught
    finally:
        turn.end()
    node = nbformat.read(job.executed, as_version=4) if job.executed.exists() else None  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    state, text = _judge(job, node, error)
    if state == "ok" and turn.seconds > job.time_limit_s:
        state, text = "timeout", f"{job.title}: ran {turn.seconds:g} s, longer than its {job.time_limit_s:g} s"
    if state != "ok" and node and (hint := slurm.missing(node, job.course)):
        text = f"{text}\n{hint}"
    python = str(node.metadata.get("language_info", {}).get("version", "")) if node else ""
    when = started.isoformat(timespec="seconds")
    noted = node.metadata.get("papermill", {}) if node else {}
    used = {"memory_mb": noted.get("memory_mb", 0), "cpu_s": noted.get("cpu_s", 0.0)}
    name, host = f"{job.kind}/{job.name}", socket.gethostname()
    result = Result(job.course, name, state, turn.seconds, when, host, python, text, job.source, **used)
    if not node:
        return result
    result = replace(result, hardware=machine.words(), libraries=libraries.versions(node))
    _stamp(job, node, result)
    return result if state == "ok" else _show(job, node, result)


def _papermill(job: Job, zygote: Path | None, memory_mb: int, turn: Turn) -> None:
    """Run papermill; the time limit is the whole notebook's, so each cell gets what is left of it."""
    job.executed.parent.mkdir(parents=True, exist_ok=True)
    papermill.execute_notebook(
        job.notebook,
        job.executed,
        parameters=job.parameters,
        engine_name=engine.NAME,
        cwd=job.folder,
        progress_bar=False,
        start_timeout=START_LIMIT_S,
        timeout_func=lambda _cell: max(1, round(turn.left_s)),
        store_widget_state=False,
        config=_kernel(zygote, memory_mb),
        turn=turn,
    )


def _kernel(zygote: Path | None, memory_mb: int) -> Config:
    """Let the kernel listen on sockets that only this account can open, not on ports open to every account."""
    warm = {"memory_mb": memory_mb, **({"zygote": str(zygote)} if zygote else {})}
    return Config({**kernel.private(), "WarmKernelManager": warm})


def _judge(job: Job, node: NotebookNode | None, error: Exception | None) -> tuple[State, str]:
    """Return the state, and one text that names notebook, cell and trouble."""
    if isinstance(error, PapermillExecutionError):
        trouble = "\n".join(error.traceback) or f"{error.ename}: {error.evalue}"
        return "error", _describe(job, node, trouble)
    if isinstance(error, CellTimeoutError):
        return "timeout", _describe(job, node, f"ran longer than the notebook's {job.time_limit_s:g} s")
    if isinstance(error, DeadKernelError):
        return "error", _describe(job, node, f"the kernel died: {error}")
    if error is not None:
        return "error", f"{job.title}: {type(error).__name__}: {error}"
    for number, cell in _cells(node):
        printed = "".join(
            output.text
            for output in cell.get("outputs", [])
            if output.output_type == "stream" and output.name == "stderr"
        )
        if printed:
            return "warning", _say(job, number, cell, f"warned, or wrote to stderr:\n{printed}")
    return "ok", ""


def _cells(node: NotebookNode | None) -> list[tuple[int, NotebookNode]]:
    """Return the cells with the numbers that they have in the source, without those that papermill added."""
    cells = [(notebook.number(cell), cell) for cell in (node.cells if node else [])]
    return [(number, cell) for number, cell in cells if number is not None]


def _describe(job: Job, node: NotebookNode | None, trouble: str) -> str:
    """Describe trouble with the cell at which the notebook stopped: the failed one, or the last begun."""
    begun = [pair for pair in _cells(node) if pair[1].metadata.papermill.get("start_time")]
    failed = [pair for pair in begun if pair[1].metadata.papermill.get("exception")]
    return _say(job, *(failed or begun)[-1], trouble) if begun else f"{job.title}: {trouble}"


def _say(job: Job, number: int, cell: NotebookNode, trouble: str) -> str:
    """Name notebook and cell, show the cell's first lines, then the trouble."""
    first = "\n".join(f"    | {line}" for line in cell.source.splitlines()[:5])
    return f"{job.title}: cell {number}:\n{first}\n{COLOURS.sub('', trouble).strip()}"


def _show(job: Job, node: NotebookNode, result: Result) -> Result:
    """Write what ran as a page, and say where it is."""
    from nbconvert import HTMLExporter  # it takes a while to import, and few notebooks fail

    page, _ = HTMLExporter().from_notebook_node(node)  # type: ignore[no-untyped-call]  # it types only half of itself
    job.shown.parent.mkdir(parents=True, exist_ok=True)
    job.shown.write_text(page, encoding="utf-8")
    return replace(result, error=f"{result.error}\nIn a browser: {job.shown.relative_to(job.out)}")


def _stamp(job: Job, node: NotebookNode, result: Result) -> None:
    """Write into the executed notebook when, where and how fast it ran, and no path of this machine."""
    for name in ("input_path", "output_path"):
        node.metadata.get("papermill", {}).pop(name, None)
    node.metadata["aula"] = {**vars(result)}
    notebook.write(node, job.executed)
