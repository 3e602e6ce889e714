"""What was handed in is restored by what was released."""

from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from aula import marks
from aula.grading import restoring, template
from aula.grading.errors import GradingError
from aula.grading.template import Template
from tests.aula.grading.repair.received import received


def cell(node: NotebookNode, name: str) -> NotebookNode:
    """Return the cell of that grade id."""
    return next(one for one in node.cells if marks.of(one).get("grade_id") == name)


def test_a_template_knows_what_gives_points(author: Template) -> None:
    """Tests, answers and written answers are told apart, with their points."""
    assert {name: one.kind for name, one in author.cells.items()} == {
        "total": "answer",
        "total-test": "test",
        "why": "written",
    }
    assert author.tests == {"total-test": 2.0}


def test_what_was_not_released_has_no_template(run_dir: Path) -> None:
    """The error says what to do."""
    with pytest.raises(GradingError, match="release the assignment into this course run first"):
        template.read(run_dir, "other")


def test_answers_stay_and_hidden_tests_come_back(author: Template, handed_out: NotebookNode) -> None:
    """A trainee's answer is what it was, the author's test what it was before its release, with nothing to report."""
    cell(handed_out, "total").source = "total = sum"
    restored = restoring.restore(received(handed_out), author)
    node, said = restored.node, restored.said
    assert said == []
    assert cell(node, "total").source == "total = sum"
    assert "HIDDEN TESTS" in cell(node, "total-test").source
    assert "HIDDEN TESTS" not in cell(handed_out, "total-test").source


def test_a_changed_test_is_the_authors_again(author: Template, handed_out: NotebookNode) -> None:
    """Neither a test's text nor what any cell is worth is the trainee's to say."""
    cell(handed_out, "total-test").source = "pass"
    cell(handed_out, "total-test").metadata.nbgrader.points = 100
    cell(handed_out, "total").metadata.nbgrader.update({"grade": True, "points": 100, "solution": False})
    node = restoring.restore(received(handed_out), author).node
    assert "assert" in cell(node, "total-test").source
    assert marks.of(cell(node, "total-test"))["points"] == 2
    assert marks.of(cell(node, "total"))["grade"] is False


def test_cells_of_the_trainees_own_count_for_nothing(author: Template, handed_out: NotebookNode) -> None:
    """A cell that calls itself graded, and that the author never wrote, is a cell like any other."""
    forged = new_code_cell("1000", metadata={"nbgrader": {"grade_id": "more", "grade": True, "points": 1000}})  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    handed_out.cells.append(forged)
    node = restoring.restore(received(handed_out), author).node
    assert node.cells[-1].source == "1000"
    assert not marks.of(node.cells[-1])


def test_of_two_cells_with_one_name_the_last_counts(author: Template, handed_out: NotebookNode) -> None:
    """As nbgrader has it; the trainee is told."""
    cell(handed_out, "total").source = "total = sum"
    again = deepcopy(cell(handed_out, "total"))
    again.source = "total = len"
    handed_out.cells.append(again)
    restored = restoring.restore(received(handed_out), author)
    node, said = restored.node, restored.said
    assert cell(node, "total").source == "total = len"
    assert said == ["cell total is there twice: the last one counts"]


def test_missing_cells_come_back_in_their_place(author: Template, handed_out: NotebookNode) -> None:
    """A test that was deleted is tried all the same; an answer that was deleted is an empty one."""
    handed_out.cells = [one for one in handed_out.cells if marks.of(one).get("grade_id") not in ("total", "total-test")]
    restored = restoring.restore(received(handed_out), author)
    node, said = restored.node, restored.said
    names = [name for one in node.cells if (name := marks.of(one).get("grade_id"))]
    assert names == ["total", "total-test", "why"]
    assert cell(node, "total").source == ""
    assert said == ["cell total was missing", "cell total-test was missing"]


def test_a_cell_of_another_type_is_the_authors_type(author: Template, handed_out: NotebookNode) -> None:
    """An answer that was turned into text is code again."""
    cell(handed_out, "total").cell_type = "markdown"
    restored = restoring.restore(received(handed_out), author)
    node, said = restored.node, restored.said
    assert cell(node, "total").cell_type == "code"
    assert said == ["cell total was of another type"]
    nbformat.validate(node)


def test_an_answer_that_nobody_gave_is_known(author: Template, handed_out: NotebookNode) -> None:
    """By nbgrader's checksum of the cell as it was released."""
    node = restoring.restore(received(handed_out), author).node
    assert restoring.is_unanswered(cell(node, "why"), author.cells["why"])
    cell(node, "why").source = "Because."
    assert not restoring.is_unanswered(cell(node, "why"), author.cells["why"])
