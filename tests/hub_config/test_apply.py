"""The settings become JupyterHub's configuration."""

from traitlets.config import Config

from hub_config.apply import apply
from hub_config.roles import groups, roles
from hub_config.services import services
from hub_config.settings import HubSettings


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


def test_only_the_people_of_the_settings_may_enter(settings: HubSettings) -> None:
    """The allow-list is the settings' people; nobody is an administrator."""
    config = _applied(settings)
    assert config.Authenticator.allowed_users == {"ana", "carla", "ines"}
    assert config.Authenticator.allow_all is False
    assert "admin_users" not in config.Authenticator


def test_an_empty_class_lets_nobody_in(settings: HubSettings) -> None:
    """No people means nobody, not everybody."""
    config = _applied(settings.model_copy(update={"people": ()}))
    assert config.Authenticator.allowed_users == set()
    assert config.Authenticator.allow_all is False


def test_a_person_may_have_few_servers(settings: HubSettings) -> None:
    """Named servers are limited, and servers run in the settings' partition."""
    config = _applied(settings)
    assert config.JupyterHub.named_server_limit_per_user == 2
    assert config.AulaSpawner.partition == settings.slurm.partition


def test_groups_are_nbgraders(settings: HubSettings) -> None:
    """Trainees and instructors are in the two groups that nbgrader looks for."""
    assert groups(settings) == {
        "nbgrader-hpc-demo": {"users": ["ana", "carla"]},
        "formgrade-hpc-demo": {"users": ["ines"]},
    }


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
    """Every right of a formgrader is limited to its run's trainees."""
    formgrader = next(role for role in roles(settings) if role.get("services") == ["hpc-demo"])
    assert all(scope.endswith("!group=nbgrader-hpc-demo") for scope in formgrader["scopes"])


def test_services_are_started_by_others(settings: HubSettings) -> None:
    """No service has a command, so the hub starts none; the book needs no token of its own."""
    assert [service["name"] for service in services(settings)] == ["book", "hpc-demo"]
    assert all("command" not in service for service in services(settings))


def test_pages_know_no_secret(settings: HubSettings) -> None:
    """No token and no name of a person is among the pages' variables."""
    shown = str(_applied(settings).JupyterHub.template_vars)
    assert "a-token-of-the-formgrader" not in shown
    assert "ana" not in shown


def test_cookies_travel_by_tls_alone_where_there_is_tls(settings: HubSettings) -> None:
    """At an https address no page of the hub sets a cookie that a browser would send in clear."""
    config = _applied(settings.model_copy(update={"public_url": "https://aula.example.org/"}))
    assert config.JupyterHub.public_url == "https://aula.example.org/"
    assert config.JupyterHub.tornado_settings == {"cookie_options": {"secure": True}}
    assert "tornado_settings" not in _applied(settings).JupyterHub


def test_servers_ask_slurm_for_what_the_site_says(settings: HubSettings) -> None:
    """Cores, memory and time of a server come from the site's description, as do Slurm's commands."""
    changes = {"cores": 2, "memory": "3G", "walltime": "01:30:00", "commands": "/opt/slurm/bin", "configuration": None}
    slurm = settings.slurm.model_copy(update=changes)
    spawner = _applied(settings.model_copy(update={"slurm": slurm})).AulaSpawner
    assert (spawner.cores, spawner.memory, spawner.runtime) == (2, "3G", "01:30:00")
    assert (spawner.slurm_bin, spawner.slurm_conf) == ("/opt/slurm/bin", "")
