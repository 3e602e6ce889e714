"""Backup and restore: everything of a class that cannot be built again, in one file."""

import json
import shutil
import sqlite3
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import accounts, archive, audit_log, files, people
from deploy.classroom import places
from deploy.errors import DeployError
from deploy.lock import exclusive
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings
from deploy.slurm import database
from deploy.slurm.layout import Layout

DATABASES = (".sqlite", ".db")
ACCOUNTING = "accounting"
OLDER = "exchange"
"""What backups of earlier versions have in place of what is handed in and given."""
PATIENCE_S = 60.0


def trees(settings: Settings) -> dict[str, Path]:
    """Return the folders that hold what cannot be built again. Home folders are a centre's own to keep."""
    course = settings.site.course_folder
    found = {
        "secrets": settings.state / "secrets",
        "hub": settings.state / "hub",
        "people": settings.state / "people",
        "runs": course / "runs",
        "content": course / "content",
        "handed-in": course / "handed-in",
        "given": course / "given",
        "hand-in": settings.state / "hand-in",
        "versions": course / "lessons" / ".versions",
    }
    return found | ({"home": settings.state / "home"} if settings.cluster == "machine" else {})


def create(settings: Settings, target: Path) -> None:
    """Write the backup of a class, which may run meanwhile."""
    missing = [str(folder) for folder in trees(settings).values() if not folder.is_dir()]
    if missing:
        raise DeployError(f"There is no class to back up: {missing[0]} is not there. Bring it up first: make up")
    if target.exists():
        raise DeployError(f"{target} exists. Name a new file, as TO={target.with_name('aula-2.tar.gz')}")
    if not target.parent.is_dir():
        raise DeployError(f"{target.parent} is not there. Make that folder, or name another file.")
    with exclusive(settings.state, patience=PATIENCE_S), TemporaryDirectory(dir=settings.state) as place:
        with step("Databases copied"):
            instead = _copies(settings, Path(place))
            accounting = files.folder(Path(place) / ACCOUNTING, mode=0o700)
            if settings.cluster == "machine":
                files.write(accounting / "slurm.sql", database.dump(Layout(settings)), mode=0o600)
        with step(f"Everything written to {target}"):
            count = archive.write(target, {**trees(settings), ACCOUNTING: accounting}, instead, _about(settings))
    say(f"\n{count} files, {target.stat().st_size / 2**20:.1f} MB. Keep it safe: it holds passwords and grades.")


def _copies(settings: Settings, place: Path) -> dict[Path, Path]:
    """Copy every SQLite database by its own means: whole, also while somebody writes to it; and logs as these know."""
    found = [
        path
        for name, folder in trees(settings).items()
        if name in ("hub", "people", "runs")
        for path in sorted(folder.rglob("*"))
        if path.suffix in DATABASES and path.is_file() and not path.is_symlink()
    ]
    copies = {}
    for number, path in enumerate(found):
        copy = place / f"{number}.sqlite"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as source, sqlite3.connect(copy) as out:
            source.backup(out)
        source.close()
        out.close()
        copies[path] = copy
        log = path.parent / audit_log.PLACE
        if path.name == "gradebook.db" and log.is_file() and not log.is_symlink():
            copies[log] = place / f"{number}.jsonl"
            audit_log.copy(copy, log, copies[log])
    return copies


def _about(settings: Settings) -> dict[str, str]:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    return {
        "name": settings.name,
        "version": version,
        "made": time.strftime("%F %T %Z"),
        "cluster": settings.cluster,
        # Whose accounts must be there before their files are.
        "people": people.file(settings).read_text(),
        "runs": json.dumps([place.account for place in places.known(settings)]),
    }


def restore(settings: Settings, source: Path) -> None:
    """Bring a backup's data to a machine that has none of this class. `make up` then starts the class."""
    if not source.is_file():
        raise DeployError(f"{source} is not there. Name the backup, as FROM=aula.tar.gz")
    wanted = trees(settings)
    there = [str(folder) for name, folder in wanted.items() if name != "home" and folder.exists()]
    if there:
        raise DeployError(f"There is a class already: {there[0]}. A backup is never written over one; move it away.")
    files.folder(settings.state)
    with exclusive(settings.state, patience=PATIENCE_S):
        draft = settings.state / "restored"
        shutil.rmtree(draft, ignore_errors=True)
        with step("Backup checked, file by file"):
            manifest = archive.check(source, {*wanted, ACCOUNTING, OLDER})
            _check_name(settings, source, manifest["about"].get("name", ""))
        if settings.cluster == "machine":
            with step("Accounts"):
                _accounts(settings, manifest["about"])
        archive.check_owners(source)
        with step("Everything laid out"):
            archive.extract(source, draft)
            for name, folder in {**wanted, OLDER: settings.site.course_folder / OLDER}.items():
                if name == "home":
                    shutil.rmtree(folder, ignore_errors=True)  # the empty ones that the accounts have just got
                if not (draft / name).exists():  # the backup is older, or newer, than these
                    continue
                files.folder(folder.parent)
                (draft / name).rename(folder)
            if (draft / ACCOUNTING / "slurm.sql").exists():
                (draft / ACCOUNTING / "slurm.sql").rename(files.folder(settings.state / "slurm") / "restored.sql")
        shutil.rmtree(draft)
    say(f"\nThe class of {manifest['about'].get('made', 'then')} is here. Start it with: make up")


def _accounts(settings: Settings, about: Mapping[str, str]) -> None:
    """Make the accounts that the backup's files belong to."""
    files.write(people.file(settings), about.get("people", "{}"), mode=0o600)
    accounts.up(settings)
    for name in json.loads(about.get("runs", "[]")):
        if name in settings.site.run_accounts:
            accounts.course_run_up(settings, name)


def _check_name(settings: Settings, source: Path, name: str) -> None:
    if name != settings.name:
        raise DeployError(f"{source} is of the class {name!r}. Bring it back under that name: NAME={name} make restore")
