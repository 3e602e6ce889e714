"""Who may use the cluster: a Slurm account for each company, and the people whom it sends, with a limit for each.

What is handed in of a course run is graded by jobs of the run's own account.
"""

import pwd
from collections.abc import Collection, Sequence

from deploy import accounts, demo, people
from deploy.classroom import job_accounts, places
from deploy.command import run
from deploy.settings import Settings
from deploy.slurm import job_associations
from deploy.slurm.configuration import cluster_name
from deploy.slurm.layout import Layout

MOST_JOBS = 200
"""Jobs that one person or course run may have in the queue at a time: a loop that submits for ever stops there."""


def up(layout: Layout) -> None:
    """Make the cluster, accounts and associations that are missing; take away those of people who have left.

    Course runs have one while they are open: call it after a new run's Unix account was made.
    """
    settings = layout.settings
    house, known = demo.house_account(settings), people.read(settings)
    if cluster_name(settings) not in _show(layout, "cluster", "cluster"):
        _change(layout, "add", "cluster", cluster_name(settings))
    there = _show(layout, "account", "account")
    for account in [house, *known.companies]:
        if account not in there:
            _change(layout, "add", "account", account, f"Description={account}", f"Organization={account}")
    runs, open_runs = places.known(settings), {course_run.name for course_run in known.runs}
    wanted = dict.fromkeys((place.account for place in runs if _computes(place, open_runs)), house)
    wanted[settings.site.course_account] = house
    # A centre's staff know accounts by themselves; here it is those of people in an open run.
    mine = [one for one in known.accounts if one.person is None or one.name in known.working]
    wanted |= {one.name: one.company or house for one in mine if one.state == "taken"}
    found = _associations(layout)
    for name, account in wanted.items():
        if found.get(name) != account:
            if name in found:  # one account at a time: what a person computes is their company's
                _change(layout, "delete", "user", f"name={name}")
            _change(layout, "add", "user", name, f"Account={account}", f"MaxSubmitJobs={MOST_JOBS}")
    for name in [*(place.account for place in runs), *(one.name for one in known.accounts)]:
        if name in found and name not in wanted:
            _change(layout, "delete", "user", f"name={name}")
    job_associations.up(layout, house, _job_accounts(settings, wanted))


def _job_accounts(settings: Settings, wanted: Collection[str]) -> dict[str, str]:
    """Return the account for handed-in job scripts of each course run's account that computes, if it is there."""
    pairs = job_accounts.pairs(settings).items()
    return {name: job for name, job in pairs if name in wanted and accounts.exists(pwd.getpwnam, job)}


def admit(layout: Layout, names: Sequence[str]) -> None:
    """Let accounts compute for the class's own account, as a centre's staff would who were asked to."""
    found, house = _associations(layout), demo.house_account(layout.settings)
    for name in names:
        if name not in found:
            _change(layout, "add", "user", name, f"Account={house}", f"MaxSubmitJobs={MOST_JOBS}")


def _computes(place: places.Place, open_runs: set[str]) -> bool:
    """Whether a course run's account is one of the cluster: Slurm wants to know it by its number."""
    return place.run in open_runs and accounts.exists(pwd.getpwnam, place.account)


def _associations(layout: Layout) -> dict[str, str]:
    """Return each user's Slurm account."""
    words = ["show", "associations", "format=user,account"]
    listing = run(["sacctmgr", "--noheader", "--parsable2", *words], env=layout.environment)
    rows = (line.split("|") for line in listing.splitlines())
    return {user: account for user, account in rows if user}


def _show(layout: Layout, what: str, column: str) -> list[str]:
    listing = run(["sacctmgr", "--noheader", "--parsable2", "show", what, f"format={column}"], env=layout.environment)
    return listing.split()


def _change(layout: Layout, *words: str) -> None:
    run(["sacctmgr", "--immediate", *words], env=layout.environment)
