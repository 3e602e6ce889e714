"""Whether every name below the public one leads to the same machine, and the certificate is for all of them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield one outcome for the names, tried with one that nobody has."""
    if not site.public.subdomains:
        yield skipped("subdomains", "people's servers share one web address: browsers do not keep them apart")
        return
    host = urlsplit(site.public.address).hostname or ""
    below = f"aula-check.{host}"
    wanted, found = _addresses(host, system), _addresses(below, system)
    if not wanted or found != wanted:
        there, here = (", ".join(sorted(one)) or "nowhere" for one in (found, wanted))
        yield failed(
            "subdomains",
            f"{below} leads to {there}, {host} to {here}",
            f"Ask for a DNS entry *.{host} that is the same as that of {host}; or set public.subdomains to false.",
        )
    elif site.public.certificate and not _covers(site.public.certificate, below, system):
        remedy = f"Get one whose alternative names hold *.{host} as well; or set public.subdomains to false."
        yield failed("subdomains", f"the certificate is not for {below}", remedy)
    else:
        yield ok("subdomains", f"{below} leads to the same machine as {host}")


def _addresses(name: str, system: System) -> set[str]:
    answer = system.run(["getent", "ahosts", name])
    return {line.split()[0] for line in answer.said.splitlines() if line.strip()} if answer.well else set()


def _covers(certificate: str, name: str, system: System) -> bool:
    return "does match" in system.run(["openssl", "x509", "-noout", "-in", certificate, "-checkhost", name]).said
