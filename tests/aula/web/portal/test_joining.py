"""Joining a run by its code, and getting an account on the way."""

import re
from http.cookies import SimpleCookie

import pytest

from aula.people import passwords, runs
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump
from tests.aula.web.portal.running import running

PASSWORD = "a good long password"
NEW = {"full_name": "Ödön Şahin", "email": "", "password": PASSWORD, "again": PASSWORD}
REFUSED = "This code cannot be used."


def test_opening_a_code_never_joins(school: Class) -> None:
    """The page shows what the code leads to; only its button joins, and a second time changes nothing."""
    browser, code = school.portal.browser("sam"), school.people.codes["hpc-izmir"]
    before = dump(school.database)
    page = browser.submit("/join", code=f" {code.lower().replace('-', ' ')} ")
    assert "HPC and Slurm for companies, Istanbul" in page.text
    assert "Ege Veri A.Ş." in page.text
    assert dump(school.database) == before
    page = browser.submit(f"/join/{code}")
    assert page.url == school.portal.url("/")
    assert "HPC and Slurm for companies, Istanbul" in page.text
    rows = dump(school.database)
    assert rows["invitation"][1]["used"] == 1
    assert "You are in this course already" in browser.open(f"/join/{code}").text
    browser.submit(f"/join/{code}")
    assert dump(school.database) == rows


def test_whatever_is_wrong_with_a_code_is_told_in_the_same_words(school: Class) -> None:
    """A code that never was, one that is revoked, used up or expired, and one of an archived run: the same answer."""
    code = school.people.codes
    with school.database.session() as session:
        runs.archive(session, "hpc-izmir")
    school.portal.ask(
        "POST", f"/runs/hpc-lisbon/invitations/{school.people.numbers['instructors']}/revoke", "olga"
    ).raise_for_status()
    answers = {
        (answer.status_code, re.sub(r'value="[^"]*"', "", answer.text))
        for given in ("AAAA-BBBB-CCCC", "x", code["instructors"], code["hpc-izmir"])
        for answer in [school.portal.ask("GET", f"/join/{given}", "sam")]
    }
    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 400
    assert REFUSED in text


@pytest.mark.parametrize(("who", "most"), [("sam", 10), (None, 60)])
def test_guessing_is_limited(school: Class, who: str | None, most: int) -> None:
    """After so many wrong codes not even a right one is looked at; right ones do not count."""
    right = school.people.codes["hpc-lisbon"]
    for _ in range(3):
        assert school.portal.ask("GET", f"/join/{right}", who).status_code == 200
    for number in range(most):
        assert school.portal.ask("GET", f"/join/WRONG{number}", who).status_code == 400
    answer = school.portal.ask("GET", f"/join/{right}", who)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 500
    assert "HPC and Slurm" not in answer.text
    someone_else = school.portal.ask("GET", f"/join/{right}", headers={"X-Forwarded-For": "192.0.2.7"})
    assert someone_else.status_code == 200


def test_somebody_new_gets_an_account_and_is_in(school: Class) -> None:
    """Full name and password make an account; the page says by which name they sign in, and they are in the run."""
    browser, code = school.portal.browser(), school.people.codes["hpc-lisbon"]
    assert "Create an account" in browser.open(f"/join/{code}").text
    browser.headers["Accept-Language"] = "tr"
    page = browser.submit(f"/join/{code}/register", **NEW)
    assert page.url == school.portal.url("/welcome")
    assert '<p class="aula-code">odon-sahin</p>' in page.text
    assert "/hub/login?username=odon-sahin" in page.text
    with school.database.session() as session:
        person = passwords.check(session, "odon-sahin", PASSWORD)
        assert person is not None
        assert [one.run.name for one in person.enrolments] == ["hpc-lisbon"]
        assert (person.time_zone, person.language) == ("Europe/Lisbon", "tr")
    assert "HPC and Slurm" in school.portal.ask("GET", "/", "odon-sahin").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"again": "another long password"}, "not the same"),
        ({"password": "short", "again": "short"}, "12"),
        ({"full_name": "x\u200by"}, "one line"),
        ({"full_name": ""}, "needed"),
        ({"email": "nobody"}, "cannot be used"),
    ],
)
def test_a_wrong_registration_makes_nobody(school: Class, changed: dict[str, str], said: str) -> None:
    """What is wrong is said in words; no account is made, and no use of the code is lost."""
    browser, code = school.portal.browser(), school.people.codes["hpc-lisbon"]
    browser.open(f"/join/{code}")
    before = dump(school.database)
    page = browser.submit(f"/join/{code}/register", **{**NEW, **changed})
    assert page.status_code == 400
    assert said in page.text
    assert PASSWORD not in page.text
    assert dump(school.database) == before


def test_without_local_accounts_nobody_registers(school: Class) -> None:
    """Where people come through an identity provider, there is no form, no way round it, and its name on the button."""
    code = school.people.codes["hpc-lisbon"]
    with running(school.database, local_accounts=False, oidc_name="MyAccessID") as portal:
        browser = portal.browser()
        page = browser.open(f"/join/{code}").text
        assert "Continue with MyAccessID" in page
        assert "Create an account" not in page
        before = dump(school.database)
        assert browser.submit(f"/join/{code}/register", **NEW).status_code == 404
        assert dump(school.database) == before


def test_a_code_travels_through_the_sign_in(school: Class) -> None:
    """Who has an account goes to the hub with the code in a cookie that no script reads, and comes back to it."""
    browser, code = school.portal.browser(), school.people.codes["hpc-izmir"]
    browser.open(f"/join/{code}")
    answer = browser.submit(f"/join/{code}/sign-in", follow=False)
    assert answer.headers["Location"] == "/hub/login?next=%2Fservices%2Fportal%2F"
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["aula-code"]
    assert (cookie.value, cookie["path"], cookie["max-age"]) == (code, "/", "900")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = browser.open("/join")
    assert page.url == school.portal.url("/join")  # not signed in at the portal yet: nothing is carried on
    page = browser.post(f"{school.portal.address}{answer.headers['Location']}", data={"username": "sam"}, timeout=30)
    assert page.url == school.portal.url(f"/join/{code}")
    assert "Join this course" in page.text
    assert "aula-code" not in browser.cookies
