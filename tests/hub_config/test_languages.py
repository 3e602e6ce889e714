"""The language of the hub's pages, as a real hub shows them."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from aula.people import persons
from hub_config.languages import inner
from tests.spawners.hub_double import PASSWORD, HubDouble
from tests.spawners.slurm_double import SlurmDouble


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> SlurmDouble:
    """A Slurm double."""
    return SlurmDouble(tmp_path_factory.mktemp("slurm") / "bin")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A real hub, where Carla reads Turkish."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder)
    with hub.people.session() as session:
        persons.choose(session, persons.get(session, "carla"), language="tr")
    hub.start()
    yield hub
    hub.kill()


def browser(accepts: str = "") -> requests.Session:
    """Return a browser that likes these languages."""
    session = requests.Session()
    session.headers["Accept-Language"] = accepts
    return session


def sign_in(hub: HubDouble, name: str, password: str, session: requests.Session) -> requests.Response:
    """Send the form of the sign-in page."""
    session.get(f"{hub.url}/login", timeout=10)
    form = {"username": name, "password": password, "_xsrf": session.cookies["_xsrf"]}
    return session.post(f"{hub.url}/login", data=form, timeout=10, allow_redirects=False)


def words_of(answer: requests.Response) -> str:
    """Return a page's text, without the marks that stand for signs."""
    return html.unescape(answer.content.decode())


def click(hub: HubDouble, session: requests.Session, language: str, then: str = "/hub/login") -> requests.Response:
    """Click on a language."""
    session.get(f"{hub.url}/connection", timeout=10)
    form = {"language": language, "next": then, "_xsrf": session.cookies["_xsrf"]}
    return session.post(f"{hub.url}/language", data=form, timeout=10, allow_redirects=False)


@pytest.mark.parametrize(
    ("accepts", "language", "words"),
    [
        ("es-ES,es;q=0.9,en;q=0.8", "es", "Iniciar sesión"),
        ("ca", "ca", "Inicia la sessió"),
        ("pt-PT", "pt", "Palavra-passe"),
        ("tr", "tr", "Oturum aç"),
        ("de,ro;q=0.5", "ro", "Autentificare"),
        ("de", "en", "Sign in"),
    ],
)
def test_a_page_is_in_the_browsers_language(hub: HubDouble, accepts: str, language: str, words: str) -> None:
    """The sign-in page speaks what the browser asks for, and says which language it is in."""
    page = words_of(browser(accepts).get(f"{hub.url}/login", timeout=10))
    assert f'<html lang="{language}">' in page
    assert words in page


def test_an_error_is_in_the_browsers_language(hub: HubDouble) -> None:
    """What is rendered outside of requests' usual way speaks too, JupyterHub's own words in the page included."""
    page = words_of(browser("es").get(f"{hub.url}/nowhere", timeout=10))
    assert "Esta página no existe" in page
    assert "Esta página necesita JavaScript." in page
    assert "JupyterHub requires" not in page


def test_what_python_says_is_translated(hub: HubDouble) -> None:
    """The throttle's sentence, raised as an error, is in the reader's language with its number."""
    session = browser("tr")
    for _ in range(6):
        answer = sign_in(hub, "nobody", "wrong", session)
    assert answer.status_code == 429
    assert "Çok fazla başarısız oturum açma denemesi oldu." in words_of(answer)


def test_a_click_is_remembered(hub: HubDouble) -> None:
    """A click sets the cookie for the whole site, for a year, and goes back to where it was made."""
    session = browser("es")
    answer = click(hub, session, "ro", "/hub/connection")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hub/connection")
    cookie = next(one for one in session.cookies if one.name == "aula-language")
    assert (cookie.value, cookie.path) == ("ro", "/")
    assert '<html lang="ro">' in words_of(session.get(f"{hub.url}/login", timeout=10))


def test_a_click_of_somebody_signed_in_is_their_own_language(hub: HubDouble) -> None:
    """It is kept with the person: another browser of theirs speaks it too, whatever that browser likes."""
    session = browser("es")
    sign_in(hub, "ines", PASSWORD, session)
    click(hub, session, "ca", "/hub/home")
    with hub.people.session() as database:
        assert persons.get(database, "ines").language == "ca"
    other = browser("es")
    sign_in(hub, "ines", PASSWORD, other)
    assert '<html lang="ca">' in words_of(other.get(f"{hub.url}/home", timeout=10))


def test_a_click_from_elsewhere_changes_nothing(hub: HubDouble) -> None:
    """Another site cannot change somebody's language, and an unknown language is refused."""
    refused = requests.post(f"{hub.url}/language", data={"language": "ro"}, timeout=10, allow_redirects=False)
    assert refused.status_code == 403
    assert click(hub, browser(), "xx").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "", "/a\nb", "/\t/x"],
)
def test_a_click_leads_to_no_other_site(hub: HubDouble, address: str) -> None:
    """Whatever stands in the form, the way back is on this site."""
    assert inner(address) is None
    assert click(hub, browser(), "es", address).headers["Location"] == "/hub/"


def test_a_path_of_this_site_is_gone_back_to() -> None:
    """Paths with queries, and of other services, are on this site."""
    assert inner("/hub/spawn-pending/ana?next=%2Fx") == "/hub/spawn-pending/ana?next=%2Fx"


def test_a_server_starts_in_its_owners_language(hub: HubDouble, slurm: SlurmDouble) -> None:
    """While it starts its owner reads their own language, and JupyterLab is told to begin in it."""
    session = browser("es")
    sign_in(hub, "carla", PASSWORD, session)
    assert '<html lang="tr">' in words_of(session.get(f"{hub.url}/home", timeout=10))
    page = words_of(session.get(f"{hub.url}/spawn", timeout=20))
    assert "JupyterLab'iniz başlatılıyor" in page
    script = str(slurm.wait_for_job(1)["script"])
    assert "AULA_LAB_LOCALE=tr_TR" in script
    progress = hub.url.removesuffix("/hub") + re.findall('data-progress="([^"]*)"', page)[0]
    events = session.get(progress, timeout=20, stream=True)
    said = [json.loads(line[6:])["message"] for line in _some(events) if line.startswith("data: ")]
    assert said[-1].startswith("1 numaralı iş kuyrukta bekliyor: düğümler dolu; sizinki biri boşalınca başlar.")


def test_a_server_starts_in_the_browsers_language_where_its_owner_has_none(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Who has chosen no language reads what their browser asks for, and JupyterLab is told to begin in it."""
    session = browser("ro-RO,ro;q=0.9,en;q=0.5")
    sign_in(hub, "ana", PASSWORD, session)
    with hub.people.session() as database:
        assert persons.get(database, "ana").language is None
    assert '<html lang="ro">' in words_of(session.get(f"{hub.url}/home", timeout=10))
    started = len(slurm.jobs())
    session.get(f"{hub.url}/spawn", timeout=20)
    assert "AULA_LAB_LOCALE=ro_RO" in str(slurm.wait_for_job(started + 1)["script"])


def test_a_server_that_starts_anew_by_itself_keeps_its_language(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Where no browser says what its owner reads, the next server has the language of the last one."""
    session = browser("ca")
    sign_in(hub, "ana", PASSWORD, session)
    for start in (
        lambda: session.get(f"{hub.url}/spawn", timeout=20),
        lambda: hub.ask("POST", "/users/ana/server"),
    ):
        hub.ask("DELETE", "/users/ana/server")
        hub.wait_until("ana", ready=False)
        number = len(slurm.jobs()) + 1
        start()
        assert "AULA_LAB_LOCALE=ca_ES" in str(slurm.wait_for_job(number)["script"])


def _some(events: requests.Response) -> Iterator[str]:
    """Yield lines until one says where the job waits."""
    for line in events.iter_lines(decode_unicode=True):
        yield line
        if "kuyrukta" in line:
            return
