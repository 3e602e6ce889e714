"""Whether the certificate fits its key and the address, and lasts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site

DAYS = 14


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield one outcome for the certificate."""
    certificate, key = site.public.certificate, site.public.key
    if certificate is None or key is None:
        yield skipped("certificate", "the address has no TLS: passwords travel in clear. For trials only")
        return
    read = ["openssl", "x509", "-noout", "-in", certificate]
    pair = [system.run([*read, "-pubkey"]), system.run(["openssl", "pkey", "-pubout", "-in", key])]
    host = urlsplit(site.public.address).hostname or ""
    kind = "-checkip" if host.replace(".", "").isdecimal() else "-checkhost"
    covers = system.run([*read, kind, host])
    if not all(answer.well for answer in pair):
        bad = next(answer for answer in pair if not answer.well)
        yield failed("certificate", bad.line, "Set public.certificate and public.key to PEM files that root can read.")
    elif pair[0].said.strip() != pair[1].said.strip():
        yield failed("certificate", "the key is not the certificate's", "Set public.key to the certificate's own key.")
    elif "does match" not in covers.said:
        yield failed("certificate", f"it is not for {host}", f"Get one whose alternative names hold {host}.")
    elif not system.run([*read, "-checkend", str(DAYS * 24 * 3600)]).well:
        yield failed("certificate", f"it ends within {DAYS} days, or has ended", "Renew it, then run make up again.")
    else:
        yield ok("certificate", f"for {host}, valid for more than {DAYS} days")
