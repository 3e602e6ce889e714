"""Whether the hub's account can keep a database in the state folder."""

from collections.abc import Iterator
from pathlib import Path

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site

WRITE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=5) as database:
    database.execute("CREATE TABLE tried (x)")
    database.execute("BEGIN EXCLUSIVE")
    database.execute("INSERT INTO tried VALUES (1)")
"""


def check(site: Site, system: System, state: Path) -> Iterator[Outcome]:
    """Yield whether a scratch database can be made, locked and written where the hub's own will lie."""
    hub, folder = site.accounts.hub, state / "hub"
    if system.account(hub) is None:
        yield skipped("database", "the hub has no account yet")
        return
    system.run(["mkdir", "-p", str(folder)])
    system.run(["chown", hub, str(folder)])
    scratch = str(folder / ".aula-site-check.sqlite")
    answer = system.run(["/usr/bin/python3", "-c", WRITE, scratch], hub)
    system.run(["rm", "-f", scratch, f"{scratch}-journal"])
    if not answer.well:
        remedy = f"{hub} must be able to enter {state} and write {folder}; a network file system must have locks."
        yield failed("database", answer.line, remedy)
    else:
        yield ok("database", f"{folder} can be written and locked")
