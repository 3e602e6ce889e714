"""All checks in their order, and the table that people read."""

from collections.abc import Iterator
from pathlib import Path

from aula.site.check import accounts, certificate, database, folders, node, rights, sign_in, slurm, subdomains
from aula.site.check.outcome import Outcome
from aula.site.check.system import System
from aula.site.schema import Site

SIGNS = {"ok": "✓", "failed": "✗", "skipped": "-"}


def check(site: Site, state: Path) -> Iterator[Outcome]:
    """Yield every outcome as soon as it is known; what fails keeps nothing else from being tried."""
    system = System.of(site.slurm)
    yield from accounts.check(site, system)
    yield from slurm.check(site, system)
    yield from rights.check(site, system)
    yield from folders.check(site, system)
    yield from node.check(site, system)
    yield from database.check(site, system, state)
    yield from certificate.check(site, system)
    yield from subdomains.check(site, system)
    yield from sign_in.check(site, system)


def line(outcome: Outcome) -> str:
    """Return an outcome as people read it, with the remedy below where it failed."""
    remedy = f"\n      → {outcome.remedy}" if outcome.remedy else ""
    return f"  {SIGNS[outcome.state]}  {outcome.name:<22} {outcome.found}{remedy}"
