"""The hand-in service: it alone takes what trainees hand in, and keeps it where each course run can read its own."""

import ssl
from functools import partial
from pathlib import Path

from deploy import environments, files
from deploy.classroom import exchange, http, internal_tls, services
from deploy.classroom.exchange import NAME, PREFIX
from deploy.daemon import Daemon
from deploy.settings import Settings


def daemon(settings: Settings) -> Daemon:
    """Return the service, as an account that owns what was handed in and nothing else."""
    site, mine = settings.site, exchange.folder(settings)
    where = ["--bind", site.node_address, "--port", str(site.hand_in_port)]
    folders: list[str | Path] = ["--handed-in", exchange.handed_in(settings), "--given", exchange.given(settings)]
    secured: list[str | Path] = []
    if internal_tls.wanted(settings):
        secured = ["--certificate", mine / "tls.crt", "--key", mine / "tls.key", "--authority", mine / "clients.crt"]
    words: list[str | Path] = [settings.python("hub"), "-I", "-m", "aula.web.hand_in"]
    return Daemon(
        NAME,
        settings.state,
        [*words, *where, *folders, "--key-file", mine / "receipts.key", *secured],
        user=site.hand_in_account,
        version=environments.version(settings, "hub") + internal_tls.service_version(settings, NAME),
        env=services.variables(settings, NAME, site.hand_in_port, PREFIX),
    )


def prepare(settings: Settings) -> None:
    """Make the service's own folder, and give it its certificate."""
    account = settings.site.hand_in_account
    mine = files.folder(exchange.folder(settings), mode=0o755, owner=account, group=account)
    if internal_tls.wanted(settings):
        for name, text in internal_tls.of_service(settings, NAME).items():
            files.write(mine / name, text, mode=0o600, owner=account, group=account)


def up(settings: Settings) -> None:
    """Start it; anew where its environment or certificate changed."""
    prepare(settings)
    daemon(settings).start(partial(answers, settings), within=60)


def answers(settings: Settings) -> bool:
    """Whether it answers at the address that nodes use."""
    context = None
    if internal_tls.wanted(settings):
        mine = exchange.folder(settings)
        context = ssl.create_default_context(cafile=mine / "clients.crt")
        context.load_cert_chain(mine / "tls.crt", mine / "tls.key")
    return http.well(f"{exchange.url(settings)}health", context=context)
