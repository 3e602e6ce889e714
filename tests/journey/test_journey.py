"""The journey: sign in, start on a node, work, hand in, be graded, read the feedback; and the book page."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.reader import NotJSONError
from playwright.sync_api import Browser, Locator, Page, expect

from aula import catalogue, notebook
from deploy import demo
from deploy.accounts import home
from deploy.classroom import exchange
from deploy.classroom import run as course_run
from deploy.command import run
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.journey.browser import PHONE, chromium, page_of, picture, sign_in
from tests.journey.formgrader import Formgrader
from tests.journey.lab import Assignments, Lab
from tests.journey.portal import Portal

ASSIGNMENT, SCRIPT = "first-job", "real-night"
LESSON = f"courses/{demo.RUN}/lessons/02-first-job.ipynb"
ANSWER = "We take B: 120 EUR a year, done by 22:30 on the worst night. If the queue grows, we start at 20:00."
ENDLESS = "while True:\n    pass"
# It agrees with everything, and shows whatever it finds.
HOSTILE = """
class Yes:
    def __eq__(self, other):
        return True
    def __call__(self, *given, **more):
        return self
seconds = read_jobs = bill = job_script = Yes()
from pathlib import Path
print("found:", [str(path) for path in Path("/").rglob("gradebook.db")])
"""
REFUSED = "may not decide it"
COMMENT = "Good reasons, and you name what would change your mind."


@pytest.fixture(scope="module")
def browser(classroom: Classroom) -> Iterator[Browser]:
    """Chromium, with a page and cookies of its own for each person."""
    with chromium(classroom.settings.site.certificate, classroom.resolver) as running:
        yield running


def notebook_of(assignment: str) -> str:
    """Return where a fetched assignment's notebook lies in a person's home folder."""
    return f"{demo.RUN}/{assignment}/{assignment}.ipynb"


def reference(assignment: str) -> list[str]:
    """Return the reference solutions in their order, without nbgrader's marker lines."""
    course = catalogue.load(CHECKOUT).course(demo.COURSE)
    task = next(task for task in course.assignments if task.name == assignment)
    return [
        "\n".join(line for line in cell.source.splitlines() if "### " not in line)
        for cell in notebook.read(course.assignment_file(task)).cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    ]


def start(browser: Browser, classroom: Classroom, person: str) -> Page:
    """Sign a trainee in, open the course's lesson from My courses, and wait for JupyterLab."""
    page = page_of(browser)
    sign_in(page, classroom.address, classroom.name(person), classroom.password(person))
    expect(page.get_by_role("heading", name="HPC and Slurm")).to_be_visible()
    picture(page, "my-courses")
    page.get_by_role("link", name="Open in JupyterLab").click()
    if classroom.settings.site.profiles:
        expect(page.get_by_role("radio", name="Standard")).to_be_checked()
        picture(page, "profiles")
        page.get_by_role("button", name="Start JupyterLab").click()
    page.wait_for_url(re.compile("spawn-pending|/lab"))
    page.wait_for_timeout(500)  # until the page tells of its progress
    picture(page, "spawn-pending")
    Lab(page).ready()
    return page


def instructor(classroom: Classroom, browser: Browser) -> Portal:
    """Sign the instructor in, and open the run that she looks after."""
    page = page_of(browser)
    sign_in(page, classroom.address, classroom.name("ines"), classroom.password("ines"))
    page.get_by_role("link", name="Look after this run").click()
    expect(page.get_by_text(classroom.name("ana"), exact=True)).to_be_visible()
    picture(page, "run")
    return Portal(page, classroom)


@pytest.mark.timeout(1200)  # four minutes on a quiet machine; beside it lessons compute
def test_journey(classroom: Classroom, browser: Browser, tmp_path: Path) -> None:
    """Three trainees and the instructor go through the whole round trip on a real Slurm.

    One works, and has longer than the others; one hands in what never ends, and then a notebook that is damaged beside
    a link to elsewhere; one attacks. Nobody waits for another, and each reads why.
    """
    ines = instructor(classroom, browser)
    ines.was_due_yesterday_but_for(ASSIGNMENT, "ana")
    ana = start(browser, classroom, "ana")
    picture(ana, "lab")
    carla = start(browser, classroom, "carla")
    jobs = classroom.slurm("squeue", "--noheader", "--format", "%u %a %T %N")
    for person, company in (("ana", "nortada"), ("carla", "meridyen")):
        name, account = classroom.name(person), classroom.settings.local(company)
        assert re.search(rf"^{name} {account} RUNNING \S*node\d", jobs, re.M), jobs
    use_the_terminal(classroom, ana)
    read_the_book(classroom, ana)
    work_and_hand_in(classroom, ana)
    hand_in(classroom, carla, "carla", ASSIGNMENT, [ENDLESS] * len(reference(ASSIGNMENT)))
    hand_in_damaged(classroom, carla, "carla", SCRIPT)
    bruno = start(browser, classroom, "bruno")
    Lab(bruno).idle()  # the lesson that opens comes to the front
    hand_in(classroom, bruno, "bruno", ASSIGNMENT, [HOSTILE] * len(reference(ASSIGNMENT)))
    grade(classroom, ines.page)
    ines.look_at_the_class(ASSIGNMENT)
    feedback = read_feedback(ana, "feedback")
    expect(feedback).to_contain_text("(Score: 20.0 / 20.0)")
    expect(feedback).to_contain_text(COMMENT)
    expect(feedback.locator("#toc")).to_contain_text("Task 1: Slurm's clock: test seconds-hidden")
    expect(feedback).not_to_contain_text("HIDDEN TESTS")
    for page, name, reason in ((carla, "endless", "did not run to its end"), (bruno, "hostile", REFUSED)):
        feedback = read_feedback(page, f"feedback-{name}")
        expect(feedback).to_contain_text("(Score: 0.0 / 20.0)")
        expect(feedback).to_contain_text(reason)
        expect(feedback).not_to_contain_text(str(classroom.run.folder(classroom.settings)))
    for page, lateness in ((ana, "in time"), (bruno, "late")):
        expect(Assignments(Lab(page)).card(ASSIGNMENT)).to_contain_text(lateness)
    ask_again(classroom, Portal(ana, classroom), ines, tmp_path)


def use_the_terminal(classroom: Classroom, page: Page) -> None:
    """Start two tasks on two nodes from a terminal in JupyterLab, and find them in the accounting."""
    Lab(page).menu("File", "terminal:create-new", within="New")
    terminal = page.locator(".jp-Terminal").filter(visible=True)
    terminal.click()
    expect(terminal.locator(".xterm-screen")).to_be_visible()
    page.keyboard.type("sinfo > seen.txt; srun -N2 hostname >> seen.txt; squeue >> seen.txt; echo done >> seen.txt\n")
    seen = home(classroom.settings, classroom.name("ana")) / "seen.txt"
    deadline = time.monotonic() + 60
    while not (seen.exists() and "done" in seen.read_text()):
        assert time.monotonic() < deadline, "srun -N2 from the terminal did not end within 60 s"
        time.sleep(0.5)
    lines = seen.read_text().splitlines()
    assert {classroom.name("node1"), classroom.name("node2")} <= set(lines), lines
    assert any("interactive" in line for line in lines), lines


def read_the_book(classroom: Classroom, page: Page) -> None:
    """Read the lesson in the book, open it on one's own server by its button, and run its first cells."""
    page.goto(f"{classroom.address}/services/book/")
    picture(page, "book")
    page.get_by_role("link", name=re.compile("First job: sbatch")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("First job")
    picture(page, "lesson")
    page.get_by_role("link", name=re.compile("Open in your JupyterLab")).first.click()
    lab = Lab(page)
    lab.ready()
    lab.idle()
    assert LESSON in page.url
    lab.run_all()
    saved = saved_when_run(lab, home(classroom.settings, classroom.name("ana")) / LESSON, within=200)
    outputs = [output for cell in saved.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert [output for output in outputs if "image/png" in output.get("data", {})], "the lesson drew no picture"
    figure = lab.notebook.locator(".jp-RenderedImage img").last
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("alt", re.compile(r"\w+ \w+ \w+"))
    picture(page, "lesson-on-a-node")


def saved_when_run(lab: Lab, path: Path, within: float) -> NotebookNode:
    """Save the notebook until every code cell has run, and return it as it lies in the home folder."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        lab.save()
        time.sleep(2)
        with suppress(NotJSONError):  # read in the very moment in which it is written
            saved = nbformat.read(path, as_version=4)
            if all(cell.execution_count for cell in saved.cells if cell.cell_type == "code"):
                return saved
    raise AssertionError(f"{path.name} did not run to its end within {within:.0f} s")


def work_and_hand_in(classroom: Classroom, page: Page) -> None:
    """Fetch the assignment, solve it as a person does, validate it, hand it in."""
    lab = Lab(page)
    Assignments(lab).fetch(ASSIGNMENT)
    picture(page, "assignments")
    lab.open(classroom.server("ana"), notebook_of(ASSIGNMENT))
    for solution in reference(ASSIGNMENT):
        lab.replace("YOUR CODE HERE", by=solution)
    lab.replace("YOUR ANSWER HERE", by=ANSWER)
    lab.save()
    lab.saved()
    picture(page, "assignment")
    assignments = Assignments(lab)
    assert "Success" in assignments.validate(ASSIGNMENT)
    assignments.submit(ASSIGNMENT)
    read_result(page)


def read_result(page: Page) -> None:
    """Read what the visible tests say, right after handing in."""
    result = Assignments(Lab(page)).feedback(ASSIGNMENT)
    expect(result).to_contain_text("What the visible tests say")
    expect(result).to_contain_text(re.compile(r"(\d+) of \1 visible tests passed"))
    expect(result).to_contain_text("not your mark")
    picture(page, "result-at-once")
    Lab(page).menu("File", "filemenu:close-and-cleanup")


def hand_in(classroom: Classroom, page: Page, person: str, assignment: str, answers: list[str]) -> None:
    """Put texts into the answers in code, and hand it in."""
    lab = Lab(page)
    Assignments(lab).fetch(assignment)
    lab.open(classroom.server(person), notebook_of(assignment))
    for answer in answers:
        lab.replace("YOUR CODE HERE", by=answer)
    lab.save()
    lab.saved()
    Assignments(lab).submit(assignment)


def hand_in_damaged(classroom: Classroom, page: Page, person: str, assignment: str) -> None:
    """Hand in right answers in a notebook whose tests have lost their names, beside a link that leads elsewhere."""
    lab = Lab(page)
    Assignments(lab).fetch(assignment)
    path = home(classroom.settings, classroom.name(person)) / notebook_of(assignment)
    damaged = nbformat.read(path, as_version=4)
    answers = iter(reference(assignment))
    for cell in damaged.cells:
        said = cell.metadata.get("nbgrader", {})
        if said.get("solution") and cell.cell_type == "code":
            cell.source = next(answers)
        elif said.get("grade"):
            del cell.metadata["nbgrader"]
    nbformat.write(damaged, path)
    (path.parent / "secrets.txt").symlink_to("/etc/hostname")
    Assignments(lab).submit(assignment)
    expect(Assignments(lab).card(assignment)).to_contain_text("secrets.txt")
    picture(page, "left-out")


def ask_again(classroom: Classroom, trainee: Portal, ines: Portal, folder: Path) -> None:
    """Have a mark looked at again, be answered, and verify a receipt on the command line."""
    trainee.ask(ASSIGNMENT, COMMENT)
    ines.answer()
    receipt = trainee.read_the_answer(ASSIGNMENT, folder)
    aula = classroom.settings.prefix / "bin" / "aula"
    said = run([aula, "receipt", "verify", f"--key={exchange.public_key(classroom.settings)}", receipt])
    assert classroom.name("ana") in said


def grade(classroom: Classroom, page: Page) -> None:
    """Collect, grade automatically and by hand, and give feedback, as the instructor."""
    page.goto(f"{classroom.address}/services/portal/runs/{demo.RUN}")
    page.get_by_role("link", name=re.compile("formgrader", re.I)).click()
    page.wait_for_url("**/formgrader**")
    formgrader = Formgrader(page, classroom.address, demo.RUN)
    assert "Success" in formgrader.collect(ASSIGNMENT)
    assert "Success" in formgrader.autograde(ASSIGNMENT, classroom.name("ana"))
    assert formgrader.grade_all(ASSIGNMENT) == "2 graded."
    picture(page, "graded")
    sandboxed = classroom.run.folder(classroom.settings) / "grading" / ASSIGNMENT
    assert len([*sandboxed.glob("*.json")]) == 3
    formgrader.grade_by_hand(ASSIGNMENT, ANSWER, 3, COMMENT)
    picture(page, "grade-by-hand")
    formgrader.open_submissions(ASSIGNMENT)
    picture(page, "formgrader")
    for said in formgrader.give_feedback(ASSIGNMENT):
        assert "Success" in said
    if classroom.settings.site.job_accounts:
        grade_scripts(classroom, formgrader)
    audited(classroom)


def audited(classroom: Classroom) -> None:
    """The log of marks is whole, and names the instructor for what programs and she herself gave."""
    folder = str(classroom.run.folder(classroom.settings))
    course_run.as_run(classroom.settings, classroom.run, ["aula", "audit", "verify", folder])
    words = ["aula", "audit", "show", "--json", "--student", classroom.name("ana"), folder]
    changes = json.loads(course_run.as_run(classroom.settings, classroom.run, words))["changes"]
    given = {(one["field"], one["who"], one["through"]) for one in changes if one["assignment"] == ASSIGNMENT}
    ines = classroom.name("ines")
    assert {("auto_score", ines, "aula grade"), ("manual_score", ines, "formgrader")} <= given
    assert ("manual_comment", ines, "formgrader") in given


def grade_scripts(classroom: Classroom, formgrader: Formgrader) -> None:
    """Have the job script that was handed in run on the cluster, and see its points."""
    assert "Success" in formgrader.collect(SCRIPT)
    assert re.fullmatch(r"\d graded\.", formgrader.grade_all(SCRIPT))
    expect(formgrader.page.locator("tr", has_text=classroom.name("carla"))).to_contain_text("10 / 10")
    picture(formgrader.page, "job-script")


def read_feedback(page: Page, name: str) -> Locator:
    """Fetch the feedback, open it, and take a picture of it."""
    assignments = Assignments(Lab(page))
    assignments.fetch_feedback(ASSIGNMENT)
    feedback = assignments.feedback(ASSIGNMENT)
    expect(feedback).to_contain_text("Score")
    picture(page, name)
    return feedback


def test_pages_on_a_phone(classroom: Classroom, browser: Browser) -> None:
    """Sign-in page and book fit a phone's width: nothing sticks out to the side."""
    page = page_of(browser, PHONE)
    for path, name in (("/hub/login", "phone-sign-in"), ("/services/book/", "phone-book")):
        page.goto(classroom.address + path)
        picture(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
