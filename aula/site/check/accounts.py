"""Whether the accounts and the group that site.yml names exist, and are what they should be."""

from collections.abc import Iterator

from aula.site.check.outcome import Outcome, failed, ok
from aula.site.check.system import System
from aula.site.schema import Site


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield one outcome for the accounts, one for the group, one for the hub's account."""
    names = [
        site.accounts.hub,
        site.accounts.course,
        site.accounts.portal,
        site.accounts.hand_in,
        *site.accounts.runs,
        *site.accounts.jobs,
        *site.accounts.pool,
    ]
    missing = [name for name in names if system.account(name) is None]
    if missing:
        yield failed(
            "accounts",
            f"no Unix account on this machine: {', '.join(missing)}",
            "Make them at the site, with the same number on this machine and on the nodes.",
        )
    else:
        yield ok("accounts", f"{len(names)} Unix accounts")
    yield _group(site, system)
    yield _hub(site, system)


def _group(site: Site, system: System) -> Outcome:
    members = system.members(site.accounts.people)
    if members is None:
        remedy = "Make it, and put the pool's accounts in it."
        return failed("group", f"there is no group {site.accounts.people}", remedy)
    outside = [name for name in site.accounts.pool if name not in members]
    if outside:
        return failed("group", f"not in {site.accounts.people}: {', '.join(outside)}", "Put them in the group.")
    return ok("group", f"{site.accounts.people} has the whole pool")


def _hub(site: Site, system: System) -> Outcome:
    hub = site.accounts.hub
    known, members = system.account(hub), system.members(site.accounts.people) or set()
    if known is not None and known.pw_uid == 0:
        return failed("hub's account", f"{hub} is root", "Give the hub an account without rights.")
    if hub in members:
        return failed("hub's account", f"{hub} is in {site.accounts.people}", "Take it out: it is nobody of the class.")
    return ok("hub's account", f"{hub} has no rights of its own")
