"""The externally managed services: the course run's formgrader, and the book."""

import json
from functools import partial

from deploy import demo, environments, files
from deploy.accounts import home
from deploy.classroom import http, run, secrets
from deploy.daemon import Daemon
from deploy.settings import Settings


def book_folder(settings: Settings) -> str:
    """Return where the served book lies."""
    return str(settings.state / "book")


def book_address(settings: Settings) -> str:
    """Return where the book answers through the proxy, whatever stands in front of that."""
    return f"http://127.0.0.1:{settings.port_of('public')}/services/book/"


def formgrader(settings: Settings) -> Daemon:
    """Return the course run's formgrader: a single-user server that runs as the course account."""
    course, prefix = settings.site.course_account, f"/services/{demo.RUN}/"
    user = settings.environment("user")
    return Daemon(
        "formgrader",
        settings.state,
        [settings.python("user"), "-I", "-m", "jupyterhub.singleuser"],
        user=course,
        cwd=run.folder(settings),
        version=environments.version(settings, "user"),
        env={
            "HOME": str(home(settings, course)),
            "PATH": f"{user}/bin:/usr/bin:/bin",
            **settings.site.slurm.environment,
            "JUPYTER_CONFIG_DIR": str(run.service_configuration(settings)),
            "JUPYTERLAB_SETTINGS_DIR": str(home(settings, course) / "lab" / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home(settings, course) / "lab" / "workspaces"),
            "JUPYTERHUB_SERVICE_NAME": demo.RUN,
            "JUPYTERHUB_SERVICE_PREFIX": prefix,
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{settings.port_of('formgrader')}{prefix}",
            "JUPYTERHUB_API_TOKEN": secrets.token(settings, "formgrader"),
            "JUPYTERHUB_API_URL": f"{settings.site.hub_api}hub/api",
            "JUPYTERHUB_CLIENT_ID": f"service-{demo.RUN}",
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{prefix}oauth_callback",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([f"access:services!service={demo.RUN}"]),
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_HOST": "",
        },
    )


def book(settings: Settings) -> Daemon:
    """Return the server of the built book."""
    return Daemon(
        "book",
        settings.state,
        [
            settings.python("tools"),
            "-I",
            "-m",
            "aula.web.files",
            "--bind",
            "127.0.0.1",
            "--port",
            str(settings.port_of("book")),
            "--directory",
            book_folder(settings),
            "--prefix",
            "/services/book/",
        ],
        user=settings.site.hub_account,
        version=environments.version(settings, "tools"),
    )


def up(settings: Settings) -> None:
    """Start both; where their environment changed, start them anew."""
    start_book(settings)
    start_formgrader(settings)


def start_book(settings: Settings) -> None:
    """Start the server of the book."""
    files.folder(settings.state / "book")
    book(settings).start(partial(http.answers, f"http://127.0.0.1:{settings.port_of('book')}/"), within=60)


def start_formgrader(settings: Settings) -> None:
    """Start the course run's formgrader."""
    formgrader(settings).start(partial(http.answers, f"http://127.0.0.1:{settings.port_of('formgrader')}/"), within=60)
