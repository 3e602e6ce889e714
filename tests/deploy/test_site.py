"""The site as the deployment knows it: this machine's, and a centre's from its description."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from deploy import files, people, site, sudo
from deploy.classroom import hub, nginx
from deploy.errors import DeployError, SettingError
from deploy.settings import Settings
from deploy.site import Site
from deploy.testsite import description, testsite


@pytest.fixture
def described(settings: Settings) -> Site:
    """The site that a test site's site.yml describes, with the defaults that `aula site show` fills in."""
    there = testsite.centre(replace(settings, cluster="testsite"))
    text = description.document(there, Path("/shared/aula"), Path("/tls/certificate.pem"), Path("/tls/key.pem"))
    document = json.loads(text)
    document["service_node"] = {
        "hub_port": 8081,
        "hand_in_port": 8082,
        "internal_tls": True,
        **document["service_node"],
    }
    defaults = {"configuration": None, "commands": "/usr/bin", "associate": None, "jobs": None}
    document["slurm"] = {
        **defaults,
        "server": {"cores": 1, "memory": "1G", "walltime": "02:00:00", "idle_minutes": 60, "most_core_hours": 0},
        **document["slurm"],
    }
    document["accounts"] |= {"map": None, "jobs": []}
    document.setdefault("profiles", [])
    document.setdefault("book", {"mistakes": None})
    return Site.from_document({**document, "people_database": None, "sign_in": {"local_accounts": True, "oidc": None}})


def test_a_centres_site_is_what_its_description_says(described: Site) -> None:
    """Addresses, folders and accounts come from the description; the address has no slash at its end."""
    assert described.address == "https://unit-test.test"
    assert described.host == "unit-test.test"
    assert described.hub_api == "https://10.199.199.2:8081/"
    assert described.software == Path("/shared/aula/software")
    assert described.course_folder == Path("/shared/aula/course")
    assert described.slurm.environment == {}
    assert len(described.pool) == 6
    assert len(described.run_accounts) == 3
    assert described.local_accounts


def test_who_sees_a_profile_is_told_to_the_hub_by_groups() -> None:
    """People of a run, staff included, and of a company are groups of the hub; the rest of a profile stays as it is."""
    given = {"name": "gpu", "gpus": 1, "groups": ["guests"], "runs": ["dl-1"], "companies": ["nortada"]}
    groups = ["guests", "nbgrader-dl-1", "formgrade-dl-1", "company-nortada"]
    assert hub.profile(given) == {"name": "gpu", "gpus": 1, "groups": groups}
    assert hub.profile({"name": "all"}) == {"name": "all", "groups": []}


def test_this_machine_is_a_site_too(settings: Settings) -> None:
    """Without a centre the class runs on our own Slurm: everything lies in prefix and state."""
    here = settings.site
    assert (here.software, here.course_folder) == (settings.prefix, settings.state)
    assert here.slurm.environment == {"SLURM_CONF": str(settings.state / "slurm" / "slurm.conf")}
    assert here.address == f"http://127.0.0.1:{settings.port}"


def test_environments_for_nodes_lie_where_nodes_see_them(settings: Settings, described: Site) -> None:
    """User and tools environments go to the shared folder, the hub's stays on the service node's own disk."""
    there = replace(settings, cluster="site", described=described)
    assert there.environment("user").parent == described.software / "envs"
    assert there.environment("tools") == described.software / "envs" / "tools"
    assert there.environment("hub") == settings.prefix / "envs" / "hub"


def test_without_a_description_it_says_which_to_name(tmp_path: Path) -> None:
    """CLUSTER=site without a known site is an error that names the remedy; nothing is guessed."""
    settings = Settings.from_environment({"CLUSTER": "site", "STATE": str(tmp_path / "state")})
    with pytest.raises(SettingError, match=r"SITE=site\.yml"):
        _ = settings.site
    assert site.read(tmp_path / "nothing.json") is None


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [({"CLUSTER": "sites"}, "machine, site, testsite"), ({"SITE": "site.yml"}, "CLUSTER=site")],
)
def test_a_wrong_choice_of_cluster_is_refused(environment: dict[str, str], remedy: str) -> None:
    """An unknown kind of cluster, or a description without CLUSTER=site, is refused with the remedy."""
    with pytest.raises(SettingError, match=remedy):
        Settings.from_environment(environment)


def test_sudo_names_every_account_and_no_group(settings: Settings) -> None:
    """The hub's rule lists the pool and people's own accounts by name: a newcomer on the machine is not in it."""
    account = {"name": "ana", "pooled": False, "state": "taken", "person": "ana", "company": None}
    files.folder(settings.state)
    document = {"version": 1, "companies": [], "accounts": [account], "runs": [], "waiting": []}
    files.write(people.file(settings), json.dumps(document))
    rule, lists = sudo.rules(settings).splitlines()[-2:]
    names = ", ".join([*settings.site.pool, "ana"])
    assert rule.startswith(f"{settings.site.hub_account} ALL=({names}) NOPASSWD: /usr/bin/sbatch, ")
    assert lists == f'{settings.site.hub_account} ALL=(slurm) NOPASSWD: {settings.prefix}/bin/aula-jobs ""'
    assert "%" not in rule
    assert rule.count("/usr/bin/") == 5


def test_nginx_passes_websockets_and_the_true_address(settings: Settings, described: Site) -> None:
    """The web server upgrades websockets, sets the address it saw, and sends plain http to TLS."""
    text = nginx.configuration(replace(settings, cluster="site", described=described))
    assert "proxy_set_header Upgrade $http_upgrade;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "return 301 https://unit-test.test$request_uri;" in text
    assert "server_name unit-test.test *.unit-test.test;" in text
    assert "ssl_certificate /tls/certificate.pem;" in text


def test_another_port_than_443_takes_no_port_80(settings: Settings, described: Site) -> None:
    """Where TLS has a port of its own choice, nothing else is listened on."""
    other = replace(described, address="https://aula.example.org:8443")
    text = nginx.configuration(replace(settings, cluster="site", described=other))
    assert "listen 8443 ssl;" in text
    assert "listen 80;" not in text


def test_without_a_certificate_there_is_no_nginx(settings: Settings) -> None:
    """This machine's demo class has no TLS, and asking for its configuration is an error."""
    assert not nginx.wanted(settings)
    with pytest.raises(DeployError, match="certificate"):
        nginx.configuration(settings)


def test_a_test_site_is_strange_to_its_service_node(settings: Settings) -> None:
    """The site has a state of its own, and its machines do not see the class's folders."""
    there = testsite.centre(settings)
    assert there.head_apart
    assert not there.state.is_relative_to(settings.state)
    assert set(there.strange_to) == {settings.state, settings.prefix}
