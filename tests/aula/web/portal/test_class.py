"""The class at a glance: what those who grade see of it, what they have done, and what nobody else may."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aula.glance.alike import Alike, Cell, Line, Pair
from aula.glance.model import Assignment, Class, Test, Work
from aula.people import companies, enrolments, persons, runs
from aula.web.portal.formgraders import key
from tests.aula.web.portal.class_of_many import ROLES
from tests.aula.web.portal.conftest import Class as School
from tests.aula.web.portal.running import FORMGRADERS_SECRET

PAGE = "/runs/hpc-lisbon/class"
AT = datetime(2026, 11, 9, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRADES = ("tiago", "ines")
NONE = "\N{EN DASH}"
TESTS = (Test(name="t1", text="The <first> test", points=2), Test(name="t2", text="The other test", points=2))


def work(**more: Any) -> Work:
    """Return the work of somebody who began at nine."""
    return Work(began=AT, **more)


def told(**sums: Work) -> str:
    """Return what the formgrader tells of a class, as JSON."""
    one = Assignment(name="scaling", title="scaling", points=4, due=None, tests=TESTS, work=sums)
    other = Assignment(name="slurm-basics", title="slurm-basics", points=20, due=None, tests=(), work={})
    students = tuple(sorted(sums))
    return Class(run="hpc-lisbon", at=AT + 9 * HOUR, students=students, assignments=(other, one)).model_dump_json()


def text(page: str) -> str:
    """Return a page as people read it."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


@pytest.fixture
def lisbon(school: School) -> School:
    """Lisbon with three trainees, of two companies."""
    with school.database.session() as session:
        run, ege = runs.get(session, "hpc-lisbon"), companies.get(session, "ege-veri")
        enrolments.enrol(session, run, persons.get(session, "sam"), role="trainee", company=ege)
        enrolments.enrol(session, run, persons.get(session, "bora"), role="trainee", company=ege)
    graded = {"number": 1, "first": AT + HOUR, "at": AT + HOUR, "graded": AT + HOUR}
    school.portal.hub.settings["formgraders"]["hpc-lisbon", "class"] = told(
        ana=work(**graded, points=2, failed=(0,), late_s=60.0),
        bora=work(number=3, first=AT + HOUR, at=AT + 3 * HOUR, graded=AT + HOUR, points=1, failed=(1,), partial=(0,)),
        gone=work(**graded, points=4),
    )
    return school


def test_the_questions_are_answered(lisbon: School) -> None:
    """Of those who are in the run: how far, which test, points, who is stuck; and each with their own state."""
    page = lisbon.portal.ask("GET", PAGE, "tiago").text
    said = text(page)
    assert "How far 3 people are" in said
    assert "Does it scale? 2 2 1 2 0 1.5 of 4" in said
    assert "The &lt;first&gt; test 0 1 1" in said
    assert "2 people are graded. Half of them have 1.5 of 4 points or more" in said
    assert "Bora Çelik has handed in 3 times, and fails: The &lt;first&gt; test , The other test" in said
    assert "Ana Sousa ana graded 2 of 4 late · 1 test fails" in said
    assert "Sam Popescu sam Aula, a classroom" in said
    assert "gone" not in said
    assert 'style="' not in page


def test_one_company_at_a_time(lisbon: School) -> None:
    """Counts, points and names are of those whom the company sent; one that sent nobody is passed over."""
    said = text(lisbon.portal.ask("GET", f"{PAGE}?company=nortada", "ines").text)
    assert "How far 1 person is" in said
    assert "Bora" not in said
    assert "1 person is graded: 2 of 4 points." in said
    assert "How far 3 people are" in text(lisbon.portal.ask("GET", f"{PAGE}?company=nobody", "ines").text)
    assert lisbon.portal.ask("GET", f"{PAGE}?company=a;b", "ines").status_code == 400


def test_one_press_has_it_done(lisbon: School) -> None:
    """The formgrader is asked, by the run's own key, and told who pressed; the portal's token goes to nobody."""
    for what in ("grade", "feedback"):
        answer = lisbon.portal.browser("ines").submit(f"{PAGE}/scaling/{what}")
        assert answer.url == lisbon.portal.url(f"{PAGE}?assignment=scaling#one")
    mine = key(FORMGRADERS_SECRET, "hpc-lisbon")
    assert lisbon.portal.hub.settings["wishes"] == [
        ("assignment/scaling/grade", "hpc-lisbon", "ines", mine),
        ("assignment/scaling/feedback", "hpc-lisbon", "ines", mine),
    ]
    assert key(FORMGRADERS_SECRET, "hpc-izmir") != mine


def test_a_batch_is_followed(lisbon: School) -> None:
    """While it runs the page comes again by itself and has no buttons; then it says how it ended, and what was said."""
    batches = lisbon.portal.hub.settings["formgraders"]

    def page(**more: Any) -> str:
        batches["hpc-lisbon", "assignment/scaling/batch"] = {"kind": "grade", **more}
        return lisbon.portal.ask("GET", f"{PAGE}?assignment=scaling", "ines").text

    running = page(running=True, done=3, of=7, lines=["[3/7] <b>ana"])
    assert 'http-equiv="refresh"' in running
    assert "3 of 7 are graded" in text(running)
    assert "[3/7] &lt;b&gt;ana" in running
    assert f"{PAGE}/scaling/grade" not in running
    assert "Feedback is being made" in page(kind="feedback", running=True)
    assert "Grading begins" in page(running=True)
    ended = page(success=True, done=7, of=7)
    assert "refresh" not in ended
    assert "Grading has ended" in ended
    assert f"{PAGE}/scaling/grade" in ended
    assert "Not all could be graded" in page(lines=["aula: no"])


def test_similar_answers_are_side_by_side(lisbon: School) -> None:
    """With the lines that both have marked, whatever stands in them; in words that accuse nobody."""
    a, b = Line(text="x = '<script>'", alike=True), Line(text="# mine", alike=False)
    pair = Pair(a="ana", b="gone", share=0.85, cells=(Cell(name="answer", a=(a, b), b=(a,)),))
    alike = Alike(assignment="scaling", compared=30, pairs=(pair,)).model_dump_json()
    lisbon.portal.hub.settings["formgraders"]["hpc-lisbon", "assignment/scaling/alike"] = alike
    page = lisbon.portal.ask("GET", f"{PAGE}/scaling/alike", "tiago").text
    assert "Ana Sousa · gone" in text(page)
    assert "85 % of what is the shorter one" in text(page)
    assert page.count("line alike") == 2
    assert "x = &#39;&lt;script&gt;&#39;" in page
    assert not re.search("copied|cheat|plagiar|fraud", page, re.IGNORECASE)


@pytest.mark.parametrize(("verb", "what"), [("POST", "grade"), ("POST", "feedback"), ("GET", "alike")])
def test_only_who_grades_may(lisbon: School, verb: str, what: str) -> None:
    """Nobody else, operators included, and nobody in a run that is archived."""
    alike = Alike(assignment="scaling", compared=0, pairs=()).model_dump_json()
    lisbon.portal.hub.settings["formgraders"]["hpc-lisbon", "assignment/scaling/alike"] = alike
    for name in (*ROLES.values(), "nemo", "carlo", None):
        status = lisbon.portal.ask(verb, f"{PAGE}/scaling/{what}", name).status_code
        assert (status in (200, 303)) == (name in GRADES), name
    with lisbon.database.session() as session:
        runs.archive(session, "hpc-lisbon")
    assert lisbon.portal.ask(verb, f"{PAGE}/scaling/{what}", "ines").status_code == 404
    assert lisbon.portal.ask("GET", PAGE, "ines").status_code == 404


def test_a_formgrader_that_does_not_answer_is_told_in_words(lisbon: School) -> None:
    """Not started, no answer to make sense of, or one of another kind: try again."""
    hub = lisbon.portal.hub.settings
    hub["formgraders"]["hpc-lisbon", "class"] = '{"run": 5}'
    assert lisbon.portal.ask("GET", PAGE, "ines").status_code == 503
    hub["away"].add("hpc-lisbon")
    answer = lisbon.portal.ask("GET", PAGE, "ines")
    assert answer.status_code == 503
    assert "formgrader does not answer" in answer.text


def test_the_run_leads_there(lisbon: School) -> None:
    """The run's page has a link, for those who grade."""
    assert f'{PAGE}"' in lisbon.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text
    assert f'{PAGE}"' not in lisbon.portal.ask("GET", "/runs/hpc-lisbon", "olga").text
