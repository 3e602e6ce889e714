"""What the pages do: joining, registering, inviting, letting go, choosing, recovering, opening a lesson."""

import re
from http.cookies import SimpleCookie

import pytest
import requests

from aula.people import passwords, persons, recoveries, runs
from aula.people.tables import CourseRun
from aula.web.portal.pages.roster import plain
from tests.aula.web.portal import answering_hub
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump
from tests.aula.web.portal.running import PORTAL_TOKEN, running

PASSWORD = "a good long password"
NEW = {"full_name": "Ödön Şahin", "email": "", "password": PASSWORD, "again": PASSWORD}
REFUSED = "This code cannot be used."


def test_my_courses_shows_what_is_next(school: Class) -> None:
    """A trainee sees the run, what is due next in their own zone, the way in, and neither other runs nor the roster."""
    with school.database.session() as session:
        persons.choose(session, persons.get(session, "ana"), language=None, time_zone="Asia/Tokyo")
    page = school.portal.ask("GET", "/", "ana").text
    assert "Ask Slurm the right question" in page
    assert re.search(r"Due \d+ \w+ 2\d+, 08:59 \(Tokyo\), in \d+ (day|week)s?", page)  # 23:59 in Lisbon
    assert 'href="/hub/user-redirect/lab/tree/courses/hpc-lisbon/lessons/01-first-job.ipynb"' in page
    assert 'href="/services/book/courses/hpc-and-slurm/index.html"' in page
    assert "hpc-izmir" not in page
    assert re.findall(r"/runs/[^<]*", page) == ['/runs/hpc-lisbon/assignments">My assignments']


def test_only_who_should_be_in_a_course_is_told_that_they_are_in_none(school: Class) -> None:
    """A stranger reads how to join a course; who speaks for a company, and an operator, miss nothing."""
    told = {
        name: "not in a course yet" in school.portal.ask("GET", "/", name).text for name in ("sam", "clara", "olga")
    }
    assert told == {"sam": True, "clara": False, "olga": False}


def test_a_run_that_is_not_ready_says_so(school: Class) -> None:
    """No button leads into a run before the machine has made it ready, and none into an archived one."""
    with school.database.session() as session:
        runs.get(session, "hpc-lisbon").content = None
    page = school.portal.ask("GET", "/", "ana").text
    assert "being made ready" in page
    assert "user-redirect" not in page
    with school.database.session() as session:
        runs.settle(session, "hpc-lisbon", content="c0ffee", environment="hpc-1")
        runs.archive(session, "hpc-lisbon")
    page = school.portal.ask("GET", "/", "ana").text
    assert "Archived" in page
    assert "user-redirect" not in page


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


def test_an_address_cannot_be_invented(school: Class) -> None:
    """What a browser claims about its address does not help it to guess more: the nearest proxy's word counts."""
    for number in range(60):
        claimed = {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.7, 127.0.0.1", "X-Real-Ip": f"203.0.113.{number}"}
        school.portal.ask("GET", f"/join/WRONG{number}", headers=claimed)
    claimed = {"X-Forwarded-For": "198.51.100.200, 192.0.2.7", "X-Real-Ip": "203.0.113.200"}
    assert school.portal.ask("GET", "/join/WRONG", headers=claimed).status_code == 429


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


def test_an_invitation_is_shown_once(school: Class) -> None:
    """Its page has code, link and QR code; afterwards nobody finds the code anywhere, and it works."""
    browser = school.portal.browser("ines")
    page = browser.submit("/runs/hpc-lisbon/invitation", role="trainee", company="ege-veri", uses="2", days="5").text
    code = re.search(r'<p class="aula-code">([A-Z0-9-]{14})</p>', page)
    assert code
    assert f"{school.portal.address}/services/portal/join/{code[1]}" in page
    assert "<svg" in page.split("aula-qr")[1]
    assert "style=" not in page
    again = browser.open("/runs/hpc-lisbon").text
    assert code[1] not in again
    assert "0 of 2" in again
    assert code[1] not in str(dump(school.database))
    assert "Ege Veri" in school.portal.ask("GET", f"/join/{code[1]}", "sam").text


def test_letting_somebody_go_asks_first(school: Class) -> None:
    """The page asks, the button does it, and who is gone sees the run no more."""
    browser = school.portal.browser("ines")
    assert "Remove Ana Sousa?" in browser.open("/runs/hpc-lisbon/people/ana/remove").text
    assert "hpc-lisbon" in school.portal.ask("GET", "/", "ana").text
    page = browser.submit("/runs/hpc-lisbon/people/ana/remove")
    assert "Ana Sousa" not in page.text
    assert "hpc-lisbon" not in school.portal.ask("GET", "/", "ana").text


def test_an_archived_run_is_only_read(school: Class) -> None:
    """Nobody invites to an archived run or changes who is in it, not even an operator."""
    with school.database.session() as session:
        runs.archive(session, "hpc-lisbon")
    browser = school.portal.browser("olga")
    assert "Ana Sousa" in browser.open("/runs/hpc-lisbon").text
    before = dump(school.database)
    assert browser.submit("/runs/hpc-lisbon/people/ana/remove").status_code == 404
    assert browser.submit("/runs/hpc-lisbon/invitation", role="trainee", uses="1", days="1").status_code == 404
    assert dump(school.database) == before


def test_the_roster_is_a_file_without_formulas(school: Class) -> None:
    """A name that a spreadsheet would run is a text in the file."""
    with school.database.session() as session:
        persons.get(session, "ana").full_name = '=HYPERLINK("http://x","y")'
    answer = school.portal.ask("GET", "/runs/hpc-lisbon/roster.csv", "tiago")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "ana,\"'=HYPERLINK" in answer.content.decode("utf-8-sig")
    assert plain("Ana") == "Ana"


def test_a_language_is_chosen_by_a_click_and_remembered(school: Class) -> None:
    """The button changes the page, the browser remembers it a year, and so does the person."""
    browser = school.portal.browser("ana")
    page = browser.submit("/language", language="tr", back="/services/portal/settings")
    assert page.url == school.portal.url("/settings")
    assert '<html lang="tr">' in page.text
    cookie = next(one for one in browser.cookies if one.name == "aula-language")
    assert (cookie.value, cookie.path) == ("tr", "/")
    assert '<html lang="tr">' in school.portal.ask("GET", "/", "ana").text  # another browser, the same person
    other = school.portal.browser()
    assert '<html lang="ro">' in other.open("/join", headers={"Accept-Language": "ro-RO,en;q=0.5"}).text


def test_nobody_has_a_language_before_they_choose_one(school: Class) -> None:
    """Who is signed in and has chosen none reads their browser's; a choice goes before it, in every browser."""
    spanish = {"headers": {"Accept-Language": "es-ES,es;q=0.9,en;q=0.5"}}
    assert '<html lang="es">' in school.portal.ask("GET", "/", "ana", **spanish).text
    assert '<html lang="en">' in school.portal.ask("GET", "/", "ana", headers={"Accept-Language": "de"}).text
    school.portal.ask("POST", "/settings", "ana", data={"language": "ro", "time_zone": "UTC"})
    assert '<html lang="ro">' in school.portal.ask("GET", "/", "ana", **spanish).text


def test_a_choice_can_be_taken_back(school: Class) -> None:
    """The settings show what is chosen; as the browser asks clears it with the person, and the browser's cookie."""
    spanish = {"Accept-Language": "es"}
    browser = school.portal.browser("ana")
    nothing_chosen = browser.open("/settings", headers=spanish).text
    assert chosen(nothing_chosen) == "browser"
    assert ">La que pida mi navegador</option>" in nothing_chosen
    browser.submit("/settings", language="tr", time_zone="UTC")
    assert chosen(browser.open("/settings", headers=spanish).text) == "tr"
    browser.submit("/settings", language="browser", time_zone="UTC")
    assert "aula-language" not in browser.cookies
    page = browser.open("/settings", headers=spanish).text
    assert '<html lang="es">' in page
    assert chosen(page) == "browser"
    with school.database.session() as session:
        assert persons.get(session, "ana").language is None


def test_the_settings_show_a_click_in_this_browser(school: Class) -> None:
    """Somebody's click from before they signed in decides what they read, and so it is what the settings show."""
    browser = school.portal.browser()
    browser.open("/join")
    browser.submit("/language", language="ca")
    browser.cookies.set(answering_hub.COOKIE, "ana", path="/hub/", domain="127.0.0.1")
    assert chosen(browser.open("/settings", headers={"Accept-Language": "es"}).text) == "ca"
    with school.database.session() as session:
        assert persons.get(session, "ana").language is None


def chosen(page: str) -> str:
    """Return the language that the settings show as chosen."""
    select = page.split('name="language">')[1].split("</select>")[0]
    found = re.findall('<option value="([a-z]*)"[^>]* selected>', select)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("back", ["//evil.example/", "/services/portalx", "/hub/logout", "https://evil.example/"])
def test_nobody_is_led_elsewhere(school: Class, back: str) -> None:
    """The page to go back to is one of the portal's, whatever a form says."""
    browser = school.portal.browser("ana")
    answer = browser.submit("/language", follow=False, language="es", back=back)
    assert answer.headers.get("Location", "/services/portal/") == "/services/portal/"


def test_a_link_sets_a_new_password_once(school: Class) -> None:
    """A recovery link sets the password and leads to the sign-in; used again, it is refused."""
    with school.database.session() as session:
        token = recoveries.begin(session, persons.get(session, "ana"))
    browser = school.portal.browser()
    assert "A new password" in browser.open(f"/recover/{token}").text
    form = {"password": "another good password", "again": "another good password"}
    assert browser.submit(f"/recover/{token}", **{**form, "again": "x"}).status_code == 400
    answer = browser.submit(f"/recover/{token}", follow=False, **form)
    assert answer.headers["Location"].startswith("/hub/login?username=ana")
    with school.database.session() as session:
        assert passwords.check(session, "ana", "another good password")
    again = browser.submit(f"/recover/{token}", **form)
    assert again.status_code == 400
    assert "cannot be used" in again.text


def test_the_books_button_opens_ones_own_run(school: Class) -> None:
    """A lesson of the book opens in the reader's own run; who is in none is asked for a code, with a word why."""
    answer = school.portal.ask("GET", "/open/hpc-and-slurm/02-arrays", "bora")
    assert answer.headers["Location"] == "/hub/user-redirect/lab/tree/courses/hpc-izmir/lessons/02-arrays.ipynb"
    for who, path in (("sam", "/open/hpc-and-slurm/02-arrays"), ("bora", "/open/hpc-and-slurm/99-none")):
        answer = school.portal.ask("GET", path, who)
        assert answer.headers["Location"] == "/services/portal/join?course=hpc-and-slurm"
    assert "you have to be in a run" in school.portal.ask("GET", "/join?course=hpc-and-slurm", "sam").text


def test_the_version_is_for_the_machine_only(school: Class) -> None:
    """The keeper reads it with the portal's token; through the proxy, or with a person's token, nobody does."""
    mine = {"Authorization": f"token {PORTAL_TOKEN}"}
    first = school.portal.ask("GET", "/version", headers=mine)
    assert first.status_code == 200
    school.portal.ask("POST", "/settings", "ana", data={"language": "es", "time_zone": "UTC"})
    assert int(school.portal.ask("GET", "/version", headers=mine).text) == int(first.text) + 1
    for headers in ({**mine, "X-Forwarded-For": "127.0.0.1"}, {"Authorization": "token x"}, {}):
        assert school.portal.ask("GET", "/version", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/join", "/nowhere", "/static/tokens.css", "/oauth_callback?error=x", "/version", ""])
def test_every_answer_has_safe_headers(school: Class, path: str) -> None:
    """Nothing inline, nothing from elsewhere, no frame, no address given away, on errors too."""
    answer = school.portal.ask("GET", path)
    if path:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers or path == ""


def test_cookies_are_closed(school: Class) -> None:
    """No script reads a cookie of the portal, no other site's post brings one, and over HTTPS they stay there."""
    with running(school.database, public_url="https://aula.example/") as portal:
        first = portal.ask("GET", "/join")
        code = school.people.codes["hpc-lisbon"]
        signing_in = portal.ask("GET", "/settings")
        cookies = [value for answer in (first, signing_in) for value in answer.raw.headers.getlist("Set-Cookie")]
        mark = {"_xsrf": next(one.value or "" for one in first.cookies if one.name == "_xsrf")}
        for path, form in ((f"/join/{code}/sign-in", {}), ("/language", {"language": "es"})):
            answer = requests.post(
                portal.url(path),
                data={**form, **mark},
                headers={"Cookie": f"_xsrf={mark['_xsrf']}"},
                timeout=30,
                allow_redirects=False,
            )
            assert answer.status_code == 303
            cookies += answer.raw.headers.getlist("Set-Cookie")
    assert len(cookies) == 4
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie


def test_every_page_is_small(school: Class) -> None:
    """A page with all that it loads is under 100 KB."""
    for who, path in (("ana", "/"), ("ines", "/runs/hpc-lisbon"), ("ana", "/settings"), ("olga", "/runs")):
        page = school.portal.ask("GET", path, who).text
        loaded = re.findall(r'(?:href|src)="(/services/portal/static/[^"]+)"', page)
        assert len(loaded) == 4
        files = [requests.get(f"{school.portal.address}{one}", timeout=30) for one in loaded]
        assert all(file.ok and "max-age" in file.headers["Cache-Control"] for file in files)
        assert len(page.encode()) + sum(len(file.content) for file in files) < 100_000


def test_too_much_is_refused(school: Class) -> None:
    """A body of a megabyte is cut off, and the portal goes on."""
    try:
        answer = school.portal.ask("POST", "/join", "ana", data={"code": "A" * 1_000_000})
        assert answer.status_code == 400
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        pass  # cut off before all was sent
    assert school.portal.ask("GET", "/", "ana").ok


def test_a_database_that_is_away_is_told_in_words(school: Class) -> None:
    """Where the database is not of this version the page says so without detail, and offers to try again."""
    with school.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    school.database._current = False
    answer = school.portal.ask("GET", "/", "ana")
    assert answer.status_code == 503
    assert ">Try again</a>" in answer.text
    assert "Traceback" not in answer.text
    assert "sqlite" not in answer.text


def test_openapi_declares_what_there_is(school: Class) -> None:
    """The document has each page with its methods and fields."""
    document = school.portal.ask("GET", "/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    made = document["paths"]["/runs/{run}/invitation"]["post"]["requestBody"]["content"]
    form = made["application/x-www-form-urlencoded"]["schema"]
    assert form["properties"]["uses"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "description": "For how many people",
    }
    assert form["required"] == ["role", "uses", "days"]
    assert set(document["paths"]["/join"]) == {"get", "post"}


def test_runs_are_read_only_by_the_page(school: Class) -> None:
    """Opening pages leaves the database as it was."""
    before = dump(school.database)
    for path in ("/", "/runs", "/runs/hpc-lisbon", "/settings", "/join"):
        school.portal.ask("GET", path, "olga")
    assert dump(school.database) == before
    assert CourseRun.__tablename__ in before
