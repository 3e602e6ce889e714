"""Asking about feedback, and answering: the trainee's form, the staff's list, what each of them sees of the other."""

import re

from aula.people import requests, runs
from aula.people.database import Database
from aula.people.tables import Request
from tests.aula.web.portal.answering_hand_in import handed_in
from tests.aula.web.portal.conftest import Class

PAGE = "/runs/hpc-lisbon/assignments/slurm-basics/1"
LIST = "/runs/hpc-lisbon/requests"
MARKUP = "<b>bold</b>\nand <script>alert(1)</script>"


def newest(database: Database) -> Request:
    """Return what was asked last in Lisbon."""
    with database.session() as session:
        return max(requests.of_run(session, runs.get(session, "hpc-lisbon")), key=lambda one: one.id)


def text(page: str) -> str:
    """Return a page as people read it."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def test_a_trainee_asks_and_is_answered(school: Class) -> None:
    """What is asked stands below the feedback, with its answer and the points before and now; staff sees who asks."""
    ana, ines = school.portal.browser("ana"), school.portal.browser("ines")
    page = ana.submit(PAGE, kind="regrade", notebook="slurm-basics", cell="task 2", text=MARKUP)
    assert page.url == school.portal.url(PAGE)
    assert "Regrade request · slurm-basics · task 2" in text(page.text)
    one = newest(school.database)
    assert (one.text, one.points, one.kind) == (MARKUP, 17.0, "regrade")
    school.portal.hand_in.settings["people"]["ana"]["slurm-basics"]["submissions"] = [handed_in(points=19.0)]
    school.portal.portal.settings["hand_ins"]._known.clear()
    seen = text(ines.open(LIST).text)
    assert "2 wait for an answer." in seen
    assert "Ana Sousa waits for an answer Regrade request slurm-basics No. 1 · slurm-basics · task 2" in seen
    assert "17 points before, 19 now" in seen
    done = ines.submit(f"{LIST}/{one.id}/answer", answer="You are right:\nit was <i>my</i> mistake.", outcome="changed")
    assert done.url == school.portal.url(LIST)
    assert "1 waits for an answer." in text(done.text)
    assert f'{LIST}"' in school.portal.ask("GET", "/runs/hpc-lisbon", "ines").text
    back = ana.open(PAGE).text
    assert "Inês Prado answered" in text(back)
    assert "mark changed" in text(back)
    assert "17 points before, 19 now" in text(back)
    for page_of in (back, done.text):
        assert "&lt;script&gt;" in page_of
        assert "<b>bold" not in page_of
        assert "<i>my" not in page_of


def test_staff_finds_what_was_handed_in(school: Class) -> None:
    """A link leads to formgrader for those who grade; an operator, who does not, has none."""
    link = '/services/hpc-lisbon/formgrader/manage_students/ana/slurm-basics"'
    assert link in school.portal.ask("GET", LIST, "tiago").text
    assert link not in school.portal.ask("GET", LIST, "olga").text


def test_the_runs_page_counts_what_is_open(school: Class) -> None:
    """Beside the link to the list; nothing stands there when all is answered."""
    assert re.search(r"Requests\s+1\s+open", text(school.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text))
    school.portal.browser("tiago").submit(f"{LIST}/{newest(school.database).id}/answer", answer="No.", outcome="stays")
    page = text(school.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text)
    assert not re.search(r"Requests\s+\d", page)
    assert "Nothing waits for an answer." in text(school.portal.ask("GET", LIST, "tiago").text)


def test_withdrawn_by_who_has_asked(school: Class) -> None:
    """It is gone from the staff's list, and stands as withdrawn below the feedback."""
    ana, number = school.portal.browser("ana"), newest(school.database).id
    page = ana.submit(f"{LIST}/{number}/withdraw")
    assert page.url == school.portal.url(PAGE)
    assert "withdrawn" in text(page.text)
    assert "Ana Sousa" not in school.portal.ask("GET", LIST, "ines").text
    answer = school.portal.ask("POST", f"{LIST}/{number}/answer", "ines", data={"answer": "No.", "outcome": "stays"})
    assert (answer.status_code, "was withdrawn" in answer.text) == (400, True)


WRONG = [
    ({"text": ""}, "this is needed"),
    ({"text": "x" * 2001}, "at most 2000 characters"),
    ({"text": "turned\u202earound"}, "use plain text"),
    ({"kind": "praise"}, "cannot be used"),
    ({"notebook": "other"}, "no feedback on this notebook"),
    ({"cell": "x" * 101}, "at most 100 characters"),
]


def test_what_cannot_be_kept_is_refused_in_words(school: Class) -> None:
    """Nothing of it is kept."""
    before = newest(school.database).id
    for form, said in WRONG:
        answer = school.portal.ask("POST", PAGE, "ana", data={"kind": "comment", "text": "Hello", **form})
        assert (answer.status_code, said in answer.text) == (400, True), answer.text
    assert newest(school.database).id == before


def test_a_regrade_request_is_answered_with_an_outcome(school: Class) -> None:
    """Without one, or with one that there is not, nothing is kept."""
    number = newest(school.database).id
    for outcome in ("", "perhaps"):
        form = {"answer": "No.", "outcome": outcome}
        assert school.portal.ask("POST", f"{LIST}/{number}/answer", "ines", data=form).status_code == 400
    assert newest(school.database).answered is None
