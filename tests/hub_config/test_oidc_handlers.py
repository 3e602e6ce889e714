"""Signing in through OpenID Connect: a real hub, and a certified provider."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from aula.people import enrolments, identities, invitations, journal, persons, runs
from tests.hub_config.oidc.provider import Browser, ProviderProcess, settings_of
from tests.spawners.hub_double import PASSWORD, HubDouble, free_port

OFFICE = "office@nortada.example"
PEOPLE = {
    "sub-of-marta": {"name": "Marta Reis", "email": OFFICE, "email_verified": True, "zoneinfo": "Europe/Lisbon"},
    "sub-of-rui": {"name": "Rui Reis", "email": OFFICE, "email_verified": True, "locale": "pt-PT"},
    "sub-of-lia": {"name": "Lia Reis", "email": OFFICE, "email_verified": True},
    "sub-of-deniz": {"name": "Deniz Ak"},
    "sub-of-nobody": {"name": "Nobody Known"},
    "sub-of-eve": {"name": "<b>Eve</b>\n", "email": "x", "zoneinfo": "../../etc", "locale": 7},
}
CODE_COOKIE = "aula-code"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubDouble]:
    """A real hub, and the certified provider beside it."""
    folder, port = Path(tmp_path_factory.mktemp("hub")), free_port()
    found = HubDouble(folder, folder, settings_of(f"http://127.0.0.1:{port}"))
    provider = ProviderProcess(port, f"{found.url}/oauth_callback", PEOPLE, folder / "provider.log")
    try:
        found.start()
        yield found
    finally:
        found.kill()
        provider.kill()


@pytest.fixture
def browser(hub: HubDouble) -> Iterator[Browser]:
    """A browser that was nowhere yet."""
    with Browser(hub.url) as found:
        yield found


def invite(hub: HubDouble, browser: Browser, uses: int = 1) -> str:
    """Let a browser carry a new invitation's code, as the portal's page for joining does; return the code."""
    with hub.people.session() as session:
        code = invitations.invite(session, runs.get(session, "hpc-demo"), uses=uses)[1]
    browser.cookies.set(CODE_COOKIE, code, path="/", domain="127.0.0.1")
    return code


def issuer(hub: HubDouble) -> str:
    """Return the issuer in a hub's settings."""
    return str(json.loads((hub.folder / "settings.json").read_text())["oidc"]["issuer"])


def link(hub: HubDouble, name: str) -> str:
    """Let somebody sign in as a subject; return it."""
    with hub.people.session() as session:
        return identities.link(session, persons.get(session, name), issuer(hub), f"sub-of-{name}").subject


def names(hub: HubDouble) -> set[str]:
    """Return the names of all people in the database."""
    with hub.people.session() as session:
        return {one.name for one in persons.everyone(session)}


def test_who_is_not_known_is_refused_in_words(hub: HubDouble, browser: Browser) -> None:
    """Without a code nobody becomes a person, and the page says what helps."""
    page = browser.sign_in("sub-of-nobody")
    assert page.status_code == 403
    assert "You are not known here yet" in page.text
    assert "Open the invitation link" in page.text
    assert browser.name is None
    assert "nobody-known" not in names(hub)


def test_a_code_makes_a_person_who_is_known_from_then_on(hub: HubDouble, browser: Browser) -> None:
    """They are registered by the code, which is used up and gone from the browser, and later signed in as the same."""
    code = invite(hub, browser)
    assert browser.sign_in("sub-of-marta").ok
    assert browser.name == "marta-reis"
    assert CODE_COOKIE not in browser.cookies
    with Browser(hub.url) as later:
        assert later.sign_in("sub-of-marta").ok
        assert later.name == "marta-reis"
    with hub.people.session() as session:
        marta = persons.get(session, "marta-reis")
        assert (marta.full_name, marta.email, marta.time_zone) == ("Marta Reis", OFFICE, "Europe/Lisbon")
        assert [one.run.name for one in enrolments.of_person(session, marta)] == ["hpc-demo"]
        noted = {change.actor for change in journal.everything(session) if change.about == "marta-reis"}
        assert noted == {"marta-reis"}
    assert hub.ask("GET", "/users/marta-reis").json()["groups"] == ["nbgrader-hpc-demo"]
    with Browser(hub.url) as other:
        other.cookies.set(CODE_COOKIE, code, path="/", domain="127.0.0.1")
        page = other.sign_in("sub-of-nobody")
        assert (page.status_code, other.name) == (403, None)
        assert "This code cannot be used" in page.text


def test_the_same_address_of_another_subject_is_another_person(hub: HubDouble, browser: Browser) -> None:
    """Two subjects with one e-mail address are two people, and neither gets in as the other."""
    with Browser(hub.url) as first:
        invite(hub, first)
        assert first.sign_in("sub-of-lia").ok
        assert first.name == "lia-reis"
    assert browser.sign_in("sub-of-rui").status_code == 403
    invite(hub, browser)
    browser.cookies.set("aula-language", "ca", path="/", domain="127.0.0.1")
    assert browser.sign_in("sub-of-rui").ok
    assert browser.name == "rui-reis"
    with hub.people.session() as session:
        rui = persons.get(session, "rui-reis")
        assert (rui.email, rui.language, rui.time_zone) == (OFFICE, "ca", "Europe/Lisbon")
        assert persons.get(session, "lia-reis").email == OFFICE


def test_a_name_is_never_taken_over(hub: HubDouble, browser: Browser) -> None:
    """A subject that is called like a person here is not that person: ana's name is ana's."""
    invite(hub, browser)
    with hub.people.session() as session:
        persons.add(session, "deniz-ak", "Deniz Ak")
    assert browser.sign_in("sub-of-deniz").ok
    assert browser.name == "deniz-ak-2"


def test_what_a_provider_says_is_only_a_suggestion(hub: HubDouble, browser: Browser) -> None:
    """Markup, nonsense and wrong types in a provider's claims are neither shown nor kept as they are."""
    invite(hub, browser)
    page = browser.sign_in("sub-of-eve")
    assert page.ok
    assert "<b>Eve" not in page.text
    assert browser.name == "b-eve-b"
    with hub.people.session() as session:
        eve = persons.get(session, "b-eve-b")
        assert (eve.email, eve.language, eve.time_zone) == (None, None, "Europe/Lisbon")


def test_who_is_closed_is_refused(hub: HubDouble, browser: Browser) -> None:
    """The provider still vouches for them; the database decides. Who is signed in is out within seconds."""
    assert browser.sign_in(link(hub, "ines")).ok
    assert browser.name == "ines"
    token = hub.token_of("ines")
    assert hub.ask("GET", "/user", token).ok
    with hub.people.session() as session:
        persons.close(session, persons.get(session, "ines"))
    try:
        time.sleep(6)
        assert browser.name is None
        assert hub.ask("GET", "/user", token).status_code == 403
        page = browser.sign_in("sub-of-ines")
        assert page.status_code == 403
        assert "Your account is closed" in page.text
        assert browser.name is None
    finally:
        with hub.people.session() as session:
            persons.reopen(session, persons.get(session, "ines"))


def test_a_way_back_is_taken_once(hub: HubDouble, browser: Browser) -> None:
    """The address to which the provider sends a browser back lets it in once, also where it kept the cookie."""
    address = browser.way_back(link(hub, "ana"))
    kept = browser.cookies.copy()
    assert browser.get(address, allow_redirects=False, timeout=10).headers["Location"] == "/services/portal/"
    assert browser.name == "ana"
    with Browser(hub.url) as thief:
        thief.cookies = kept
        page = thief.get(address, timeout=10)
        assert (page.status_code, thief.name) == (400, None)
        assert "Please begin again" in page.text


def test_a_way_back_is_its_browsers_own(hub: HubDouble, browser: Browser) -> None:
    """Nobody can be signed in as somebody else by a link: the state belongs to the browser that began."""
    with Browser(hub.url) as attacker:
        address = attacker.way_back("sub-of-marta")
    assert browser.get(address, timeout=10).status_code == 400
    browser.leave()
    assert browser.get(address, timeout=10).status_code == 400
    assert browser.name is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=x&error_description=Call+555"])
def test_a_way_back_that_began_nowhere_is_refused(hub: HubDouble, browser: Browser, query: str) -> None:
    """An address made up by somebody lets nobody in, and shows none of their words."""
    page = browser.get(f"{hub.url}/oauth_callback{query}", timeout=10)
    assert page.status_code == 400
    assert "Call 555" not in page.text
    assert browser.name is None


def test_who_turns_back_at_the_provider_reads_so(hub: HubDouble, browser: Browser) -> None:
    """A person who gives up there comes back to a page in words."""
    state = parse_qs(urlsplit(browser.leave().headers["Location"]).query)["state"][0]
    page = browser.get(f"{hub.url}/oauth_callback", params={"error": "access_denied", "state": state}, timeout=10)
    assert page.status_code == 403
    assert "You were not signed in" in page.text


def test_the_way_there_is_guarded(browser: Browser) -> None:
    """State, nonce and a code challenge are long and different each time; the cookie is not for scripts."""
    asked = []
    for _ in range(2):
        answer = browser.leave()
        asked.append(parse_qs(urlsplit(answer.headers["Location"]).query))
        cookie = answer.headers["Set-Cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/hub/oauth_callback"))
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43
    assert asked[0]["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "///evil.example"])
def test_nobody_is_sent_elsewhere(hub: HubDouble, browser: Browser, elsewhere: str) -> None:
    """After a sign-in the browser stays on this site, whatever the link to it said."""
    browser.way_back(link(hub, "carla"))  # from now on the provider asks nothing
    back = browser.get(browser.leave(next=elsewhere).headers["Location"], allow_redirects=False, timeout=10)
    target = browser.get(back.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert not urlsplit(target).netloc
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


def test_a_password_works_beside_it(hub: HubDouble, browser: Browser) -> None:
    """The page offers both; the form lets in who has a password, to where the provider's button would lead too."""
    page = browser.get(f"{hub.url}/login?next=%2Fhub%2Fhome", timeout=10)
    assert 'href="/hub/oauth_login?next=%2Fhub%2Fhome"' in page.text
    assert "Sign in with your organisation" in page.text
    form = {"username": "carla", "password": PASSWORD, "_xsrf": browser.cookies["_xsrf"]}
    answer = browser.post(f"{hub.url}/login", params={"next": "/hub/home"}, data=form, timeout=10)
    assert answer.ok
    assert browser.name == "carla"


def test_the_portal_learns_who_it_is(hub: HubDouble, browser: Browser) -> None:
    """Whoever is signed in passes to the portal without a question; its token shows it that person, and no other."""
    browser.sign_in(link(hub, "ana"))
    portal = {"client_id": "service-portal", "redirect_uri": "/services/portal/oauth_callback"}
    query = {**portal, "response_type": "code", "state": "x"}
    answer = browser.get(f"{hub.url}/api/oauth2/authorize", params=query, allow_redirects=False, timeout=10)
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/services/portal/oauth_callback"
    form = {
        **portal,
        "client_secret": "a-token-of-the-portal",
        "grant_type": "authorization_code",
        "code": parse_qs(target.query)["code"][0],
    }
    token = requests.post(f"{hub.url}/api/oauth2/token", data=form, timeout=10).json()["access_token"]
    assert hub.ask("GET", "/user", token).json()["name"] == "ana"
    for path in ("/users", "/users/carla", "/services", "/groups"):
        assert hub.ask("GET", path, token).status_code in (403, 404)
    for path in ("/users", "/services", "/groups"):
        assert hub.ask("GET", path, "a-token-of-the-portal").status_code in (403, 404)
    seen = hub.ask("GET", "/users/ana", "a-token-of-the-portal").json()
    assert set(seen) == {"name", "kind", "admin", "user_info", "servers"}
    assert set(seen["user_info"]) == {"aula_password_set"}
