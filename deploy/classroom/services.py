"""The externally managed services: the portal, the book, and a formgrader for each course run that is open."""

import hashlib
import hmac
import json
from functools import partial
from pathlib import Path

from deploy import code, environments, files, people
from deploy.accounts import home
from deploy.classroom import exchange, http, internal_tls, people_database, places, run, secrets
from deploy.classroom.places import Place
from deploy.daemon import Daemon
from deploy.settings import Settings

PORTAL = "/services/portal/"
BOOK = "/services/book/"
PARTS = ("aula_formgrader", "aula_audit")
"""What of ours a formgrader loads."""
FORMGRADERS = "portal-formgraders"
"""What the secret is called of which each formgrader's key is made."""


def book_folder(settings: Settings) -> str:
    """Return where the served book lies."""
    return str(settings.state / "book")


def open_runs(settings: Settings) -> list[Place]:
    """Return the places of the course runs that are open and ready."""
    names = {course_run.name for course_run in people.read(settings).ready}
    return [place for place in places.known(settings) if place.run in names]


def formgrader_name(course_run: str) -> str:
    """Return what a course run's formgrader is called among the daemons."""
    return f"formgrader-{course_run}"


def formgrader(settings: Settings, place: Place) -> Daemon:
    """Return a course run's formgrader: a single-user server that runs as the run's account."""
    account, prefix = place.account, f"/services/{place.run}/"
    user, lab = settings.environment("user"), home(settings, account) / "lab"
    return Daemon(
        formgrader_name(place.run),
        settings.state,
        [settings.python("user"), "-I", "-m", "jupyterhub.singleuser"],
        user=account,
        cwd=place.folder(settings),
        version=environments.version(settings, "user") + "".join(code.version(settings, part) for part in PARTS),
        env={
            "HOME": str(home(settings, account)),
            "PATH": f"{user}/bin:{settings.site.slurm.commands}:/usr/bin:/bin",
            **settings.site.slurm.environment,
            "JUPYTER_PATH": str(run.kernels(settings) / place.run),
            "JUPYTER_CONFIG_DIR": str(run.configuration(settings, place)),
            "JUPYTERLAB_SETTINGS_DIR": str(lab / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(lab / "workspaces"),
            "AULA_PORTAL_KEY": portal_key(settings, place.run),
            **variables(settings, place.run, place.port(settings), prefix),
        },
    )


def variables(settings: Settings, name: str, port: int, prefix: str) -> dict[str, str]:
    """Return what a service beside the hub has in its environment, as JupyterHub would set it."""
    return {
        "JUPYTERHUB_SERVICE_NAME": name,
        "JUPYTERHUB_SERVICE_PREFIX": prefix,
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}{prefix}",
        "JUPYTERHUB_API_TOKEN": secrets.token(settings, service_token(name)),
        "JUPYTERHUB_API_URL": f"{internal_tls.hub_api(settings)}hub/api",
        "JUPYTERHUB_CLIENT_ID": f"service-{name}",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{prefix}oauth_callback",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([f"access:services!service={name}"]),
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_HOST": "",
        "JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED": "1" if settings.site.own_cookies else "0",
    }


def service_token(name: str) -> str:
    """Return what a service's token is called among the secrets."""
    return f"service-{name}"


def portal_key(settings: Settings, run: str) -> str:
    """Return the key by which a run's formgrader knows the portal. It says nothing of the other runs' keys."""
    return hmac.new(secrets.token(settings, FORMGRADERS).encode(), run.encode(), hashlib.sha256).hexdigest()


def portal_folder(settings: Settings) -> Path:
    """Return what is the portal's own: under internal TLS, its certificate for the hand-in service."""
    return settings.state / "portal"


def prepare_portal(settings: Settings) -> None:
    """Give the portal its certificate."""
    if internal_tls.wanted(settings):
        account = settings.site.portal_account
        mine = files.folder(portal_folder(settings), mode=0o755, owner=account, group=account)
        for name, text in internal_tls.of_service(settings, "portal").items():
            files.write(mine / name, text, mode=0o600, owner=account, group=account)


def portal(settings: Settings) -> Daemon:
    """Return the portal: people's pages, as an account that may write their database and nothing else."""
    site = settings.site
    port = settings.port_of("portal")
    return Daemon(
        "portal",
        settings.state,
        [settings.python("hub"), "-I", "-m", "aula.web.portal", "--bind", "127.0.0.1", "--port", str(port)],
        user=site.portal_account,
        version=environments.version(settings, "hub") + internal_tls.service_version(settings, "portal"),
        env={
            "AULA_DATABASE": people_database.address(settings),
            "AULA_PUBLIC_URL": f"{site.address}/",
            "AULA_LOCAL_ACCOUNTS": "1" if site.local_accounts else "0",
            "AULA_HISTORIES": str(run.histories(settings)),
            "AULA_FORMGRADERS_SECRET": secrets.token(settings, FORMGRADERS),
            "AULA_HAND_IN": exchange.url(settings),
            "AULA_HAND_IN_TLS": str(portal_folder(settings)) if internal_tls.wanted(settings) else "",
            "AULA_OIDC_NAME": site.oidc["name"] if site.oidc else "",
            **variables(settings, "portal", port, PORTAL),
        },
    )


def book(settings: Settings) -> Daemon:
    """Return the server of the built book."""
    port = str(settings.port_of("book"))
    words: list[str | Path] = [settings.python("tools"), "-I", "-m", "aula.web.files", "--bind", "127.0.0.1"]
    return Daemon(
        "book",
        settings.state,
        [*words, "--port", port, "--directory", book_folder(settings), "--prefix", BOOK],
        user=settings.site.hub_account,
        version=environments.version(settings, "tools"),
    )


def up(settings: Settings) -> None:
    """Start them; where their environment changed, start them anew. Formgraders of closed runs end."""
    start_book(settings)
    start_portal(settings)
    formgraders_up(settings)


def formgraders_up(settings: Settings) -> None:
    """Start the formgrader of each open run, and stop those of the others."""
    wanted = open_runs(settings)
    for place in wanted:
        start_formgrader(settings, place)
    for place in places.known(settings):
        if place not in wanted:
            Daemon(formgrader_name(place.run), settings.state).stop()
    Daemon("formgrader", settings.state).stop()  # version 0.1.0 had one


def start_book(settings: Settings) -> None:
    """Start the server of the book."""
    files.folder(settings.state / "book")
    book(settings).start(partial(http.answers, f"http://127.0.0.1:{settings.port_of('book')}/"), within=60)


def start_portal(settings: Settings) -> None:
    """Start the portal."""
    prepare_portal(settings)
    portal(settings).start(partial(http.answers, f"http://127.0.0.1:{settings.port_of('portal')}/"), within=60)


def start_formgrader(settings: Settings, place: Place) -> None:
    """Start a course run's formgrader."""
    address = f"http://127.0.0.1:{place.port(settings)}/"
    formgrader(settings, place).start(partial(http.answers, address), within=60)
