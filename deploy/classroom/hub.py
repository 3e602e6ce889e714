"""JupyterHub, as an account without rights but five of Slurm's."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy import code, environments, files, people
from deploy.classroom import exchange, http, internal_tls, people_database, places, run, secrets, services
from deploy.daemon import Daemon
from deploy.settings import Settings
from deploy.slurm import listing


def write_settings(settings: Settings) -> None:
    """Write what hub_config reads."""
    site = settings.site
    hub, scheme = site.hub_account, "https" if site.internal_tls else "http"
    files.folder(settings.state / "hub", mode=0o700, owner=hub, group=hub)
    values = {
        "instance": settings.name,
        "public_url": f"{site.address}/",
        "subdomains": site.subdomains,
        "bind_url": f"http://127.0.0.1:{settings.port_of('public')}/",
        "hub_bind_url": site.hub_api,
        "proxy_api_url": f"{scheme}://127.0.0.1:{settings.port_of('proxy_api')}/",
        "internal_tls": internal_tls.hub_settings(settings),
        "state_dir": str(settings.state / "hub"),
        "people_database": people_database.address(settings),
        "oidc": _oidc(settings),
        "portal": {
            "url": f"http://127.0.0.1:{settings.port_of('portal')}/",
            "token": secrets.token(settings, services.service_token("portal")),
        },
        "hand_in_token": secrets.token(settings, services.service_token(exchange.NAME)),
        "monitoring_token": secrets.token(settings, services.service_token("monitoring")),
        "user_environment": str(settings.environment("user")),
        "lessons_dir": str(run.lessons(settings)),
        "kernels_dir": str(run.kernels(settings)),
        "jupyter_config_dir": str(run.jupyter(settings)),
        "singleuser_script": str(settings.code / "singleuser.py"),
        "slurm": {
            "configuration": str(site.slurm.configuration) if site.slurm.configuration else None,
            "commands": str(site.slurm.commands),
            "jobs_command": listing.command(settings),
            "partition": site.slurm.interactive,
            "cores": site.slurm.cores,
            "memory": site.slurm.memory,
            "walltime": site.slurm.walltime,
            "idle_minutes": site.slurm.idle_minutes,
            "most_core_hours": site.slurm.most_core_hours,
        },
        "profiles": [profile(one) for one in site.profiles],
        "course_runs": [_course_run(settings, course_run) for course_run in people.read(settings).ready],
        "book_url": f"http://127.0.0.1:{settings.port_of('book')}/",
    }
    files.write(_settings_file(settings), json.dumps(values, indent=2) + "\n", mode=0o640, group=hub)


def prepare(settings: Settings) -> None:
    """Write what hub and proxy read before they start: the settings, and with internal TLS their certificates."""
    write_settings(settings)
    internal_tls.up(settings, _settings_file(settings))


def _course_run(settings: Settings, course_run: people.CourseRun) -> dict[str, object]:
    place = places.of(settings, course_run.name)
    return {
        "id": course_run.name,
        "course": course_run.course,
        "title": course_run.title,
        "profile": course_run.profile,
        "formgrader_url": f"http://127.0.0.1:{place.port(settings)}/",
        "formgrader_token": secrets.token(settings, services.service_token(course_run.name)),
    }


def profile(given: Mapping[str, Any]) -> dict[str, object]:
    """Return a profile as the hub takes it: whoever sees it is named by groups of the hub."""
    rest = {key: value for key, value in given.items() if key not in ("runs", "companies")}
    runs = [f"{kind}-{run}" for run in given.get("runs", ()) for kind in ("nbgrader", "formgrade")]
    companies = [f"company-{company}" for company in given.get("companies", ())]
    return {**rest, "groups": [*given.get("groups", ()), *runs, *companies]}


def _oidc(settings: Settings) -> dict[str, object] | None:
    """Return how people sign in at an identity provider, with the secret that its file holds."""
    if settings.site.oidc is None:
        return None
    rest = {key: value for key, value in settings.site.oidc.items() if key != "client_secret_file"}
    return {**rest, "client_secret": Path(settings.site.oidc["client_secret_file"]).read_text().strip()}


def daemon(settings: Settings) -> Daemon:
    """Return the hub."""
    return Daemon(
        "hub",
        settings.state,
        [settings.python("hub"), "-m", "jupyterhub", "-f", settings.code / "hub_config" / "jupyterhub_config.py"],
        user=settings.site.hub_account,
        groups=[settings.site.portal_account],
        env={
            "AULA_HUB_SETTINGS": str(_settings_file(settings)),
            "CONFIGPROXY_AUTH_TOKEN": secrets.token(settings, "proxy"),
            **settings.site.slurm.environment,
            "PYTHONPATH": str(settings.code),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        cwd=settings.state / "hub",
        version=_version(settings),
    )


def up(settings: Settings) -> None:
    """Start the hub; where its code or settings changed, start it anew. Running servers notice nothing."""
    write_settings(settings)
    daemon(settings).start(lambda: healthy(settings), within=60)


def healthy(settings: Settings) -> bool:
    """Whether the hub answers through the proxy."""
    return http.well(f"http://127.0.0.1:{settings.port_of('public')}/hub/health")


def _settings_file(settings: Settings) -> Path:
    return settings.state / "hub" / "settings.json"


def _version(settings: Settings) -> str:
    sources = [
        environments.version(settings, "hub"),
        code.version(settings, "hub_config"),
        _settings_file(settings).read_text(),
    ]
    return hashlib.sha256("".join(sources).encode()).hexdigest()
