"""The language: chosen by a click, remembered, taken back; and where the click leads."""

import re

import pytest

from aula.people import persons
from tests.aula.web.portal import answering_hub
from tests.aula.web.portal.conftest import Class


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
