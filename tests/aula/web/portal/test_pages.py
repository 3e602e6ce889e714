"""What the pages of a run do: what is next, inviting, letting go, the roster, recovering, opening a lesson."""

import re

from aula.people import passwords, persons, recoveries, runs
from aula.web.portal.pages.roster import plain
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump


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
