"""Two runs of one course: people of two companies join them in two languages, each instructor sees their own."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy import demo, files, people
from deploy.accounts import home
from deploy.classroom import classroom as whole
from tests.classroom import Classroom
from tests.hub_config.oidc.provider import CLIENT, SECRET, ProviderProcess
from tests.integration.person import wait_for
from tests.journey.browser import PHONE, chromium, page_of, picture, sign_in
from tests.journey.formgrader import Formgrader
from tests.journey.lab import Assignments, Lab

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
ASSIGNMENT = "first-job"
BUTTON = "Sign in with MyOrganisation"
PASSWORD = "uma-frase-longa-de-passe"
ELIF = {"name": "Elif Şahin", "locale": "tr", "zoneinfo": "Europe/Istanbul"}
RUNS = {"hpc-atlas": ("atlas", "Europe/Lisbon", 0), "hpc-ege": ("ege", "Europe/Istanbul", 7)}
INSTRUCTORS = {"hpc-atlas": "iva", "hpc-ege": "koray"}


@pytest.fixture(scope="module")
def browser(classroom: Classroom) -> Iterator[Browser]:
    """Chromium, with a page and cookies of its own for each person."""
    with chromium(classroom.settings.site.certificate) as running:
        yield running


@pytest.fixture(scope="module")
def single_sign_on(classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An identity provider beside the passwords, for as long as the test runs."""
    settings, port = classroom.settings, classroom.settings.port + 95
    secret = settings.state / "secrets" / "oidc.secret"
    files.write(secret, SECRET, mode=0o600)
    given = {"issuer": f"http://127.0.0.1:{port}", "client_id": CLIENT, "client_secret_file": str(secret)}
    files.write(demo.oidc_file(settings), json.dumps({**given, "name": BUTTON}))
    log = tmp_path_factory.mktemp("provider") / "log"
    provider = ProviderProcess(port, f"{classroom.address}/hub/oauth_callback", {"sub-elif": ELIF}, log)
    try:
        whole.up(settings)
        yield
    finally:
        provider.kill()
        demo.oidc_file(settings).unlink()
        whole.up(settings)


@pytest.fixture(scope="module")
def two_runs(classroom: Classroom, single_sign_on: None) -> Iterator[None]:
    """What an operator types: two companies, two runs with other dates, an instructor each; the machine follows."""
    del single_sign_on
    today = date.today()
    for run, (company, zone, later) in RUNS.items():
        first, last = today + timedelta(later), today + timedelta(later + 25)
        dates = (f"--from={first}", f"--to={last}", f"--zone={zone}")
        classroom.aula("company", "add", company, company.title())
        classroom.aula("run", "create", run, f"--course={demo.COURSE}", *dates, f"--title=HPC for {company.title()}")
        classroom.aula("people", "add", INSTRUCTORS[run], INSTRUCTORS[run].title(), f"--zone={zone}")
        classroom.aula("people", "passwords", "-", text=json.dumps({INSTRUCTORS[run]: PASSWORD}))
        classroom.aula("enrol", run, INSTRUCTORS[run], "--role=instructor")
    wait_for(classroom.settled, "the machine has made both runs ready", 120)
    yield
    for run in RUNS:
        classroom.aula("run", "archive", run)
    wait_for(classroom.settled, "the machine has closed both runs", 120)


def invitation_by(page: Page, classroom: Classroom, run: str, company: str) -> str:
    """Let an instructor make an invitation on their run's page, and return its link."""
    sign_in(page, classroom.address, INSTRUCTORS[run], PASSWORD)
    page.get_by_role("link", name="Look after this run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"HPC for {company.title()}")
    picture(page, f"run-{run}")
    page.get_by_label("Company").select_option(label=company.title())
    page.get_by_role("button", name="Make the code").click()
    expect(page.locator("svg").last).to_be_visible()
    picture(page, f"invitation-{run}")
    found = re.search(rf"{classroom.address}/services/portal/join/[A-Z0-9-]+", page.content())
    assert found, page.content()
    return found[0]


def joins_by_invitation(page: Page, link: str) -> str:
    """Make an account in Portuguese by the link alone, sign in, and return the new name."""
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("HPC for Atlas")
    picture(page, "phone-join-pt")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("[name=full_name]").fill("Marta Conceição")
    for field in page.locator("[type=password]").all():
        field.fill(PASSWORD)
    page.locator("form[action$=register] button").click()
    expect(page.get_by_text("marta-conceicao", exact=True)).to_be_visible()
    page.locator("main a").last.click()
    page.locator("#username_input").fill("marta-conceicao")
    page.locator("#password_input").fill(PASSWORD)
    page.get_by_role("button", name="Iniciar sessão").click()
    expect(page.get_by_role("heading", name="HPC for Atlas")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "pt")
    picture(page, "phone-my-courses-pt")
    return "marta-conceicao"


def joins_by_single_sign_on(page: Page, link: str) -> str:
    """Come through the identity provider in Turkish, with the code that the link holds; return the new name."""
    page.goto(link)
    picture(page, "join-tr")
    page.locator("form[action$=sign-in] button").first.click()
    page.get_by_role("link", name=BUTTON).click()
    page.locator("[name=login]").fill("sub-elif")
    page.locator("[name=password]").fill("anything")
    page.locator("[type=submit]").click()
    page.locator("[type=submit]").click()  # the provider asks whether this class may know who she is
    page.wait_for_url("**/services/portal/**")
    expect(page.get_by_role("heading", name="HPC for Ege")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    picture(page, "my-courses-tr")
    return "elif-sahin"


def hands_in(page: Page, classroom: Classroom, run: str) -> None:
    """Open the lesson of the own run from My courses, then fetch and hand in the own run's assignment."""
    page.goto(f"{classroom.address}/services/portal/")
    page.locator(f"section[aria-labelledby=run-{run}] a.aula-button").first.click()
    lab = Lab(page)
    page.locator("#spawn_form #start").click()
    lab.ready()
    assert f"/lab/tree/courses/{run}/lessons/" in page.url
    lab.idle()
    assignments = Assignments(lab)
    assignments.fetch(ASSIGNMENT)
    assignments.submit(ASSIGNMENT)
    picture(page, f"handed-in-{run}")


def test_two_companies_two_runs(classroom: Classroom, browser: Browser, two_runs: None) -> None:
    """By invitation and by single sign-on people reach their run and hand in; only its instructor sees it."""
    del two_runs
    iva = page_of(browser)
    link = invitation_by(iva, classroom, "hpc-atlas", "atlas")
    joins_by_invitation(page_of(browser, PHONE, "pt-PT"), link)
    code = classroom.aula("invite", "hpc-ege", "--company=ege")["code"]
    elif_page = page_of(browser, locale="tr-TR")
    joins_by_single_sign_on(elif_page, f"{classroom.address}/services/portal/join/{code}")

    marta_page = page_of(browser)
    sign_in(marta_page, classroom.address, "marta-conceicao", PASSWORD)
    accounts = wait_for(lambda: lent(classroom, "marta-conceicao", "elif-sahin"), "both have a Unix account", 60)
    hands_in(marta_page, classroom, "hpc-atlas")
    hands_in(elif_page, classroom, "hpc-ege")
    jobs = classroom.slurm("squeue", "--noheader", "--format=%u %a")
    assert {f"{accounts['marta-conceicao']} atlas", f"{accounts['elif-sahin']} ege"} <= set(jobs.splitlines()), jobs

    for run, trainee in (("hpc-atlas", "marta-conceicao"), ("hpc-ege", "elif-sahin")):
        sees_their_own_run_alone(browser, classroom, run, trainee)
    where = [home(classroom.settings, account) for account in accounts.values()]
    assert all((folder / "courses").is_dir() for folder in where)
    leaves_nothing(classroom, where)
    opens_again(browser, classroom)


def lent(classroom: Classroom, *names: str) -> dict[str, str]:
    """Return the Unix accounts of people by name, once the machine knows all of them."""
    found = {one.person: one.name for one in people.read(classroom.settings).accounts if one.person in names}
    return {str(person): account for person, account in found.items()} if len(found) == len(names) else {}


def sees_their_own_run_alone(browser: Browser, classroom: Classroom, run: str, trainee: str) -> None:
    """Collect and find the one submission; the other run's formgrader and page are refused."""
    page = page_of(browser)
    sign_in(page, classroom.address, INSTRUCTORS[run], PASSWORD)
    page.wait_for_url("**/services/portal/**")
    page.goto(f"{classroom.address}/services/{run}/formgrader")
    page.wait_for_url("**/formgrader**")
    formgrader = Formgrader(page, classroom.address, run)
    assert "Success" in formgrader.collect(ASSIGNMENT)
    formgrader.open_submissions(ASSIGNMENT)
    expect(page.get_by_text(trainee)).to_have_count(1)
    picture(page, f"formgrader-{run}")
    (other,) = set(RUNS) - {run}
    for path in (f"/services/{other}/formgrader", f"/services/portal/runs/{other}"):
        answer = page.goto(classroom.address + path)
        assert answer is not None
        assert answer.status in (403, 404), path
        assert "Conceição" not in page.content()
        assert "Şahin" not in page.content()


def leaves_nothing(classroom: Classroom, homes: list[Path]) -> None:
    """Archive the runs: the lent accounts are cleaned and free again, and hold nothing of who had them."""
    for run in RUNS:
        classroom.aula("run", "archive", run)
    names = {folder.name for folder in homes}

    def clean() -> bool:
        states = {one.name: one.state for one in people.read(classroom.settings).accounts}
        return {states[name] for name in names} == {"free"}

    wait_for(clean, "the lent accounts are free again", 120)
    assert [path for folder in homes for path in folder.iterdir()] == []
    assert not [line for line in classroom.slurm("squeue", "--noheader", "--format=%u").splitlines() if line in names]


def opens_again(browser: Browser, classroom: Classroom) -> None:
    """A run that is opened again has what was handed in, and its people their place."""
    classroom.aula("run", "reopen", "hpc-atlas")
    wait_for(classroom.settled, "the run is open again, and its formgrader runs", 60)
    page = page_of(browser)
    sign_in(page, classroom.address, INSTRUCTORS["hpc-atlas"], PASSWORD)
    page.wait_for_url("**/services/portal/**")
    page.goto(f"{classroom.address}/services/hpc-atlas/formgrader")
    page.wait_for_url("**/formgrader**")
    Formgrader(page, classroom.address, "hpc-atlas").open_submissions(ASSIGNMENT)
    expect(page.get_by_text("marta-conceicao")).to_have_count(1)
