"""An assignment as it was released: what a submission is restored by, and what its cells are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from aula import job_script, marks
from aula.course import JobScript
from aula.grading.errors import GradingError
from aula.recording import recording

Kind = Literal["test", "answer", "written", "task", "other"]
"""A test gives points by a program, a person gives them for a written answer and a task; an answer is tested."""


@dataclass(frozen=True)
class Cell:
    """One cell of the author's that nbgrader knows."""

    name: str
    kind: Kind
    node: NotebookNode
    points: float
    checksum: str
    """nbgrader's checksum of the cell as it was released, by which an answer is known that nobody gave."""

    @property
    def is_locked(self) -> bool:
        """Whether trainees may not change it: what they hand in in its place is replaced."""
        return bool(marks.of(self.node).get("locked"))


@dataclass(frozen=True)
class Template:
    """The author's notebook of one assignment, with its hidden tests and its solutions."""

    name: str
    node: NotebookNode
    cells: Mapping[str, Cell]
    digest: str
    released: NotebookNode
    """The notebook that trainees got."""
    job: JobScript | None = None
    """The job script that is graded with it, where there is one."""
    recording: str | None = None
    """What Slurm's commands answer in the sandbox, where it was recorded."""

    @property
    def tests(self) -> dict[str, float]:
        """The points of each test, by name."""
        return {cell.name: cell.points for cell in self.cells.values() if cell.kind == "test"}


def read(run_dir: Path, name: str) -> Template:
    """Return the template of an assignment that `aula release` has put into a course run.

    Raises GradingError where it has not.
    """
    source, released = (run_dir / kind / name / f"{name}.ipynb" for kind in ("source", "release"))
    try:
        texts = [path.read_text(encoding="utf-8") for path in (source, released)]
    except FileNotFoundError as error:
        raise GradingError(
            f"{error.filename}: is missing: release the assignment into this course run first"
        ) from error
    job = job_script.read(run_dir, name)
    node, copy = (nbformat.reads(text, as_version=4) for text in texts)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    checksums = {said["grade_id"]: str(said.get("checksum", "")) for cell in copy.cells if (said := marks.of(cell))}
    cells = {cell.name: cell for one in node.cells if (cell := _cell(one, checksums))}
    answers = recording.kept(run_dir, name)
    texts += [job.model_dump_json()] if job else []
    texts += [answers] if answers else []
    return Template(name, node, cells, sha256("".join(texts).encode()).hexdigest(), copy, job, answers)


def _cell(node: NotebookNode, checksums: Mapping[object, str]) -> Cell | None:
    said = marks.of(node)
    if not said:
        return None
    checksum = compute_checksum(node) if said.get("locked") else checksums.get(said["grade_id"], "")
    return Cell(str(said["grade_id"]), _kind(said, node), node, float(str(said.get("points") or 0)), checksum)


def _kind(said: Mapping[str, Any], node: NotebookNode) -> Kind:
    if said.get("task"):
        return "task"
    if said.get("grade"):
        return "test" if node.cell_type == "code" and not said.get("solution") else "written"
    return "answer" if said.get("solution") else "other"
