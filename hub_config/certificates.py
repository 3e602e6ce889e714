"""The certificates of hub and proxy, made before either starts: `python -m hub_config.certificates`.

JupyterHub would make them itself, but only when it starts, after the proxy; and would keep them when they end, or when
the hub has got another address. What is made here it finds under its own names.
"""

import ipaddress
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from certipy import Certipy  # type: ignore[import-untyped]  # certipy has no types
from cryptography import x509

from hub_config.settings import HubSettings, load_from_environment

AUTHORITIES = ("hub-ca", "notebooks-ca", "proxy-api-ca", "proxy-client-ca", "services-ca")
# Each certificate, with the authority that signs it: JupyterHub's names.
CERTIFICATES = {
    "hub-internal": "hub-ca",
    "hand-in": "hub-ca",  # people's servers trust it as they do the hub
    "portal": "hub-ca",  # to ask the hand-in service
    "proxy-api": "proxy-api-ca",
    "proxy-client": "proxy-client-ca",
}
# Whom each believes, as JupyterHub lays it out: it writes these files anew at each start, the proxy reads them before.
TRUST = {
    "hub-ca": AUTHORITIES,
    "notebooks-ca": ("hub-ca", "proxy-client-ca"),
    "proxy-api-ca": ("hub-ca", "services-ca", "notebooks-ca"),
    "proxy-client-ca": ("hub-ca", "notebooks-ca"),
    "services-ca": ("hub-ca", "proxy-api-ca"),
}
LASTS_YEARS = 10
# What would end sooner is made anew. An authority that is made anew is unknown to servers that run.
RENEW_BEFORE = timedelta(days=400)
_LOCAL = ("IP:127.0.0.1", "DNS:localhost")


def alternative_names(settings: HubSettings) -> list[str]:
    """Return the hub's names as certificates write them: as the nodes know it, and as people do.

    The proxy asks the hub for the name that the browser asked for.
    """
    nodes, people = (urlsplit(url).hostname or "" for url in (settings.hub_bind_url, settings.public_url))
    hosts = dict.fromkeys([nodes, people, *([f"*.{people}"] if settings.subdomains else [])])
    return [_written(host) for host in hosts]


def up(settings: HubSettings, now: datetime) -> None:
    """Make what is missing, ends soon, or names another machine. What is well stays as it is."""
    if settings.internal_tls is None:
        return
    folder = Path(settings.internal_tls.certificates_dir)
    if not all(_lasts(_certificate(folder, name), now) for name in AUTHORITIES):
        shutil.rmtree(folder, ignore_errors=True)
    keeper = Certipy(store_dir=str(folder))
    names = list(dict.fromkeys([*_LOCAL, *alternative_names(settings)]))
    for authority in AUTHORITIES:
        if authority not in keeper.store.store:
            keeper.create_ca(authority, years=LASTS_YEARS)
    for name, authority in CERTIFICATES.items():
        found = _certificate(folder, name)
        if not _lasts(found, now) or _names(found) != set(names):
            keeper.create_signed_pair(name, authority, years=LASTS_YEARS, alt_names=names, overwrite=True)
    keeper.trust_from_graph(TRUST)


def _written(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"


def _certificate(folder: Path, name: str) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate((folder / name / f"{name}.crt").read_bytes())
    except (OSError, ValueError):
        return None


def _lasts(certificate: x509.Certificate | None, now: datetime) -> bool:
    return certificate is not None and certificate.not_valid_after_utc > now + RENEW_BEFORE


def _names(certificate: x509.Certificate | None) -> set[str]:
    if certificate is None:
        return set()
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {f"IP:{name.value}" if isinstance(name, x509.IPAddress) else f"DNS:{name.value}" for name in names}


if __name__ == "__main__":
    up(load_from_environment(), datetime.now(UTC))
