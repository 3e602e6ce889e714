"""Ready at nine: who looks after a run sees its trainees' servers, starts all of them, and stops what nobody uses."""

import re

import pytest
from playwright.sync_api import expect

from aula.people import enrolments, persons, runs
from tests.aula.web.portal.class_of_many import ROLES
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.running import PORTAL_TOKEN
from tests.aula.web.portal.test_accessible import opened
from tests.journey.browser import chromium

PAGE = "/runs/hpc-lisbon/servers"
STAFF = ("tiago", "ines", "olga")
MINE = f"token {PORTAL_TOKEN}"


@pytest.fixture
def lisbon(school: Class) -> Class:
    """The class, with more trainees in Lisbon: one who has left, and two who are there."""
    with school.database.session() as session:
        run = runs.get(session, "hpc-lisbon")
        for name in ("sam", "clara", "bora"):
            enrolments.enrol(session, run, persons.get(session, name), role="trainee")
        enrolments.leave(session, run, persons.get(session, "bora"))
    return school


def rows(page: str) -> list[str]:
    """Return the rows of the page's table, as people read them."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in found]


def test_the_page_says_who_is_ready(lisbon: Class) -> None:
    """Each trainee's server is told in words; of who has left, or is in no hub yet, nothing is made up."""
    lisbon.portal.hub.settings["servers"]["hpc-lisbon"] = {
        "ana": {"state": "ready", "since": 1_800_000_000.5, "used": False},
        "sam": {"state": "starting", "said": "Job 7 waits in the queue: <the> nodes are busy. It is number 2 there."},
        "bora": {"state": "ready", "since": None, "used": True},
    }
    page = lisbon.portal.ask("GET", PAGE, "tiago").text
    assert "1 of 3 servers are ready" in page
    ana, clara, sam = rows(page)
    assert re.fullmatch(r"Ana Sousa ana ready Since 15 Jan 2027, 08:00 \(Lisbon\)\. Nobody has used it yet\.", ana)
    assert clara == "Clara Nunes clara not started"
    assert sam.endswith("starting Job 7 waits in the queue: &lt;the&gt; nodes are busy. It is number 2 there.")
    lisbon.portal.hub.settings["servers"]["hpc-lisbon"] = {
        "ana": {"state": "ready", "since": None, "used": True},
        "sam": {"state": "failed", "said": "Slurm said no."},
        "clara": {"state": "stopping"},
    }
    ana, clara, sam = rows(lisbon.portal.ask("GET", PAGE, "tiago").text)
    assert (ana, clara) == ("Ana Sousa ana ready In use.", "Clara Nunes clara stopping")
    assert sam == "Sam Popescu sam failed Slurm said no."


def test_one_press_starts_everybody(lisbon: Class) -> None:
    """The hub is asked, by the portal's own token, for all who are there now and learn; with a profile, if one is."""
    lisbon.portal.hub.settings["profiles"] += [{"name": "class", "title": "Class"}, {"name": "usual", "title": "Usual"}]
    browser = lisbon.portal.browser("ines")
    assert '<option value="class">Class</option>' in browser.open(PAGE).text
    assert browser.submit(f"{PAGE}/start", profile="class").url == lisbon.portal.url(PAGE)
    browser.submit(f"{PAGE}/start", profile="")
    names = ["ana", "clara", "sam"]
    assert lisbon.portal.hub.settings["wishes"] == [
        ("POST", "hpc-lisbon", {"names": names, "profile": "class"}, MINE),
        ("POST", "hpc-lisbon", {"names": names}, MINE),
    ]


def test_one_press_stops_what_nobody_uses(lisbon: Class) -> None:
    """The hub is asked to stop the unused ones; which those are it knows itself."""
    lisbon.portal.browser("tiago").submit(f"{PAGE}/stop")
    assert lisbon.portal.hub.settings["wishes"] == [("DELETE", "hpc-lisbon", {"names": ["ana", "clara", "sam"]}, MINE)]


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_only_who_looks_after_the_run_may(lisbon: Class, verb: str) -> None:
    """Nobody else starts or stops anything, nor does anybody in a run that is archived, or by a profile of no name."""
    for name in (*ROLES.values(), "nemo", "carlo", None):
        answer = lisbon.portal.ask("POST", f"{PAGE}/{verb}", name)
        assert answer.status_code == (303 if name in STAFF else 404 if name else 403), name
    assert len(lisbon.portal.hub.settings["wishes"]) == len(STAFF)
    lisbon.portal.hub.settings["wishes"].clear()
    assert lisbon.portal.ask("POST", f"{PAGE}/start", "olga", data={"profile": "x; y"}).status_code == 400
    with lisbon.database.session() as session:
        runs.archive(session, "hpc-lisbon")
    assert lisbon.portal.ask("POST", f"{PAGE}/{verb}", "olga").status_code == 404
    assert lisbon.portal.ask("GET", PAGE, "olga").status_code == 404
    assert lisbon.portal.hub.settings["wishes"] == []


def test_the_run_leads_there(lisbon: Class) -> None:
    """The run's page has a link, as long as the run is open."""
    assert f'{PAGE}"' in lisbon.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text
    with lisbon.database.session() as session:
        runs.archive(session, "hpc-lisbon")
    assert f'{PAGE}"' not in lisbon.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text


def test_a_hub_that_does_not_answer_is_told_in_words(lisbon: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the hub refuses or is away the page says so, and nothing else breaks."""
    monkeypatch.setattr(lisbon.portal.portal.settings["hub_auth"], "api_url", "http://127.0.0.1:1/hub/api")
    lisbon.portal.portal.settings["hub_auth"].cache.max_age = 60
    answer = lisbon.portal.ask("GET", PAGE, "tiago")
    assert (answer.status_code, "cannot reach the hub" in answer.text) == (503, True)


def test_the_page_follows_without_a_reload(lisbon: Class) -> None:
    """What becomes of a server is shown within seconds; a choice that was begun stays; the count is said aloud."""
    servers = lisbon.portal.hub.settings["servers"]
    lisbon.portal.hub.settings["profiles"] += [{"name": "class", "title": "Class"}, {"name": "usual", "title": "Usual"}]
    with chromium() as browser:
        page = opened(browser, lisbon, "ines", PAGE)
        expect(page.get_by_role("status")).to_have_text("0 of 3 servers are ready")
        expect(page.get_by_role("link", name="Look again")).to_be_hidden()
        page.get_by_label("Kind of server").select_option("class")
        servers["hpc-lisbon"] = {"sam": {"state": "ready", "since": 1.8e9, "used": False}}
        expect(page.get_by_role("status")).to_have_text("1 of 3 servers are ready", timeout=15_000)
        expect(page.get_by_role("row", name="Sam Popescu")).to_contain_text("Nobody has used it yet.")
        expect(page.get_by_label("Kind of server")).to_have_value("class")
