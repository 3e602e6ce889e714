"""Every role times every page and every post: nothing is seen or done that should not be."""

import re

import pytest

from aula.web.portal.application import PAGES
from tests.aula.web.portal.class_of_many import ROLES
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump

WHO = {"nobody": None, **ROLES, "unknown": "nemo", "closed": "carlo"}
SIGNED_IN = set(ROLES)
LISBON_STAFF = {"tutor", "instructor", "operator"}
LISBON_LEADS = {"instructor", "operator"}
LISBON_GRADES = {"tutor", "instructor"}
LISBON_PEOPLE = {"trainee", "tutor", "instructor"}
EVERYBODY = set(WHO)

# For each page: its address, who gets it, and what the others get (nobody is led to the hub's sign-in).
PAGES_OF = [
    ("/", SIGNED_IN),
    ("/join", EVERYBODY),
    ("/join/CODE", EVERYBODY),
    ("/settings", SIGNED_IN),
    ("/runs", {"operator"}),
    ("/runs/hpc-lisbon", LISBON_STAFF),
    ("/runs/hpc-izmir", {"instructor of the other run", "operator"}),
    ("/runs/hpc-nowhere", set()),
    ("/runs/hpc-lisbon/roster.csv", LISBON_STAFF),
    ("/runs/hpc-izmir/roster.csv", {"instructor of the other run", "operator"}),
    ("/runs/hpc-lisbon/servers", LISBON_STAFF),
    ("/runs/hpc-izmir/servers", {"instructor of the other run", "operator"}),
    ("/runs/hpc-lisbon/class", LISBON_GRADES),
    ("/runs/hpc-izmir/class", {"instructor of the other run"}),
    ("/runs/hpc-lisbon/people/ana/remove", LISBON_LEADS),
    ("/runs/hpc-lisbon/people/ines/remove", {"operator"}),
    ("/runs/hpc-lisbon/people/bora/remove", set()),
    ("/runs/hpc-lisbon/assignments", LISBON_PEOPLE),
    ("/runs/hpc-izmir/assignments", {"trainee of the other run", "instructor of the other run"}),
    ("/runs/hpc-lisbon/assignments/slurm-basics/1", {"trainee"}),
    ("/runs/hpc-lisbon/assignments/slurm-basics/1/slurm-basics.html", {"trainee"}),
    ("/runs/hpc-lisbon/assignments/slurm-basics/1/receipt.json", {"trainee"}),
    ("/runs/hpc-lisbon/assignments/slurm-basics/2", set()),
    ("/runs/hpc-lisbon/assignments/slurm-basics/1/other.html", set()),
    ("/runs/hpc-lisbon/requests", LISBON_STAFF),
    ("/runs/hpc-izmir/requests", {"instructor of the other run", "operator"}),
    ("/runs/hpc-lisbon/terms", LISBON_STAFF),
    ("/runs/hpc-izmir/terms", {"instructor of the other run", "operator"}),
    ("/company/nortada", {"company contact", "operator"}),
    ("/company/ege-veri", {"operator"}),
    ("/company/nowhere", set()),
    ("/recover/a-token", EVERYBODY),
    ("/openapi.json", EVERYBODY),
    ("/version", set()),
]
ASK = {"kind": "comment", "text": "Thank you."}
ANSWER = {"answer": "It stays.", "outcome": "stays"}
TERMS = {"due": "2099-12-01T23:59", "attempts": "3"}
LONGER = {"person": "ana", "until": "2099-12-05T23:59", "why": "was ill"}
INVITE = {"uses": "3", "days": "3"}
# For each post: its address, its form, and for whom something is done.
POSTS_OF = [
    ("/join/CODE", {}, SIGNED_IN),
    ("/join/WRONG", {}, set()),
    ("/settings", {"language": "tr", "time_zone": "Asia/Tokyo"}, SIGNED_IN),
    ("/runs/hpc-lisbon/invitation", {"role": "trainee", **INVITE}, LISBON_LEADS),
    ("/runs/hpc-lisbon/invitation", {"role": "tutor", "company": "nortada", **INVITE}, LISBON_LEADS),
    ("/runs/hpc-lisbon/invitation", {"role": "instructor", **INVITE}, {"operator"}),
    ("/runs/hpc-lisbon/invitation", {"role": "operator", **INVITE}, set()),
    ("/runs/hpc-lisbon/invitations/LISBON/revoke", {}, LISBON_LEADS),
    ("/runs/hpc-lisbon/invitations/INSTRUCTORS/revoke", {}, {"operator"}),
    ("/runs/hpc-lisbon/invitations/IZMIR/revoke", {}, set()),
    ("/runs/hpc-izmir/invitations/LISBON/revoke", {}, set()),
    ("/runs/hpc-lisbon/people/tiago/remove", {}, LISBON_LEADS),
    ("/runs/hpc-lisbon/people/ines/remove", {}, {"operator"}),
    ("/runs/hpc-lisbon/people/bora/remove", {}, set()),
    ("/runs/hpc-lisbon/assignments/slurm-basics/1", ASK, {"trainee"}),
    ("/runs/hpc-izmir/assignments/slurm-basics/1", ASK, set()),
    ("/runs/hpc-lisbon/requests/ASKED/withdraw", {}, {"trainee"}),
    ("/runs/hpc-izmir/requests/ASKED/withdraw", {}, set()),
    ("/runs/hpc-lisbon/requests/ASKED/answer", ANSWER, LISBON_STAFF),
    ("/runs/hpc-izmir/requests/ASKED/answer", ANSWER, set()),
    ("/runs/hpc-lisbon/terms/scaling", TERMS, LISBON_LEADS),
    ("/runs/hpc-lisbon/terms/other", TERMS, set()),
    ("/runs/hpc-izmir/terms/scaling", TERMS, {"instructor of the other run", "operator"}),
    ("/runs/hpc-lisbon/terms/scaling/extension", LONGER, LISBON_LEADS),
    ("/runs/hpc-lisbon/terms/scaling/people/ana/take-back", {}, set()),
    ("/recover/a-token", {"password": "a good long password", "again": "a good long password"}, set()),
]
ALREADY_IN = {"trainee", "tutor", "instructor"}
"""Joining changes nothing for those."""


def address(school: Class, path: str) -> str:
    """Return a path with this class's codes and numbers in it."""
    numbers = school.people.numbers
    values = {
        "CODE": school.people.codes["hpc-lisbon"],
        "LISBON": str(numbers["hpc-lisbon"]),
        "IZMIR": str(numbers["hpc-izmir"]),
        "ASKED": str(numbers["asked"]),
        "INSTRUCTORS": str(numbers["instructors"]),
    }
    return re.sub("|".join(values), lambda found: values[found[0]], path)


@pytest.mark.parametrize("role", WHO)
def test_everybody_sees_what_is_theirs(on_both: Class, role: str) -> None:
    """Each page is shown to those whom it is for; others read the same words, whether it is there or not."""
    before = dump(on_both.database)
    for path, allowed in PAGES_OF:
        answer = on_both.portal.ask("GET", address(on_both, path), WHO[role])
        if role in allowed:
            assert answer.status_code == 200, (role, path)
        elif role == "nobody" and path != "/version":
            assert answer.status_code == 302, (role, path)
            assert answer.headers["Location"].startswith("/hub/api/oauth2/authorize?")
        else:
            assert answer.status_code == (403 if path == "/version" else 404), (role, path)
            assert not re.search("HPC and Slurm|Nortada|Ege Veri|Sousa", answer.text), (role, path)
    assert dump(on_both.database) == before


@pytest.mark.parametrize("role", WHO)
def test_everybody_does_what_is_theirs(on_both: Class, role: str) -> None:
    """Each post does something for those whom it is for, and for others nothing at all."""
    portal, database = on_both.portal, on_both.database
    nobody = portal.browser() if role == "nobody" else None
    if nobody:
        nobody.open("/join")
    rows = sorted(POSTS_OF, key=lambda row: role in row[2])  # first what is refused, while all is as it was
    for path, form, allowed in rows:
        before = dump(database)
        where = address(on_both, path)
        answer = (
            nobody.submit(where, follow=False, **form) if nobody else portal.ask("POST", where, WHO[role], data=form)
        )
        if role in allowed:
            assert answer.status_code in (200, 303), (role, path, answer.text)
            changed = dump(database) != before
            assert changed is not (path == "/join/CODE" and role in ALREADY_IN), (role, path)
        else:
            assert answer.status_code in (400, 403, 404), (role, path)
            assert dump(database) == before, (role, path)


@pytest.mark.parametrize(
    "path",
    [
        "/join",
        "/join/CODE",
        "/join/CODE/sign-in",
        "/join/CODE/register",
        "/settings",
        "/language",
        "/runs/hpc-lisbon/invitation",
        "/runs/hpc-lisbon/invitations/LISBON/revoke",
        "/runs/hpc-lisbon/people/tiago/remove",
        "/runs/hpc-lisbon/servers/start",
        "/runs/hpc-lisbon/servers/stop",
        "/runs/hpc-lisbon/assignments/slurm-basics/1",
        "/runs/hpc-lisbon/requests/ASKED/answer",
        "/recover/a-token",
    ],
)
@pytest.mark.parametrize("who", ["olga", None])
def test_a_forged_form_does_nothing(school: Class, path: str, who: str | None) -> None:
    """A form without the page's mark, or with another's, is refused, whatever cookies the browser has."""
    form = {
        "code": school.people.codes["hpc-lisbon"],
        "full_name": "Nova Pessoa",
        "password": "a good long password",
        "again": "a good long password",
        "language": "tr",
        "time_zone": "Asia/Tokyo",
        "role": "trainee",
        **INVITE,
    }
    browser, other = school.portal.browser(who), school.portal.browser("ana")
    browser.open("/join")
    before = dump(school.database)
    for mark in ("", "x", other.mark()):
        assert browser.submit(address(school, path), xsrf=mark, follow=False, **form).status_code == 403
    assert dump(school.database) == before
    assert school.portal.hub.settings["wishes"] == []


def test_the_table_has_every_page() -> None:
    """No page and no post is left out of the tables above."""
    tried = {"/join", "/join/CODE/sign-in", "/join/CODE/register", "/language", "/welcome", "/open/c/f"}
    tried |= {"/runs/r/servers/start", "/runs/r/servers/stop"}  # test_servers.py
    tried |= {f"/runs/r/class/a/{what}" for what in ("grade", "feedback", "alike")}  # test_class.py
    tried |= {path for path, *_ in (*PAGES_OF, *POSTS_OF)}
    for page in PAGES:
        pattern = re.sub(r"\{\w+\}", "[^/]+", page.address)
        assert any(re.fullmatch(pattern, path) for path in tried), page.address


def test_a_token_that_is_not_for_the_portal_is_refused(school: Class) -> None:
    """A JupyterLab server's token, a service of a person's name, and nonsense are nobody here, and break nothing."""
    for token in ("server-of-olga", "service-of-olga", "x", "ü", "a b", "x" * 500):
        headers = {"Authorization": f"token {token}".encode()}
        answer = school.portal.ask("GET", "/runs", headers=headers)
        assert answer.status_code in (403, 404), token
        assert "HPC and Slurm" not in answer.text


def test_who_signs_out_is_out_within_seconds(school: Class) -> None:
    """What the hub said about a token counts for three seconds only."""
    browser = school.portal.browser("ana")
    assert "Welcome, Ana Sousa" in browser.open("/").text
    school.portal.hub.settings["signed_out"].add("ana")
    school.portal.portal.settings["hub_auth"].cache.clear()  # as time does
    answer = browser.open("/", allow_redirects=False)
    assert answer.status_code == 302
    assert school.portal.portal.settings["hub_auth"].cache_max_age == 3


def test_a_page_asks_the_hub_once(school: Class) -> None:
    """No page needs more than one question to the hub, but for the one that is about the hub's servers: one more."""
    asked = school.portal.hub.settings["asked"]
    for path, allowed in PAGES_OF:
        if "operator" in allowed:
            school.portal.portal.settings["hub_auth"].cache.clear()
            before = len(asked)
            school.portal.ask("GET", address(school, path), "olga")
            assert len(asked) - before == (2 if path.endswith("/servers") else 1), path
