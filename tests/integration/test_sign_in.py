"""Signing in at the running hub, over HTTP."""

from urllib.parse import urljoin, urlsplit

import pytest
import requests

from tests.classroom import Classroom
from tests.integration.person import Person, sign_in, unheard_of


@pytest.fixture
def hub(classroom: Classroom) -> str:
    """The hub's public address."""
    return f"{classroom.address}/hub"


def test_the_right_password_opens_the_start_page(classroom: Classroom, hub: str) -> None:
    """A person signs in through the form and sees their start page with their name."""
    person = Person(classroom, "deniz")
    page = person.session.get(f"{hub}/home", timeout=30)
    assert (page.status_code, page.url) == (200, f"{hub}/home")
    assert person.name in page.text


def test_a_wrong_password_is_refused_in_words(classroom: Classroom, hub: str) -> None:
    """A wrong password leads back to the form with a sentence, and without a session."""
    session = requests.Session()
    answer = sign_in(session, hub, classroom.name("deniz"), "wrong-wrong-wrong-wrong")
    assert answer.status_code == 403
    assert "The user name or the password is not right." in answer.text
    assert session.get(f"{hub}/home", timeout=30).url.startswith(f"{hub}/login")


def test_an_unknown_name_is_refused_in_the_same_words(hub: str) -> None:
    """The answer to a name that does not exist is that to a wrong password: names cannot be found out by asking."""
    answer = sign_in(requests.Session(), hub, unheard_of(), "wrong-wrong-wrong-wrong")
    assert answer.status_code == 403
    assert "The user name or the password is not right." in answer.text


def test_guessing_is_slowed_down(hub: str) -> None:
    """After five failures a name must wait, and reads how long; others can still sign in."""
    name = unheard_of()
    answers = [sign_in(requests.Session(), hub, name, "wrong").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    told = sign_in(requests.Session(), hub, name, "wrong")
    assert "Too many sign-ins failed. Wait" in told.text
    assert sign_in(requests.Session(), hub, unheard_of(), "wrong").status_code == 403


def test_a_form_from_elsewhere_is_refused(classroom: Classroom, hub: str) -> None:
    """The right password without the form's own word (XSRF) does not sign in."""
    form = {"username": classroom.name("deniz"), "password": classroom.password("deniz")}
    assert requests.post(f"{hub}/login", data=form, timeout=30).status_code == 403


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(classroom: Classroom, hub: str, where: str) -> None:
    """A link with an address of another site in it does not lead there after signing in."""
    session = requests.Session()
    session.get(f"{hub}/login", timeout=30)
    form = {
        "username": classroom.name("deniz"),
        "password": classroom.password("deniz"),
        "_xsrf": session.cookies.get("_xsrf"),
    }
    answer = session.post(f"{hub}/login", params={"next": where}, data=form, timeout=30, allow_redirects=False)
    assert answer.status_code == 302
    assert "\\" not in answer.headers["Location"]
    assert urlsplit(urljoin(hub, answer.headers["Location"])).netloc == urlsplit(hub).netloc


def test_the_book_needs_no_account(classroom: Classroom) -> None:
    """The book is open to everybody, and only the book's folder is served."""
    book = f"{classroom.address}/services/book/"
    assert requests.get(book, timeout=30).status_code == 200
    with requests.Session() as session:
        request = requests.Request("GET", book).prepare()
        request.url = f"{book}../../../../etc/passwd"
        assert "root:" not in session.send(request, timeout=30).text


@pytest.mark.parametrize("path", ["home", "spawn", "admin", "token"])
def test_pages_need_an_account(hub: str, path: str) -> None:
    """A page of the hub leads a stranger to the sign-in form."""
    answer = requests.get(f"{hub}/{path}", timeout=30, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/hub/login")
