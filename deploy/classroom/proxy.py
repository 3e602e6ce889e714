"""configurable-http-proxy, as a process of its own: a hub that restarts cuts nobody off."""

import shutil
from pathlib import Path

from deploy import files
from deploy.classroom import http, internal_tls, secrets
from deploy.command import run
from deploy.daemon import Daemon
from deploy.environments import LOCKS
from deploy.settings import Settings

PACKAGES = ("package.json", "package-lock.json")
HANGUP = Path(__file__).with_name("hangup.mjs")


def install(settings: Settings) -> None:
    """Install the locked proxy where the lock changed."""
    home = files.folder(settings.prefix / "proxy")
    files.write(home / HANGUP.name, HANGUP.read_text())
    stamp = home / ".installed"
    wanted = (LOCKS / "proxy" / "package-lock.json").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    for name in PACKAGES:
        shutil.copy(LOCKS / "proxy" / name, home / name)
    run(
        ["npm", "ci", "--prefix", home, "--omit=dev", "--no-audit", "--no-fund"],
        cwd=home,
        remedy="Can this machine reach its npm registry? Try: npm ping",
    )
    files.write(stamp, wanted)


def daemon(settings: Settings) -> Daemon:
    """Return the proxy. Its token travels in the environment."""
    home = settings.prefix / "proxy"
    return Daemon(
        "proxy",
        settings.state,
        [
            shutil.which("node") or "node",
            f"--import={home / HANGUP.name}",
            home / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy",
            "--ip=127.0.0.1",
            f"--port={settings.port}",
            "--api-ip=127.0.0.1",
            f"--api-port={settings.port_of('proxy_api')}",
            *internal_tls.proxy_arguments(settings),
            "--default-target",
            settings.site.hub_api.rstrip("/"),
            *(["--host-routing"] if settings.site.subdomains else []),
        ],
        user=settings.site.hub_account,
        env={"CONFIGPROXY_AUTH_TOKEN": secrets.token(settings, "proxy")},
        # A newer HANGUP waits for the next start: nobody is cut off for it.
        version=internal_tls.proxy_version(settings),
    )


def up(settings: Settings) -> None:
    """Start the proxy."""
    daemon(settings).start(lambda: healthy(settings))


def healthy(settings: Settings) -> bool:
    """Whether the proxy itself answers, whatever stands behind it."""
    return http.well(f"http://127.0.0.1:{settings.port_of('public')}/_chp_healthz")
