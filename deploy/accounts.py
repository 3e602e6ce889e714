"""Unix accounts and groups of the demo class, and the hub's sudo rules."""

import grp
import pwd
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy import demo, files
from deploy.command import run
from deploy.daemon import started_at
from deploy.errors import SettingError
from deploy.settings import Settings

SLURM_COMMANDS = ("sbatch", "squeue", "scancel", "scontrol")
# What of the hub's environment a job may see; the spawner fills these (aula_spawner's KEPT_ENVIRONMENT).
KEPT_ENVIRONMENT = "JUPYTERHUB_* SLURM_CONF"


def up(settings: Settings) -> None:
    """Make groups, accounts and home folders, and let the hub run Slurm's four commands for people only."""
    for group in [demo.people_group(settings), *demo.companies(settings)]:
        if not _exists(grp.getgrnam, group):
            run(["groupadd", "--system", group])
    _account(settings, demo.hub_account(settings), "/usr/sbin/nologin", [])
    _account(settings, demo.course_account(settings), "/bin/bash", [])
    for person in demo.people(settings):
        groups = [demo.people_group(settings)] + ([person.company] if person.company else [])
        _account(settings, person.name, "/bin/bash", groups)
    _sudoers(settings)


def down(settings: Settings) -> None:
    """Take the sudo rules away. Accounts and home folders stay: they hold people's work."""
    _sudoers_file(settings).unlink(missing_ok=True)


def remove(settings: Settings) -> None:
    """Remove the accounts and groups of a classroom that is thrown away, as a test's is."""
    for name in names(settings):
        if _exists(pwd.getpwnam, name):
            run(["userdel", name])
    for group in [demo.people_group(settings), *demo.companies(settings)]:
        if _exists(grp.getgrnam, group):
            run(["groupdel", group])


def names(settings: Settings) -> list[str]:
    """Return every account of the classroom: people's, the hub's, the course run's."""
    people = [person.name for person in demo.people(settings)]
    return [*people, demo.hub_account(settings), demo.course_account(settings)]


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
    """Return an account's home folder."""
    return settings.state / "home" / name


def _account(settings: Settings, name: str, shell: str, groups: list[str]) -> None:
    where = home(settings, name)
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


def _sudoers_file(settings: Settings) -> Path:
    return Path("/etc/sudoers.d") / settings.name


def _sudoers(settings: Settings) -> None:
    hub, people = demo.hub_account(settings), demo.people_group(settings)
    commands = ", ".join(f"/usr/bin/{command}" for command in SLURM_COMMANDS)
    text = (
        f"# The hub of {settings.name} runs Slurm's four commands in people's names, and nothing else.\n"
        f'Defaults:{hub} env_keep = "{KEPT_ENVIRONMENT}", !requiretty, !syslog, !lecture\n'
        f"{hub} ALL=(%{people}) NOPASSWD: {commands}\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sudoers") as draft:
        draft.write(text)
        draft.flush()
        run(["visudo", "--check", "--quiet", "--file", draft.name])
    files.write(_sudoers_file(settings), text, mode=0o440)


def _exists(lookup: Callable[[str], object], name: str) -> bool:
    try:
        lookup(name)
    except KeyError:
        return False
    return True
