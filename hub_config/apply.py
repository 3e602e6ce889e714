"""Turns the settings into JupyterHub's configuration: one function for each section, nothing else."""

from pathlib import Path

from aula_spawner.spawner import AulaSpawner
from tornado.web import StaticFileHandler
from traitlets.config import Config

from aula.look import STATIC as LOOK
from hub_config import backlog, connection, languages, prestart
from hub_config.certificates import alternative_names
from hub_config.domains import domain_of
from hub_config.identity import PeopleAuthenticator
from hub_config.oidc_handlers import CALLBACK
from hub_config.pages import page_variables
from hub_config.profiles import of_group, on_the_way
from hub_config.proxy import WatchedProxy
from hub_config.roles import roles
from hub_config.servers import before_start
from hub_config.services import PORTAL, services
from hub_config.settings import HubSettings
from hub_config.wishes import Wishes

_HERE = Path(__file__).parent
REFRESH_S = 5
"""Seconds after which the hub looks again who somebody is."""


def apply(config: Config, settings: HubSettings) -> None:
    """Set everything."""
    for set_section in (
        set_addresses,
        set_internal_tls,
        set_state,
        set_identity,
        set_roles,
        set_services,
        set_servers,
        set_pages,
    ):
        set_section(config, settings)


def set_addresses(config: Config, settings: HubSettings) -> None:
    """Set where the hub listens and which proxy, not started by the hub, stands in front of it."""
    config.JupyterHub.bind_url = settings.bind_url
    config.JupyterHub.public_url = settings.public_url
    if settings.subdomains:
        config.JupyterHub.subdomain_host = settings.public_url.rstrip("/")
        config.JupyterHub.subdomain_hook = domain_of
        # A page below a name can set cookies for it: browsers take none with this prefix from there.
        config.JupyterHub.cookie_host_prefix_enabled = settings.public_url.startswith("https:")
    # What the proxy and a web server beside it say of an address is believed: the sign-in throttle needs it.
    config.JupyterHub.trusted_downstream_ips = ["127.0.0.1"]
    config.JupyterHub.hub_bind_url = settings.hub_bind_url
    backlog.widen()
    secure = settings.public_url.startswith("https:")
    config.JupyterHub.tornado_settings = {
        "slow_spawn_timeout": 0,  # who starts a server sees at once what it waits for
        **({"cookie_options": {"secure": True}} if secure else {}),  # JupyterHub forgets it for one of its cookies
    }
    config.JupyterHub.proxy_class = WatchedProxy
    config.ConfigurableHTTPProxy.should_start = False
    config.ConfigurableHTTPProxy.api_url = settings.proxy_api_url


def set_internal_tls(config: Config, settings: HubSettings) -> None:
    """Set that hub, proxy and servers speak TLS with each other, and with nobody else."""
    if settings.internal_tls is not None:
        config.JupyterHub.internal_ssl = True
        config.JupyterHub.internal_certs_location = settings.internal_tls.certificates_dir
        config.JupyterHub.trusted_alt_names = alternative_names(settings)
        config.WatchedProxy.errors_url = settings.internal_tls.errors_url


def set_state(config: Config, settings: HubSettings) -> None:
    """Set what is kept, and that servers and proxy outlive the hub."""
    config.JupyterHub.db_url = f"sqlite:///{settings.state_dir}/jupyterhub.sqlite"
    config.JupyterHub.cookie_secret_file = f"{settings.state_dir}/cookie_secret"
    config.JupyterHub.cleanup_servers = False
    config.JupyterHub.cleanup_proxy = False
    # Servers that were starting wait for the hub's API before they go on: let it listen early.
    config.JupyterHub.init_spawners_timeout = 1


def set_identity(config: Config, settings: HubSettings) -> None:
    """Set who may sign in, and how."""
    config.JupyterHub.authenticator_class = PeopleAuthenticator
    config.PeopleAuthenticator.people_database = settings.people_database
    config.Authenticator.allow_all = False
    config.Authenticator.any_allow_config = True  # the database is the list; JupyterHub need not miss one
    config.Authenticator.username_pattern = r"[a-z][a-z0-9-]{0,30}"
    config.Authenticator.delete_invalid_users = True
    # Groups come from people's database, and who is closed there is out within seconds, with every token they have.
    config.Authenticator.manage_groups = True
    config.Authenticator.auth_refresh_age = REFRESH_S
    config.Authenticator.auth_refresh_strict = True
    config.Authenticator.refresh_pre_spawn = True
    if settings.oidc is not None:
        config.PeopleAuthenticator.issuer = settings.oidc.issuer
        config.PeopleAuthenticator.client_id = settings.oidc.client_id
        config.PeopleAuthenticator.client_secret = settings.oidc.client_secret
        config.PeopleAuthenticator.login_service = settings.oidc.name
        config.PeopleAuthenticator.scope = list(settings.oidc.scopes)
        # Said here, and not guessed from a request, whose sender could name another host.
        config.PeopleAuthenticator.oauth_callback_url = f"{settings.public_url}hub/{CALLBACK}"
        config.PeopleAuthenticator.validate_server_cert = True


def set_roles(config: Config, settings: HubSettings) -> None:
    """Set the roles, which name the groups."""
    config.JupyterHub.load_roles = roles(settings)


def set_services(config: Config, settings: HubSettings) -> None:
    """Set the services beside the hub."""
    config.JupyterHub.services = services(settings)


def set_servers(config: Config, settings: HubSettings) -> None:
    """Set how servers start, and how many a person may have."""
    config.JupyterHub.spawner_class = AulaSpawner
    config.JupyterHub.allow_named_servers = True
    config.JupyterHub.named_server_limit_per_user = 2
    # A class begins at nine: nobody is sent away because others start too. Who can run is Slurm's to say.
    config.JupyterHub.concurrent_spawn_limit = 0
    config.Spawner.default_url = "/lab"
    config.Spawner.http_timeout = 60
    hook = before_start(settings)
    config.Spawner.pre_spawn_hook = hook
    config.AulaSpawner.before_form = hook
    config.AulaSpawner.preselect = on_the_way(settings.course_runs)
    config.AulaSpawner.profiles = list(settings.profiles)
    config.AulaSpawner.partition = settings.slurm.partition
    config.AulaSpawner.cores = settings.slurm.cores
    config.AulaSpawner.memory = settings.slurm.memory
    config.AulaSpawner.walltime = settings.slurm.walltime
    config.AulaSpawner.most_core_hours = settings.slurm.most_core_hours
    config.AulaSpawner.idle_timeout = settings.slurm.idle_minutes * 60
    config.AulaSpawner.user_environment = settings.user_environment
    config.AulaSpawner.jupyter_config_dir = settings.jupyter_config_dir
    config.AulaSpawner.singleuser_script = settings.singleuser_script
    config.AulaSpawner.slurm_conf = settings.slurm.configuration or ""
    config.AulaSpawner.slurm_bin = settings.slurm.commands
    config.AulaSpawner.jobs_command = list(settings.slurm.jobs_command)


def set_pages(config: Config, settings: HubSettings) -> None:
    """Set our pages, their variables and the files they load."""
    config.JupyterHub.default_url = f"/services/{PORTAL}/"
    config.JupyterHub.redirect_to_server = False  # people land on the page that shows their courses
    config.JupyterHub.template_paths = [str(_HERE / "templates")]
    config.JupyterHub.template_vars = page_variables(settings)
    config.JupyterHub.logo_file = str(LOOK / "logo.svg")
    wishes = Wishes(settings.people_database)
    _set_languages(config, wishes)
    config.JupyterHub.extra_handlers = [
        *connection.handlers(),
        *languages.handlers(wishes),
        *prestart.handlers(settings.profiles, of_group(settings.course_runs)),
        (
            r"/aula/static/((?:aula\.css|connection\.js|servers\.js|waiting\.js))",
            StaticFileHandler,
            {"path": str(_HERE / "static")},
        ),
        (r"/aula/static/(.*)", StaticFileHandler, {"path": str(LOOK)}),
    ]


def _set_languages(config: Config, wishes: Wishes) -> None:
    """Set that pages, and what servers say, are in the language of whoever reads them."""
    config.JupyterHub.jinja_environment_options = {"extensions": [languages.extension(wishes)]}
    config.PeopleAuthenticator.tell_language = wishes.note
    config.AulaSpawner.find_language = languages.of_start(wishes)
    config.AulaSpawner.translate = languages.spoken_by_server
    config.AulaSpawner.lab_locales = languages.LAB_LOCALES
