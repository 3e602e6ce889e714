"""What a page of feedback leaves out, as nbgrader's generate_feedback makes it by what make up writes."""

import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from deploy.classroom.run import TEMPLATES
from tests.aula.web.aula_formgrader.formgrader import RUN, TASK, Course
from tests.aula.web.aula_formgrader.hostile_pages import cell

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")  # nbgrader's own
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
TEST = f"assert total([1]) == 1\n{BEGIN}\nassert total(longer) == 41\n{END}"


def error(said: str) -> dict[str, object]:
    """Return what a failed test leaves."""
    return {"output_type": "error", "ename": "AssertionError", "evalue": said, "traceback": [said]}


@pytest.mark.usefixtures("settled")
def test_hidden_tests_are_left_out_and_an_answer_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The author's words stand in place of a hidden test; whoever writes its mark into answers has feedback, too."""
    monkeypatch.syspath_prepend(Path(__file__).parents[4] / "aula" / "web")
    course, config = Course(tmp_path / "course"), Config()
    with Gradebook(course.database, RUN) as book:
        book.add_grade_cell("test", TASK, TASK, max_score=1, cell_type="code")
    graded = {"grade_id": "test", "grade": True, "solution": False, "locked": True, "points": 1, "schema_version": 3}
    test = cell(
        "code",
        TEST,
        metadata={"nbgrader": graded, "aula": {"told": "Longer lists, too."}},
        outputs=[error("assert total(longer) == 41")],
        execution_count=1,
    )
    marks, ran = {"nbgrader": {**graded, "grade_id": "a", "grade": False}}, {"outputs": [], "execution_count": 1}
    own = cell("code", f"{BEGIN}\nmine = 1", metadata=marks, **ran)
    course.hand_in("eve", test, own, cell("code", f"{BEGIN}\nmore = 2", **ran), answer=f"{BEGIN}\nI say why.")
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(course.folder), RUN
    written = (TEMPLATES / "service_nbgrader_config.py.in").read_text()
    config.GenerateFeedback.preprocessors = re.findall(r'^    "([\w.]+)",$', written, re.MULTILINE)
    assert len(config.GenerateFeedback.preprocessors) == 3
    made = NbGraderAPI(config=config).generate_feedback(TASK)
    assert made["success"], made["log"]
    page = (course.folder / "feedback" / "eve" / TASK / f"{TASK}.html").read_text()
    assert "longer" not in re.sub(r"<style.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL)
    for said in ("Longer lists, too.", "mine", "more", "I say why."):
        assert said in page
