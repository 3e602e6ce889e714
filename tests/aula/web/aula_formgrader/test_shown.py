"""What a submission shows in formgrader and in feedback, in Chromium: nothing of it runs, and nbgrader's page works."""

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from playwright.sync_api import expect
from traitlets.config import Config

from deploy.classroom.run import TEMPLATES
from tests.aula.web.aula_formgrader import hostile_pages
from tests.aula.web.aula_formgrader.formgrader import POINTS, RUN, TASK, Course, Formgrader
from tests.aula.web.aula_formgrader.hostile_pages import PAGES, cell, html, output
from tests.aula.web.aula_formgrader.reading import MATHJAX, Reading, reading

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")  # nbgrader's own
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TABLE = '<div><style scoped>.dataframe tbody { vertical-align: top; }</style><table border="1" class="dataframe">'
HONEST = (
    html(f'{TABLE}<thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead></table></div>'),
    output({"image/png": {"width": 40}}, image_png=PIXEL),
    output(**{"image_svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}),
    cell("markdown", "# Why\n\nIf $a<b$ then *so*.\n\n![beside](plot.png)\n\n> [more](https://example.org)"),
)
EVERYTHING = hostile_pages.Page(
    "all of it",
    tuple(shown for one in PAGES for shown in one.cells),
    "\n\n".join(one.answer for one in PAGES),
    {name: content for one in PAGES for name, content in one.files.items()},
)


@pytest.fixture(scope="module")
def reader(formgrader: Formgrader) -> Iterator[Reading]:
    """An instructor's browser."""
    with reading(formgrader) as one:
        yield one


def test_nothing_of_a_submission_runs_in_formgrader(formgrader: Formgrader, reader: Reading) -> None:
    """All of it in one page; `make hostile` tries each by itself."""
    reader.grade(formgrader, "everything", EVERYTHING)


@pytest.mark.usefixtures("settled")
def test_nothing_runs_in_feedback(tmp_path: Path, reader: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in one page, as nbgrader's generate_feedback makes it by what make up writes; points are seen."""
    monkeypatch.syspath_prepend(Path(__file__).parents[4] / "aula" / "web")
    course, config = Course(tmp_path / "course"), Config()
    course.hand_in("eve", *EVERYTHING.cells, answer=EVERYTHING.answer)
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(course.folder), RUN
    written = (TEMPLATES / "service_nbgrader_config.py.in").read_text()
    (config.GenerateFeedback.exporter_class,) = re.findall(r'exporter_class = "(.+)"', written)
    made = NbGraderAPI(config=config).generate_feedback(TASK)
    assert made["success"], made["log"]
    address = (course.folder / "feedback" / "eve" / TASK / f"{TASK}.html").as_uri()
    reader.open(address)
    expect(reader.page.get_by_role("heading", name=f"{TASK} (Score: 0.0 / {POINTS})")).to_be_visible()
    expect(reader.page.locator("#toc")).to_contain_text("written answer answer")
    reader.nothing_ran(address)


def test_honest_work_looks_as_before(formgrader: Formgrader, reader: Reading) -> None:
    """Plots, drawings, tables, formulas and links are there; what a style says is not read as text."""
    course = formgrader.course
    submission = course.hand_in("ana", *HONEST, **{"plot.png": b64decode(PIXEL)})
    reader.open(formgrader.page(submission))
    shown = reader.page.locator("main")
    pictures = shown.locator("img")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        assert picture.evaluate("one => one.naturalWidth") > 0
    expect(shown.locator("table.dataframe tr")).to_have_css("text-align", "right")
    for left in ("vertical-align", "¶"):
        expect(shown).not_to_contain_text(left)
    expect(shown).to_contain_text("If $a<b$ then so.")
    expect(shown.get_by_role("link", name="more")).to_have_attribute("rel", "noopener noreferrer")
    assert any(one.url.startswith(MATHJAX) for one in reader.asked)


def test_nbgraders_buttons_work(formgrader: Formgrader, reader: Reading) -> None:
    """Points, full credit, extra credit, a comment, the name that is hidden, and the shortcuts."""
    submission = formgrader.course.hand_in("bora")
    page = reader.page
    page.goto(formgrader.page(submission))
    page.wait_for_load_state("networkidle")
    score = page.locator("input.score")
    with page.expect_response("**/api/grade/*"):
        score.fill("2")
        score.press("Tab")
    assert formgrader.course.mark("bora")[0] == 2.0
    with page.expect_response("**/api/grade/*"):
        page.get_by_role("button", name="Full credit").click()
    expect(score).to_have_value(str(int(POINTS)))
    with page.expect_response("**/api/grade/*"):
        page.locator("input.extra-credit").fill("1")
        page.locator("input.extra-credit").press("Tab")
    with page.expect_response("**/api/comment/*"):
        page.locator("textarea.comment").fill("Well done")
        page.locator("textarea.comment").press("Tab")
    assert formgrader.course.mark("bora") == (POINTS, 1.0, "Well done")
    expect(page.locator("a.name-shown")).to_be_hidden()
    page.locator("span.name-hidden").click()
    expect(page.locator("a.name-shown")).to_have_text("<script>, <b>bora")
    page.locator(".help").click()
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
