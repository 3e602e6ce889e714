"""Whether the shared folders can be written by root here, read by people, and changed by nobody else."""

from collections.abc import Iterator

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site

SQUASHED = "Export the file system to this machine without root_squash, or choose a folder that this root may write."
LEAST_FREE_MB = 1024


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield an outcome for each of the two folders, and one for the room in the course's."""
    someone = next((name for name in site.accounts.pool if system.account(name)), None)
    for name, folder in (("software", site.folders.software), ("course", site.folders.course)):
        yield _folder(f"folder {name}", folder, site, system, someone)
    yield _room("room for course work", site.folders.course, system)


def _folder(what: str, folder: str, site: Site, system: System, someone: str | None) -> Outcome:
    made = system.run(["mkdir", "-p", "-m", "755", folder])
    if not made.well:
        return failed(what, made.line, SQUASHED)
    probe = f"{folder}/.aula-site-check"
    owner = site.accounts.course if system.account(site.accounts.course) else "nobody"
    tried = [["mkdir", "-p", probe], ["chown", owner, probe], ["chmod", "1777", probe], ["rmdir", probe]]
    for words in tried:
        answer = system.run(words)
        if not answer.well:
            system.run(["rmdir", probe])
            return failed(what, f"root may not {words[0]} in it: {answer.line}", SQUASHED)
    if someone is None:
        return skipped(what, "nobody of the class has an account yet")
    if not system.run(["ls", folder], someone).well:
        remedy = f"Open it and the folders above it: chmod o+rx {folder}"
        return failed(what, f"{someone} cannot read {folder}", remedy)
    if system.run(["test", "-w", folder], someone).well:
        return failed(what, f"{someone} can write {folder}", f"Close it: chmod go-w {folder}")
    return ok(what, folder)


def _room(what: str, folder: str, system: System) -> Outcome:
    answer = system.run(["df", "--output=avail", "-BM", folder])
    words = answer.said.split()
    free = int(words[-1].rstrip("M")) if answer.well and words and words[-1].rstrip("M").isdecimal() else None
    if free is None:
        return skipped(what, f"df does not say: {answer.line}")
    if free < LEAST_FREE_MB:
        return failed(what, f"{free} MB are free", f"Make room: at least {LEAST_FREE_MB} MB.")
    return ok(what, f"{free} MB are free")
