"""Unix accounts and groups of the demo class."""

import grp
import pwd
from collections.abc import Callable
from pathlib import Path

from deploy import files
from deploy.command import run
from deploy.daemon import started_at
from deploy.errors import SettingError
from deploy.settings import Settings


def up(settings: Settings) -> None:
    """Make groups, accounts and home folders."""
    for group in [settings.site.people_group, *settings.site.companies]:
        if not _exists(grp.getgrnam, group):
            run(["groupadd", "--system", group])
    _account(settings, settings.site.hub_account, "/usr/sbin/nologin", [])
    _account(settings, settings.site.course_account, "/bin/bash", [])
    for person in settings.site.people:
        groups = [settings.site.people_group] + ([person.company] if person.company else [])
        _account(settings, person.name, "/bin/bash", groups)


def remove(settings: Settings) -> None:
    """Remove the accounts and groups of a classroom that is thrown away, as a test's is."""
    for name in names(settings):
        if _exists(pwd.getpwnam, name):
            run(["userdel", name])
    for group in [settings.site.people_group, *settings.site.companies]:
        if _exists(grp.getgrnam, group):
            run(["groupdel", group])


def names(settings: Settings) -> list[str]:
    """Return every account of the classroom: people's, the hub's, the course run's."""
    people = [person.name for person in settings.site.people]
    return [*people, settings.site.hub_account, settings.site.course_account]


def processes(name: str) -> list[int]:
    """Return the pids of an account's processes, zombies left out; none where there is no such account."""
    if not _exists(pwd.getpwnam, name):
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
    if _exists(pwd.getpwnam, name):
        return Path(pwd.getpwnam(name).pw_dir)
    return _place(settings, name)


def _place(settings: Settings, name: str) -> Path:
    return settings.state / "home" / name


def _account(settings: Settings, name: str, shell: str, groups: list[str]) -> None:
    where = _place(settings, name)
    if _exists(pwd.getpwnam, name):
        if Path(pwd.getpwnam(name).pw_dir) != where:
            raise SettingError(
                f"This machine already has an account {name} that is not ours. "
                "Give the classroom another name, as NAME=class2 make up, and its accounts are marked with it."
            )
    else:
        run(["useradd", "--no-create-home", "--home-dir", str(where), "--shell", shell, "--user-group", name])
    if groups:
        run(["usermod", "--append", "--groups", ",".join(groups), name])
    files.folder(where, mode=0o700, owner=name, group=name)


def _exists(lookup: Callable[[str], object], name: str) -> bool:
    try:
        lookup(name)
    except KeyError:
        return False
    return True
