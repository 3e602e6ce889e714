"""Unix accounts and groups of a class on this machine: its own, the course runs', the people's."""

import grp
import pwd
from collections.abc import Callable
from pathlib import Path

from deploy import demo, files, people
from deploy.command import run
from deploy.daemon import started_at
from deploy.errors import SettingError
from deploy.settings import Settings

FIRST_OF_PEOPLE = 1000
"""Debian's first number of an ordinary account; those below are the system's."""


def up(settings: Settings) -> None:
    """Make the class's own accounts, and those of everybody in it."""
    site = settings.site
    if not exists(grp.getgrnam, site.people_group):
        run(["groupadd", "--system", site.people_group])
    _account(settings, site.portal_account, "/usr/sbin/nologin", [])
    _account(settings, site.hub_account, "/usr/sbin/nologin", [])
    _account(settings, site.hand_in_account, "/usr/sbin/nologin", [])
    _account(settings, site.course_account, "/bin/bash", [])
    for account in people.read(settings).accounts:
        _account(settings, account.name, "/bin/bash", [site.people_group])


def course_run_up(settings: Settings, name: str) -> None:
    """Make the account of a course run."""
    _account(settings, name, "/bin/bash", [])


def job_account_up(settings: Settings, name: str) -> None:
    """Make an account that owns nothing, not even its home folder: nothing stays there from one job to the next."""
    _account(settings, name, "/usr/sbin/nologin", [], owner="root", mode=0o755)


def remove(settings: Settings) -> None:
    """Remove the accounts and groups of a classroom that is thrown away, as a test's is."""
    for name in names(settings):
        if exists(pwd.getpwnam, name):
            run(["userdel", name])
    older = [settings.local(company) for company in demo.COMPANIES]  # groups of version 0.1.0
    for group in [settings.site.people_group, *older]:
        if exists(grp.getgrnam, group):
            run(["groupdel", group])


def names(settings: Settings) -> list[str]:
    """Return every account that the classroom may have made: people's, the course runs', its own."""
    site = settings.site
    theirs = [account.name for account in people.read(settings).accounts]
    own = [site.hub_account, site.course_account, site.portal_account, site.hand_in_account]
    return list(
        dict.fromkeys([*theirs, *demo.names(settings), *site.pool, *site.run_accounts, *site.job_accounts, *own])
    )


def processes(name: str) -> list[int]:
    """Return the pids of an account's processes, zombies left out; none where there is no such account."""
    if not exists(pwd.getpwnam, name):
        return []
    uid = pwd.getpwnam(name).pw_uid
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if _owner(folder) == uid and started_at(int(folder.name)) is not None
    ]


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


def home(settings: Settings, name: str) -> Path:
    """Return an account's home folder: what the system says, else where `up` would make it."""
    if exists(pwd.getpwnam, name):
        return Path(pwd.getpwnam(name).pw_dir)
    return _place(settings, name)


def _place(settings: Settings, name: str) -> Path:
    return settings.state / "home" / name


def _account(
    settings: Settings, name: str, shell: str, groups: list[str], *, owner: str | None = None, mode: int = 0o700
) -> None:
    """Make an account with its home folder, its own by default; it is in these groups and in no others."""
    where = _place(settings, name)
    if exists(pwd.getpwnam, name):
        if Path(pwd.getpwnam(name).pw_dir) != where:
            raise SettingError(
                f"This machine already has an account {name} that is not ours. "
                "Give the classroom another name, as NAME=class2 make up, and its accounts are marked with it."
            )
    else:
        run(["useradd", "--no-create-home", "--home-dir", str(where), "--shell", shell, "--user-group", name])
    if sorted(group.gr_name for group in grp.getgrall() if name in group.gr_mem) != sorted(groups):
        run(["usermod", "--groups", ",".join(groups), name])
    files.folder(where, mode=mode, owner=owner or name, group=owner or name)


def is_persons(name: str) -> bool:
    """Whether an account can be a person's: one that is not there yet, or has no number of the system's own."""
    return not exists(pwd.getpwnam, name) or pwd.getpwnam(name).pw_uid >= FIRST_OF_PEOPLE


def exists(lookup: Callable[[str], object], name: str) -> bool:
    """Whether an account or a group of this name is there."""
    try:
        lookup(name)
    except KeyError:
        return False
    return True
