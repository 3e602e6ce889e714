"""The settings become JupyterHub's configuration."""

from traitlets.config import Config

from hub_config.apply import apply
from hub_config.identity import PeopleAuthenticator
from hub_config.roles import roles
from hub_config.services import services
from hub_config.settings import HubSettings, InternalTlsSettings, OidcSettings


def _applied(settings: HubSettings) -> Config:
    config = Config()
    apply(config, settings)
    return config


def test_servers_and_proxy_outlive_the_hub(settings: HubSettings) -> None:
    """The hub neither starts the proxy nor stops anything when it ends."""
    config = _applied(settings)
    assert config.ConfigurableHTTPProxy.should_start is False
    assert config.JupyterHub.cleanup_servers is False
    assert config.JupyterHub.cleanup_proxy is False


def test_internal_tls_is_jupyterhubs_own(settings: HubSettings) -> None:
    """Only where it is set do hub and proxy speak TLS, in the name by which the nodes know the hub."""
    assert "internal_ssl" not in _applied(settings).JupyterHub
    tls = InternalTlsSettings(certificates_dir="/srv/aula/hub/internal-tls", errors_url="http://127.0.0.1:8014/")
    config = _applied(settings.model_copy(update={"internal_tls": tls, "hub_bind_url": "https://10.1.0.2:8081/"}))
    assert config.JupyterHub.internal_ssl is True
    assert config.JupyterHub.internal_certs_location == tls.certificates_dir
    assert config.JupyterHub.trusted_alt_names == ["IP:10.1.0.2", "IP:127.0.0.1"]
    assert config.WatchedProxy.errors_url == tls.errors_url


def test_only_the_database_says_who_may_enter(settings: HubSettings) -> None:
    """There is no list of names that could mean everybody, and nobody is an administrator."""
    config = _applied(settings)
    assert config.JupyterHub.authenticator_class is PeopleAuthenticator
    assert config.PeopleAuthenticator.people_database == settings.people_database
    assert config.Authenticator.allow_all is False
    for name in ("allowed_users", "allow_existing_users", "admin_users"):
        assert name not in config.Authenticator


def test_groups_come_from_the_database(settings: HubSettings) -> None:
    """The settings name no member of a group; who is closed is out within seconds, with every token."""
    config = _applied(settings)
    assert "load_groups" not in config.JupyterHub
    assert config.Authenticator.manage_groups is True
    assert 0 < config.Authenticator.auth_refresh_age <= 10
    assert config.Authenticator.auth_refresh_strict is True


def test_a_provider_is_asked_where_there_is_one(settings: HubSettings, oidc: OidcSettings) -> None:
    """Its settings reach the authenticator; people come back to the public address, whatever host a request names."""
    assert "issuer" not in _applied(settings).PeopleAuthenticator
    found = _applied(settings.model_copy(update={"oidc": oidc})).PeopleAuthenticator
    assert (found.issuer, found.client_id, found.client_secret) == (oidc.issuer, oidc.client_id, oidc.client_secret)
    assert found.scope == ["openid", "profile", "email"]
    assert found.oauth_callback_url == "http://127.0.0.1:65000/hub/oauth_callback"


def test_people_land_on_the_portal(settings: HubSettings) -> None:
    """The start page is the portal's."""
    assert _applied(settings).JupyterHub.default_url == "/services/portal/"


def test_a_person_may_have_few_servers(settings: HubSettings) -> None:
    """Named servers are limited, and servers run in the settings' partition."""
    config = _applied(settings)
    assert config.JupyterHub.named_server_limit_per_user == 2
    assert config.AulaSpawner.partition == settings.slurm.partition


def test_only_instructors_open_the_formgrader(settings: HubSettings) -> None:
    """The right to open a run's formgrader belongs to the run's instructors alone."""
    granting = [
        role
        for role in roles(settings)
        if "access:services!service=hpc-demo" in role["scopes"] and role["name"] != "server"
    ]
    assert [role["groups"] for role in granting] == [["formgrade-hpc-demo"]]


def test_a_server_may_do_little(settings: HubSettings) -> None:
    """Every right of a server's token is limited to its owner, itself or a named service."""
    server = next(role for role in roles(settings) if role["name"] == "server")
    assert all("!" in scope for scope in server["scopes"])


def test_a_formgrader_sees_its_own_run_only(settings: HubSettings) -> None:
    """Every right of a formgrader is to read about its run's trainees; who they are is the database's to say."""
    formgrader = next(role for role in roles(settings) if role.get("services") == ["hpc-demo"])
    assert all(scope.startswith(("list:", "read:")) for scope in formgrader["scopes"])
    assert all(scope.endswith("!group=nbgrader-hpc-demo") for scope in formgrader["scopes"])


def test_services_are_started_by_others(settings: HubSettings) -> None:
    """No service has a command, so the hub starts none; the book needs no token of its own."""
    assert [service["name"] for service in services(settings)] == [
        "book",
        "portal",
        "hand-in",
        "monitoring",
        "hpc-demo",
    ]
    assert all("command" not in service for service in services(settings))


def test_the_portal_has_a_say_in_trainees_servers_and_reads_hand_ins(settings: HubSettings) -> None:
    """Everybody may open the portal; its token has a say in these servers, reads hand-ins, finds formgraders; no more.

    It opens no formgrader: each of them runs as an account of its own, and would get the token.
    """
    portal = next(service for service in services(settings) if service["name"] == "portal")
    assert (portal["api_token"], portal["oauth_no_confirm"]) == (settings.portal.token, True)
    (role,) = [role for role in roles(settings) if "portal" in role.get("services", ())]
    hand_in, *servers, formgrader = role["scopes"]
    assert (hand_in, formgrader) == ("access:services!service=hand-in", "read:services!service=hpc-demo")
    assert servers == [f"{verb}:servers!group=nbgrader-hpc-demo" for verb in ("read", "start", "delete")]
    user = next(role for role in roles(settings) if role["name"] == "user")
    assert "access:services!service=portal" in user["scopes"]
    assert all("!" in scope for scope in user["scopes"])


def test_pages_know_no_secret(settings: HubSettings) -> None:
    """No token is among the pages' variables."""
    shown = str(_applied(settings).JupyterHub.template_vars)
    assert "token" not in shown


def test_cookies_travel_by_tls_alone_where_there_is_tls(settings: HubSettings) -> None:
    """At an https address no page of the hub sets a cookie that a browser would send in clear."""
    config = _applied(settings.model_copy(update={"public_url": "https://aula.example.org/"}))
    assert config.JupyterHub.public_url == "https://aula.example.org/"
    assert config.JupyterHub.tornado_settings["cookie_options"] == {"secure": True}
    assert "cookie_options" not in _applied(settings).JupyterHub.tornado_settings


def test_servers_ask_slurm_for_what_the_site_says(settings: HubSettings) -> None:
    """Cores, memory and time of a server come from the site's description, as do Slurm's commands."""
    changes = {"cores": 2, "memory": "3G", "walltime": "01:30:00", "idle_minutes": 20, "most_core_hours": 40}
    elsewhere = {"commands": "/opt/slurm/bin", "configuration": None}
    slurm = settings.slurm.model_copy(update={**changes, **elsewhere})
    spawner = _applied(settings.model_copy(update={"slurm": slurm})).AulaSpawner
    assert (spawner.cores, spawner.memory, spawner.walltime, spawner.idle_timeout) == (2, "3G", "01:30:00", 1200)
    assert spawner.most_core_hours == 40
    assert (spawner.slurm_bin, spawner.slurm_conf) == ("/opt/slurm/bin", "")
