"""nbgrader's student version, made in a draft: what the gradebook is to know of it is held back until all is well."""

import json
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from aula import gradebook_file, marks
from aula.errors import ReleaseError

KEPT = ("grade", "solution", "locked", "task")


@dataclass(frozen=True)
class Draft:
    """A student version in a folder, and the notebook as the gradebook is to keep it: with its hidden tests."""

    task: str
    folder: Path
    notebook: NotebookNode


class SaveChanges(SaveCells):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's step that tells the gradebook of an assignment's cells, where it does not have the same already.

    Without submissions nbgrader makes all of them anew, and the audit log would have each as a change.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        if not self._is_known(nb):
            super()._create_notebook(nb)

    def _is_known(self, nb: NotebookNode) -> bool:
        try:
            known = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            return False
        if known.kernelspec != json.dumps(nb.metadata.get("kernelspec", {})):
            return False
        return all(
            {cell.name: _values(cell) for cell in getattr(known, f"{kind}_cells")} == getattr(self, f"new_{kind}_cells")
            for kind in ("grade", "solution", "task", "source")
        )


def api(run_dir: Path, run: str) -> NbGraderAPI:
    """Return nbgrader on this course directory, whatever configuration the account has."""
    return NbGraderAPI(config=_configuration(run_dir, run))


def make(task: str, root: Path) -> Draft:
    """Let nbgrader make root/release/<task> from root/source/<task>, and touch no gradebook."""
    held: list[NotebookNode] = []

    class Hold(SaveCells):  # type: ignore[misc]  # nbgrader has no types
        """Stands where nbgrader writes into the gradebook, and keeps what it would write."""

        def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
            held.append(deepcopy(nb))
            return nb, resources

    steps = [
        Hold if step is SaveCells else step for step in GenerateAssignment.class_traits()["preprocessors"].default()
    ]
    config = _configuration(root, root.name)
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.preprocessors = steps
    outcome = NbGraderAPI(config=config).generate_assignment(task, force=True, create=False)
    if not outcome["success"]:
        detail = outcome.get("log") or outcome.get("error") or ""
        raise ReleaseError(f"assignment '{task}': nbgrader made no student version:\n{detail}")
    return Draft(task, root / "release" / task, held[0])


def check(gradebook: Gradebook, drafts: Sequence[Draft]) -> None:
    """Raise ReleaseError where the gradebook could not follow: cells cannot come or go once somebody handed in."""
    for draft in drafts:
        new = _ids(draft.notebook)
        for known in _notebooks(gradebook, draft.task):
            changed = new ^ {cell.name for cell in known.source_cells}
            if changed and known.submissions:
                raise ReleaseError(
                    f"assignment '{draft.task}': somebody has handed it in, and nbgrader cannot add or take away "
                    f"cells then: {', '.join(sorted(changed))}: "
                    "take this back, or give the new assignment a name of its own"
                )


def record(gradebook: Gradebook, draft: Draft) -> None:
    """Let the gradebook know the assignment's cells. Raise ReleaseError where it cannot."""
    gradebook.update_or_create_assignment(draft.task)
    place = {"notebook": draft.task, "assignment": draft.task, "db_url": str(gradebook.engine.url)}
    try:
        SaveChanges().preprocess(draft.notebook, {"nbgrader": place})
    except RuntimeError as error:
        raise ReleaseError(f"assignment '{draft.task}': the gradebook cannot follow: {error}") from error


def _values(cell: Any) -> dict[str, Any]:
    """Return what the gradebook has of a cell, in the form in which nbgrader's step holds it."""
    return {key: value for key, value in cell.to_dict().items() if key not in ("name", "notebook", "assignment")}


def _notebooks(gradebook: Gradebook, task: str) -> list[Any]:
    """Return what the gradebook knows of an assignment's notebook; nothing before its first release."""
    with suppress(MissingEntry):
        return list(gradebook.find_assignment(task).notebooks)
    return []


def _ids(node: NotebookNode) -> set[str]:
    """Return the grade ids of the cells whose text the gradebook keeps."""
    said = [marks.of(cell) for cell in node.cells]
    return {str(one["grade_id"]) for one in said if any(one.get(key) for key in KEPT)}


def _configuration(run_dir: Path, run: str) -> Config:
    config = Config()
    config.CourseDirectory.root = str(run_dir)
    config.CourseDirectory.course_id = run
    config.CourseDirectory.db_url = gradebook_file.address(run_dir)
    # The exchange is not needed here; without a place of its own nbgrader would look for the system's.
    config.Exchange.root = str(run_dir / "source")
    return config
