"""A trainee's own assignments: what the hand-in service tells, the receipt, My courses, and a service that is away."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from aula.people import requests, runs
from aula.people.tables import now
from aula.web.portal.hand_ins import HandIns
from tests.aula.web.portal.answering_hand_in import handed_in
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.running import PORTAL_TOKEN

PAGE = "/runs/hpc-lisbon/assignments"


def sections(page: str) -> list[str]:
    """Return the page's cards, as people read them."""
    found = re.findall(r"<section(.*?)</section>", page, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", one.partition(">")[2]).split()) for one in found]


def test_everything_about_an_assignment_is_told(school: Class) -> None:
    """When it is due for them, time left by the service's clock, attempts, the late rule, each hand-in, points."""
    settings = school.portal.hand_in.settings
    settings["now"] = "2027-01-15T08:00:00+00:00"
    settings["people"]["ana"] = {
        "slurm-basics": {
            "due": "2027-01-18T08:00:00+00:00",
            "extended": True,
            "accepted_until": "2027-01-20T08:00:00+00:00",
            "attempts": {"allowed": 3, "used": 2},
            "late_rule": {"percent_per_day": 10.0, "most_percent": 50.0, "grace_minutes": 15},
            "submissions": [handed_in(1), handed_in(2, late=7200.0, points=17.5, penalty=2.0)],
        }
    }
    basics, scaling = sections(school.portal.ask("GET", PAGE, "ana").text)
    for words in (
        "graded Due 18 Jan 2027, 08:00 (Lisbon), in 3 days extended for you Accepted until 20 Jan 2027, 08:00 (Lisbon)",
        "2 of 3 attempts used Late: 10 % off for each day, at most 50 % 15.5 of 20 points 17.5, less 2 for being late",
        "12 Jan 2027, 10:00 (Lisbon) No. 2 2 hours late 15.5 of 20 points",
        "11 Jan 2027, 10:00 (Lisbon) No. 1 yes",
    ):
        assert words in basics
    assert "overdue" in scaling
    assert settings["asked"] == [("ana", "runs/hpc-lisbon/assignments")]


def test_each_state_has_a_word(school: Class) -> None:
    """Not released, not handed in, overdue, closed, handed in, graded; and what nobody knows is not made up."""
    settings = school.portal.hand_in.settings
    settings["released"] = ["slurm-basics"]
    early, late = "2027-01-01T00:00:00+00:00", "2027-02-01T00:00:00+00:00"
    settings["now"] = "2027-01-15T08:00:00+00:00"
    for word, one in {
        "not handed in yet": {"due": late},
        "overdue": {"due": early, "accepted_until": late},
        "closed": {"due": early, "accepted_until": early},
        "handed in": {"due": early, "submissions": [handed_in(late=None)]},
        "graded": {"due": early, "submissions": [handed_in(points=1.0)]},
    }.items():
        settings["people"]["ana"] = {"slurm-basics": one}
        school.portal.portal.settings["hand_ins"]._known.clear()
        basics, scaling = sections(school.portal.ask("GET", PAGE, "ana").text)
        assert basics.startswith(f"Ask Slurm the right question {word} "), basics
        assert scaling.startswith("Does it scale? not released yet"), scaling


def test_a_service_that_is_away_hides_nothing_else(school: Class) -> None:
    """The page says so, and shows due dates and what was asked; feedback is 503, My courses is as it was."""
    school.portal.hand_in.settings["broken"].append(True)
    page = school.portal.ask("GET", PAGE, "ana")
    assert page.status_code == 200
    assert "does not answer now" in page.text
    assert "Why is task 2 worth nothing?" in page.text
    assert "handed in yet" not in page.text
    assert school.portal.ask("GET", f"{PAGE}/slurm-basics/1", "ana").status_code == 503
    for file in ("slurm-basics.html", "receipt.json"):
        assert school.portal.ask("GET", f"{PAGE}/slurm-basics/1/{file}", "ana").status_code == 404
    assert "Next: hand in" in school.portal.ask("GET", "/", "ana").text


def test_the_receipt_is_a_file(school: Class) -> None:
    """As the service has it, under a name that says what it is for."""
    answer = school.portal.ask("GET", f"{PAGE}/slurm-basics/1/receipt.json", "ana")
    assert answer.json() == {"student": "ana", "assignment": "slurm-basics", "number": 1}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="slurm-basics-0001.json"'


def test_my_courses_has_the_own_date_and_state(school: Class) -> None:
    """What is due next for this person, how they stand with it, and answers that they have not seen."""
    due = now() + timedelta(days=2, hours=1)
    told = {"due": due.isoformat(), "submissions": [handed_in()]}
    school.portal.hand_in.settings["people"]["ana"] = {"slurm-basics": told}
    page = " ".join(re.sub("<[^>]*>", " ", school.portal.ask("GET", "/", "ana").text).split())
    assert re.search(r"Ask Slurm the right question Due \d[^)]*\(Lisbon\), in 2 days handed in", page)
    assert "You have an answer" not in page
    with school.database.session() as session:
        (one,) = requests.of_run(session, runs.get(session, "hpc-lisbon"))
        requests.answer(session, one, one.person, "Look again.", "stays")
    assert "You have an answer to what you asked" in school.portal.ask("GET", "/", "ana").text
    assert "Look again." in school.portal.ask("GET", PAGE, "ana").text
    assert "You have an answer" not in school.portal.ask("GET", "/", "ana").text


def test_a_class_asks_once_each(school: Class) -> None:
    """Who loads the page many times at once asks the service one question; staff's courses ask none."""
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: school.portal.ask("GET", PAGE, "ana").status_code, range(8)))
    assert pages == [200] * 8
    school.portal.ask("GET", "/", "ines")
    assert school.portal.hand_in.settings["asked"] == [("ana", "runs/hpc-lisbon/assignments")]


def test_what_is_told_is_remembered_for_seconds(school: Class) -> None:
    """Then it is asked anew; nothing is asked where there is no service."""
    time = [0.0]

    async def ask() -> None:
        address = f"{school.portal.address}/services/hand-in/"
        portal = HandIns(address, PORTAL_TOKEN, clock=lambda: time[0])
        first = await portal.of("hpc-lisbon", "ana")
        time[0] = 2.0
        assert await portal.of("hpc-lisbon", "ana") is first
        time[0] = 4.0
        assert await portal.of("hpc-lisbon", "ana", seconds=30) is first
        assert await portal.of("hpc-lisbon", "ana") is not first
        portal.close()
        assert await HandIns("", "").of("hpc-lisbon", "ana") is None

    asyncio.run(ask())
    assert len(school.portal.hand_in.settings["asked"]) == 2
