"""What a page of feedback leaves out: hidden tests, and points below 0."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from nbgrader.utils import is_grade, is_solution

Processed = tuple[NotebookNode, dict[str, Any]]


class HideTests(ClearHiddenTests):  # type: ignore[misc]  # nbgrader has no types
    """Takes hidden tests out: trainees read what the author says in words, which the grading noted.

    They stand in the author's own cells alone. Whoever writes the mark of hidden tests into an answer shall read it.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict[str, Any], cell_index: int) -> Processed:
        """Return the cell as it is shown."""
        if not is_grade(cell) or is_solution(cell):
            return cell, resources
        before = cell.source
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        failed = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        for output in failed if "told" in cell.metadata.get("aula", {}) else []:
            told = cell.metadata.aula.told
            output.ename, output.evalue, output.traceback = "Failed", told, told.splitlines()
        if cell.source != before:
            cell.outputs = failed
        return cell, resources


class Points(GetGrades):  # type: ignore[misc]  # likewise
    """Shows no points below 0, however late something was: so they count."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Processed:
        """Take points and comments from the gradebook."""
        nb, resources = super().preprocess(nb, resources)
        resources["nbgrader"]["score"] = max(0.0, resources["nbgrader"]["score"])
        return nb, resources
