"""The class's databases: upgraded to what today's programs need, a copy kept; never downgraded."""

import json
import pwd
from dataclasses import dataclass
from pathlib import Path

from deploy.classroom import migration, people_database, places
from deploy.classroom.places import Place
from deploy.command import run as command
from deploy.daemon import Daemon
from deploy.errors import CommandError, SchemaError
from deploy.progress import say, step
from deploy.settings import Settings

# Alembic's revisions, the oldest first: JupyterHub's and nbgrader's, of the versions that the locks name; and ours.
HUB = (
    *("19c0846f6344", "eeb276e51423", "af4cbdb2d13c", "3ec6993fe20c", "1cebaf56856c", "56cc5a70207e", "99a28a4418e1"),
    *("d68c98b66cd4", "896818069c98", "4dc2d5a8c53c", "833da8570507", "651f5419b74d", "0eee8c825d24", "3c2384c5aae1"),
    *("4621fec11365", "be8ecf03ddac", "afd65840b69e", "ff1860e38070", "f460b0348206"),
)
PEOPLE = ("0001", "0002", "0003", "0004", "0005")
GRADEBOOK = ("b6d005d67074", "50a4d84c131a", "724cde206c17", "167914646830", "282d30a0218e", "e43177bfe90b")


@dataclass(frozen=True)
class Database:
    """A database with a schema; `daemons` use it, and `command`, of the programs in `environment`, upgrades it."""

    name: str
    path: Path
    account: str
    daemons: tuple[str, ...]
    revisions: tuple[str, ...]
    environment: Path
    command: tuple[str, ...]


def hub(settings: Settings) -> Database:
    """Return the hub's database: people, tokens, running servers."""
    return Database(
        "hub",
        settings.state / "hub" / "jupyterhub.sqlite",
        settings.site.hub_account,
        ("hub",),
        HUB,
        settings.environment("hub"),
        ("jupyterhub", "upgrade-db", "--db={url}"),
    )


def people(settings: Settings) -> Database:
    """Return the database of people and course runs, where it is SQLite's."""
    return Database(
        "people",
        people_database.file(settings),
        settings.site.portal_account,
        ("hub", "portal"),
        PEOPLE,
        settings.environment("hub"),
        ("aula", "people", "upgrade", "--database={url}"),
    )


def gradebook(settings: Settings, place: Place) -> Database:
    """Return a course run's gradebook."""
    return Database(
        f"gradebook of {place.run}",
        place.folder(settings) / "gradebook.db",
        place.account,
        (f"formgrader-{place.run}", "formgrader"),
        GRADEBOOK,
        settings.environment("tools"),
        ("nbgrader", "db", "upgrade", "--db={url}"),
    )


def everything(settings: Settings) -> list[Database]:
    """Return all of them."""
    return [hub(settings), people(settings), *(gradebook(settings, place) for place in places.known(settings))]


def check(settings: Settings) -> None:
    """Raise SchemaError where a database is newer than our programs. Nothing is changed."""
    for database in everything(settings):
        _revision(database)


def upgrade(settings: Settings, database: Database) -> None:
    """Upgrade a database that needs it, its daemon stopped; most often it is current."""
    found, wanted = _revision(database), database.revisions[-1]
    if found in ("", wanted):
        return
    with step(f"Database upgraded: {database.name}, {found} -> {wanted}"):
        for name in database.daemons:
            Daemon(name, settings.state).stop()
        programs = database.environment / "bin"
        words = ["env", f"PATH={programs}:/usr/bin:/bin", *database.command]
        kept = _ask(database, wanted, *words)["kept"]
    say(f"     As it was before: {kept}")


def _revision(database: Database) -> str:
    """Return the database's revision, nothing where there is none yet; raise SchemaError for one that is not ours."""
    try:
        pwd.getpwnam(database.account)
    except KeyError:  # the class was never up
        return ""
    found = _ask(database)["revision"]
    if found and found not in database.revisions:
        raise SchemaError(
            f"The database {database.path} ({database.name}) is of a newer version of Aula than this one: its schema "
            f"is {found}, and this version knows none after {database.revisions[-1]}. Nothing was changed. Check the "
            "newer version out again and run make up, or bring back what was before it: see Upgrade in the guide "
            "book/guides/operations.md."
        )
    return found


def _ask(database: Database, *rest: str | Path) -> dict[str, str]:
    """Run `migration` as the database's owner, who may not be able to read this checkout, and return its answer."""
    account = database.account
    identity = ["setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups", "env", "-i", "LANG=C.UTF-8"]
    program = Path(migration.__file__).read_text()
    try:
        said = command(
            [*identity, "/usr/bin/python3", "-I", "-c", program, database.path, *rest],
            cwd=Path("/"),
            timeout=1800,
            name=f"{'Upgrading' if rest else 'Reading'} the database {database.path}",
            remedy="It is as it was. Mend what is said below, then: make up",
        )
    except CommandError as error:
        raise SchemaError(str(error)) from error
    answer: dict[str, str] = json.loads(said)
    return answer
