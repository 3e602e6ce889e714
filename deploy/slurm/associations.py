"""Who may use the cluster: a Slurm account for each company, and the people in it."""

from deploy import demo
from deploy.command import run
from deploy.slurm.configuration import cluster_name
from deploy.slurm.layout import Layout


def up(layout: Layout) -> None:
    """Make the cluster, accounts and associations that are missing."""
    settings = layout.settings
    if cluster_name(settings) not in _show(layout, "cluster", "cluster"):
        _change(layout, "add", "cluster", cluster_name(settings))
    accounts = _show(layout, "account", "account")
    for account in [demo.house_account(settings), *settings.site.companies]:
        if account not in accounts:
            _change(layout, "add", "account", account, f"Description={account}", f"Organization={account}")
    users = _show(layout, "user", "user")
    wanted = {person.name: person.company or demo.house_account(settings) for person in settings.site.people}
    wanted[settings.site.course_account] = demo.house_account(settings)
    for name, account in wanted.items():
        if name not in users:
            _change(layout, "add", "user", name, f"Account={account}")


def _show(layout: Layout, what: str, column: str) -> list[str]:
    listing = run(["sacctmgr", "--noheader", "--parsable2", "show", what, f"format={column}"], env=layout.environment)
    return listing.split()


def _change(layout: Layout, *words: str) -> None:
    run(["sacctmgr", "--immediate", *words], env=layout.environment)
