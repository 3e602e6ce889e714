"""nginx: TLS in front of the proxy, where the site has a certificate."""

import hashlib
import socket
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from deploy import files
from deploy.command import run
from deploy.daemon import Daemon
from deploy.errors import DeployError
from deploy.settings import Settings

TEMPLATE = Path(__file__).parent / "templates" / "nginx.conf.in"
REDIRECT = """
    server {
        listen 80;
        server_name $names;
        return 301 https://$host$$request_uri;
    }
"""


def wanted(settings: Settings) -> bool:
    """Whether the site has TLS."""
    return settings.site.certificate is not None


def daemon(settings: Settings) -> Daemon:
    """Return nginx: a master that reads the key as root, workers without rights."""
    return Daemon(
        "nginx",
        settings.state,
        ["/usr/sbin/nginx", "-e", "stderr", "-c", _conf(settings)],
        version=_version(settings),
    )


def up(settings: Settings) -> None:
    """Start it with its configuration; anew where that or the certificate changed."""
    write(settings)
    daemon(settings).start(lambda: answers(settings))


def write(settings: Settings) -> None:
    """Write the configuration, and let nginx check it."""
    files.folder(settings.state / "nginx", mode=0o711)
    files.write(_conf(settings), configuration(settings))
    run(["/usr/sbin/nginx", "-t", "-q", "-e", "stderr", "-c", _conf(settings)], remedy="Are certificate and key right?")


def configuration(settings: Settings) -> str:
    """Return nginx's configuration."""
    site = settings.site
    if site.certificate is None or site.key is None:
        raise DeployError("There is no certificate in site.yml: nginx has nothing to do.")
    port = _port(settings)
    values = {
        "state": str(settings.state / "nginx"),
        "host": site.host,
        "names": f"{site.host} *.{site.host}" if site.subdomains else site.host,
        "port": str(port),
        "certificate": str(site.certificate),
        "key": str(site.key),
        "upstream": str(settings.port_of("public")),
    }
    redirect = Template(REDIRECT).substitute(values) if port == 443 else ""
    return Template(TEMPLATE.read_text()).substitute(values, redirect=redirect)


def answers(settings: Settings) -> bool:
    """Whether something accepts connections at the public port."""
    try:
        with socket.create_connection(("127.0.0.1", _port(settings)), timeout=3):
            return True
    except OSError:
        return False


def _port(settings: Settings) -> int:
    return urlsplit(settings.site.address).port or 443


def _conf(settings: Settings) -> Path:
    return settings.state / "nginx" / "nginx.conf"


def _version(settings: Settings) -> str:
    read = [path for path in (_conf(settings), settings.site.certificate) if path and path.exists()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()
