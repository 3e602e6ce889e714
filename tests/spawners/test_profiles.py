"""Profiles: what may stand in the settings, who may have which, and the form on a real hub."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from aula_spawner.errors import UnsafeValueError
from aula_spawner.profiles import checked_profiles, visible
from aula_spawner.slurm.profile import Request

from tests.spawners.hub_double import PASSWORD, HubDouble
from tests.spawners.slurm_double import SlurmDouble

USUAL = Request(partition="interactive", cores=1, memory="1G", walltime="02:00:00")
PROFILES = [
    {"name": "standard", "title": "Standard", "longest": "08:00:00"},
    {"name": "large", "title": "Large <b>one</b>", "cores": 4, "memory": "2G", "walltime": "01:00:00"},
    {"name": "huge", "title": "More than an association may have", "cores": 7},
    {"name": "vast", "title": "More than any node has", "memory": "1T"},
    {"name": "staff", "title": "For instructors", "groups": ["formgrade-hpc-demo"]},
    {"name": "class", "title": "For the run", "groups": ["nbgrader-hpc-demo"], "gpus": 1, "gpu_type": "a100"},
]


@pytest.fixture(scope="module")
def running_hub(tmp_path_factory: pytest.TempPathFactory, slurm: SlurmDouble) -> Iterator[HubDouble]:
    """A hub with profiles."""
    hub = HubDouble(Path(tmp_path_factory.mktemp("hub")), slurm.folder, profiles=PROFILES)
    hub.start()
    yield hub
    hub.kill()


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ([{"name": "a", "title": "A", "core": 2}], "'a': core"),
        ([{"name": "A", "title": "A"}], "'A': name"),
        ([{"name": "a"}], "'a': title"),
        ([{"name": "a", "title": "A", "cores": "2"}], "'a': cores"),
        ([{"name": "a", "title": "A", "walltime": 7200}], "in quotes"),
        ([{"name": "a", "title": "A", "walltime": "02:00:00", "longest": "01:00:00"}], "must not be longer"),
        ([{"name": "a", "title": "A", "constraint": "$(id)"}], "'a': constraint"),
        ([{"name": "a", "title": "A"}, {"name": "a", "title": "B"}], "two are called 'a'"),
    ],
)
def test_a_wrong_profile_is_named(given: list[dict[str, Any]], what: str) -> None:
    """A mistake in a profile is told with the profile's name and the key."""
    with pytest.raises(UnsafeValueError, match=re.escape(what)):
        checked_profiles(given)


def test_a_profile_changes_what_it_says_and_no_more() -> None:
    """What a profile leaves out is as for every server."""
    large = checked_profiles(PROFILES)[1]
    assert large.request(USUAL) == USUAL.model_copy(update={"cores": 4, "memory": "2G", "walltime": "01:00:00"})


def test_profiles_are_for_groups() -> None:
    """Who is in none of a profile's groups does not see it."""
    everybody = ["standard", "large", "huge", "vast"]
    assert [one.name for one in visible(checked_profiles(PROFILES), {"formgrade-hpc-demo"})] == [*everybody, "staff"]
    assert [one.name for one in visible(checked_profiles(PROFILES), set())] == everybody


def browser_of(hub: HubDouble, name: str) -> requests.Session:
    """Return somebody who is signed in."""
    session = requests.Session()
    session.get(f"{hub.url}/login", timeout=10)
    form = {"username": name, "password": PASSWORD, "_xsrf": session.cookies.get("_xsrf")}
    assert session.post(f"{hub.url}/login", data=form, timeout=20, allow_redirects=False).status_code == 302
    return session


def offered(page: str) -> list[str]:
    """Return the profiles on a form."""
    return re.findall(r'name="profile" id="profile-([a-z]+)"', page)


def preselected(page: str) -> str:
    """Return the profile that a form begins with."""
    found = re.search(r'value="([a-z]+)"\s+aria-describedby="[a-z-]+" checked', page)
    assert found, page
    return found[1]


def submit(hub: HubDouble, browser: requests.Session, **fields: str) -> requests.Response:
    """Send the form."""
    word = {"_xsrf": next(str(one.value) for one in browser.cookies if one.name == "_xsrf" and one.path == "/hub/")}
    return browser.post(f"{hub.url}/spawn", params=word, data=fields, timeout=20, allow_redirects=False)


def test_the_form_offers_what_can_be_had(hub: HubDouble) -> None:
    """The form has the person's own profiles that Slurm can give, each explained; operators' words are escaped."""
    page = browser_of(hub, "ana").get(f"{hub.url}/spawn", timeout=20).text
    assert offered(page) == ["standard", "large", "class"]
    assert preselected(page) == "standard"
    assert "Large &lt;b&gt;one&lt;/b&gt;" in page
    assert "Nodes with room for it now: 1. It would start at once." in page
    assert "GPUs: 1 (a100)" in page
    assert "At most 6 h" in page  # eight in the settings, six by the association
    assert '<option value="06:00:00">6 h</option>' in page
    assert "08:00:00" not in page


def test_a_course_link_begins_with_the_courses_profile(hub: HubDouble) -> None:
    """On the way to a course run the form begins with the first profile that is for its people."""
    way = f"{hub.url}/spawn?next=%2Fhub%2Fuser-redirect%2Flab%2Ftree%2Fcourses%2F"
    browser = browser_of(hub, "ana")
    assert preselected(browser.get(f"{way}hpc-demo%2Flessons%2F01.ipynb", timeout=20).text) == "class"
    assert preselected(browser.get(f"{way}another%2F01.ipynb", timeout=20).text) == "standard"


def test_a_choice_is_what_slurm_is_asked_for_and_is_remembered(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The chosen profile and life stand in the script, and the next form begins with them; so does a start by REST."""
    browser, number = browser_of(hub, "ana"), len(slurm.jobs()) + 1
    assert submit(hub, browser, profile="large", **{"walltime-standard": "02:00:00"}).status_code == 302
    script = str(slurm.wait_for_job(number)["script"])
    assert "#SBATCH --cpus-per-task=4\n#SBATCH --mem=2G\n#SBATCH --time=01:00:00\n" in script
    hub.ask("DELETE", "/users/ana/server")
    hub.wait_until("ana", ready=False)
    assert preselected(browser.get(f"{hub.url}/spawn", timeout=20).text) == "large"
    assert hub.ask("POST", "/users/ana/server").status_code == 202
    assert "#SBATCH --cpus-per-task=4\n" in str(slurm.wait_for_job(number + 1)["script"])


def test_a_life_is_chosen_by_form_and_by_rest(hub: HubDouble, slurm: SlurmDouble) -> None:
    """How long a server lives is the person's choice, within the profile's bound."""
    number = len(slurm.jobs()) + 1
    assert submit(hub, browser_of(hub, "ana"), profile="standard", **{"walltime-standard": "04:00:00"}).ok
    assert "--time=04:00:00\n" in str(slurm.wait_for_job(number)["script"])
    wanted = {"profile": "standard", "walltime": "00:30:00"}
    assert hub.ask("POST", "/users/ana/servers/short", json=wanted).status_code == 202
    assert "--time=00:30:00\n" in str(slurm.wait_for_job(number + 1)["script"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"profile": "staff"}, "There is no profile 'staff' for you. Allowed: standard, large, huge, vast, class."),
        ({"profile": "none-such"}, "There is no profile 'none-such' for you."),
        ({"profile": "large", "walltime": "01:00:01"}, "It can live from 1 to 60 minutes."),
        ({"profile": "standard", "walltime": "00:00:30"}, "It can live from 1 to 480 minutes."),
        ({"walltime": "long"}, "The option 'walltime' cannot be 'long'."),
    ],
)
def test_what_a_person_may_not_have_is_refused(
    hub: HubDouble, slurm: SlurmDouble, options: dict[str, str], said: str
) -> None:
    """Another group's profile, and a life beyond the bound, are a 400 in words; nothing is submitted or kept."""
    before = slurm.jobs()
    answer = hub.ask("POST", "/users/ana/server", hub.token_of("ana"), json=options)
    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert answer.json()["message"].endswith("Nothing was started.")
    assert slurm.jobs() == before


def test_what_slurm_never_gives_is_not_submitted(hub: HubDouble, slurm: SlurmDouble) -> None:
    """A profile beyond every node, or beyond the person's limits, would wait for ever: the start says so at once."""
    before = slurm.jobs()
    for name in ("huge", "vast"):
        assert hub.ask("POST", "/users/ana/server", json={"profile": name}).status_code >= 400
        hub.wait_until("ana", ready=False)
    assert slurm.jobs() == before
    assert "Slurm never gives you a server of the profile" in (hub.folder / "hub.log").read_text()


def test_while_slurm_is_silent_the_form_is_there(hub: HubDouble, slurm: SlurmDouble) -> None:
    """What Slurm does not say is not shown; the form offers everything that the person may have."""
    for command in ("sinfo", "scontrol", "sbatch"):
        slurm.answer(command, status=1, complaint="error: Unable to contact slurm controller")
    page = browser_of(hub, "carla").get(f"{hub.url}/spawn", timeout=20).text
    assert "standard" in offered(page)
