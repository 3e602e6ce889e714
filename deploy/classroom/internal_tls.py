"""TLS between hub, proxy and people's servers: certificates, what the proxy must be told, and no switch by surprise."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from deploy.command import run
from deploy.errors import DeployError
from deploy.settings import Settings

RUNNING = "SELECT DISTINCT users.name FROM spawners JOIN users ON users.id = user_id WHERE server_id IS NOT NULL"


def wanted(settings: Settings) -> bool:
    """Whether the site wants it."""
    return settings.site.internal_tls


def folder(settings: Settings) -> Path:
    """Return where authorities, keys and certificates lie: the hub's account alone can look into the folder above."""
    return settings.state / "hub" / "internal-tls"


def hub_settings(settings: Settings) -> dict[str, str] | None:
    """Return what hub_config must know of it."""
    if not wanted(settings):
        return None
    return {"certificates_dir": str(folder(settings)), "errors_url": _errors(settings)}


def hub_api(settings: Settings) -> str:
    """Return where programs on this machine reach the hub: through the proxy, where only that has a certificate."""
    return f"http://127.0.0.1:{settings.port_of('public')}/" if wanted(settings) else settings.site.hub_api


def up(settings: Settings, settings_file: Path) -> None:
    """Make what is missing, as the hub's account: the keys are its own."""
    if wanted(settings):
        words = ["runuser", "-u", settings.site.hub_account, "--", str(settings.python("hub")), "-m"]
        variables = {"AULA_HUB_SETTINGS": str(settings_file), "PYTHONPATH": str(settings.code)}
        run(
            [*words, "hub_config.certificates"],
            env={**variables, "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            inherit=False,
            cwd=Path("/"),
        )


def proxy_arguments(settings: Settings) -> list[str]:
    """Return what the proxy is told: who it is and whom it believes, towards the hub and towards servers and hub."""
    if not wanted(settings):
        return ["--error-target", f"{settings.site.hub_api}hub/error"]
    words = ["--error-target", f"{_errors(settings)}hub/error"]
    for side in ("api", "client"):
        name = f"proxy-{side}"
        files = {"key": f"{name}/{name}.key", "cert": f"{name}/{name}.crt", "ca": f"{name}-ca_trust.crt"}
        words += [f"--{side}-ssl-{what}={folder(settings) / path}" for what, path in files.items()]
        words += [f"--{side}-ssl-request-cert", f"--{side}-ssl-reject-unauthorized"]
    return words


def proxy_version(settings: Settings) -> str:
    """Return what names the proxy's certificates: it reads them at its start."""
    if not wanted(settings):
        return ""
    read = [folder(settings) / f"proxy-{side}" / f"proxy-{side}.crt" for side in ("api", "client")]
    read += [folder(settings) / f"proxy-{side}-ca_trust.crt" for side in ("api", "client")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()


def of_service(settings: Settings, name: str) -> dict[str, str]:
    """Return a service's certificate, its key, and the authorities of those who may ask it, by the names of files."""
    authorities = ("notebooks-ca", "hub-ca")  # people's servers, and those of this machine
    return {
        "tls.crt": (folder(settings) / name / f"{name}.crt").read_text(),
        "tls.key": (folder(settings) / name / f"{name}.key").read_text(),
        "clients.crt": "".join((folder(settings) / one / f"{one}.crt").read_text() for one in authorities),
    }


def service_version(settings: Settings, name: str) -> str:
    """Return what names a service's certificates: it reads them at its start."""
    if not wanted(settings):
        return ""
    return hashlib.sha256("".join(of_service(settings, name).values()).encode()).hexdigest()


def lose_nobody(settings: Settings) -> None:
    """Raise DeployError where internal TLS is to be switched on or off while people's servers run.

    They and the hub would no longer understand each other.
    """
    hub = settings.state / "hub"
    try:
        was = bool(json.loads((hub / "settings.json").read_text()).get("internal_tls"))
    except (FileNotFoundError, ValueError):  # none yet, or cut short when the machine died
        return
    people = _running(hub / "jupyterhub.sqlite") if was != wanted(settings) else []
    if people:
        now, value = ("on", "false") if wanted(settings) else ("off", "true")
        where = f"service_node.internal_tls: {value} in site.yml" if settings.described else f"INTERNAL_TLS={was:d}"
        raise DeployError(
            f"Internal TLS would be switched {now}, and servers that run would lose the hub: {', '.join(people)}. "
            "Nothing was changed. Run this again when they have stopped, or leave it as it is for now: "
            f"{where}."
        )


def _running(database: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return sorted(str(row[0]) for row in connection.execute(RUNNING))
    except sqlite3.OperationalError:
        return []  # there has been no hub yet


def _errors(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.port_of('errors')}/"
