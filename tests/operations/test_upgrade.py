"""From the previous release to this one while people work: the checkout is updated, and `make up` is run again."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import requests

from deploy import demo, keeper
from deploy.classroom import classroom as whole
from deploy.classroom import databases, exchange, migration, secrets, services
from deploy.classroom import run as course_run
from deploy.command import run
from deploy.daemon import Daemon
from deploy.errors import CommandError
from deploy.settings import CHECKOUT, Settings
from tests import older
from tests.classroom import Classroom
from tests.faults.kernel import answer, connected
from tests.integration.person import Person, alone
from tests.operations.grades import ASSIGNMENT, graded

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
PREVIOUS = "f3bf023"  # 0.1.0


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """A checkout of the previous release. A copy of the sources that has no history cannot have one."""
    found = tmp_path / "previous"
    if git("rev-parse", "--is-shallow-repository").stdout.strip() != "false":
        pytest.skip("This copy of the sources has no history: git fetch --unshallow")
    done = git("archive", f"--output={tmp_path}/it.tar", PREVIOUS)
    assert done.returncode == 0, f"The previous release, {PREVIOUS}, is not in this clone: {done.stderr}"
    found.mkdir()
    run(["tar", "-xf", tmp_path / "it.tar", "-C", found])
    return found


def git(*words: str) -> "subprocess.CompletedProcess[str]":
    """Ask git about this checkout."""
    asked = ["git", "-c", f"safe.directory={CHECKOUT}", *words]
    return subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)


def make(checkout: Path, settings: Settings, target: str) -> str:
    """Run a target of a checkout's own Makefile, and return what it said."""
    return run(["make", target], cwd=checkout, env=settings.environment_variables, timeout=280)


def put_back(classroom: Classroom) -> None:
    """Give both databases of a running class the schemas of earlier versions, the hub stopped meanwhile and after."""
    classroom.stop("hub")
    older.hub(databases.hub(classroom.settings).path)
    older.gradebook(databases.gradebook(classroom.settings, classroom.run).path)


def pids(settings: Settings) -> dict[str, int]:
    """Return the processes of the class by their names."""
    return {path.stem: json.loads(path.read_text())["pid"] for path in (settings.state / "run").glob("*.json")}


def hand_in_as_before(classroom: Classroom, who: str) -> None:
    """Put a submission where nbgrader collected it before there was a service, as its author would."""
    name, settings = classroom.name(who), classroom.settings
    inbound = settings.site.course_folder / "exchange" / demo.RUN / "inbound"
    handed_in = inbound / f"{name}+{ASSIGNMENT}+2026-01-05 10:00:00.000000 UTC+1"
    shutil.copytree(classroom.run.folder(settings) / "release" / ASSIGNMENT, handed_in)
    (handed_in / "timestamp.txt").write_text("2026-01-05 10:00:00.000000 UTC")
    run(["chown", "--recursive", name, handed_in])
    run(["chmod", "--recursive", "go+rX", handed_in])


async def under_a_kernel(person: Person, target: str) -> str:
    """Run a target of make while a kernel holds a variable; fail where its open websocket does not bring it after."""
    async with connected(person) as socket:
        assert await answer(socket, "x = 41\nprint('ready')") == "ready\n"
        said = await asyncio.to_thread(make, CHECKOUT, person.classroom.settings, target)
        assert await answer(socket, "print(x + 1)") == "42\n"
    return said


def test_the_previous_release_is_upgraded_under_a_running_kernel(classroom: Classroom, previous: Path) -> None:
    """A kernel, its variable and its open websocket outlive the upgrade; grades, passwords and people stay.

    The schemas of JupyterHub and nbgrader are the same in both releases. So that migrations really run, both databases
    are taken back to earlier schemas before the upgrade.
    """
    settings = classroom.settings
    whole.remove(settings)
    shutil.rmtree(settings.state)
    make(previous, settings, "up")
    there = course_run.configuration(settings, classroom.run)
    there.symlink_to(there.parent)  # where the previous release had it
    for who in ("bruno", "deniz"):
        hand_in_as_before(classroom, who)
    for words in (["collect", ASSIGNMENT], ["autograde", ASSIGNMENT, "--student", classroom.name("bruno")]):
        course_run.as_run(settings, classroom.run, ["nbgrader", *words])
    hand_in_as_before(classroom, "carla")  # whom nobody has collected yet
    there.unlink()
    before, passwords, people = pids(settings), secrets.users_file(settings).read_text(), graded(classroom)
    assert people
    assert requests.get(f"{classroom.address}/hub/connection", timeout=10).status_code == 404

    with alone(classroom, "bruno") as bruno:
        bruno.start()
        job = bruno.jobs()[0]
        bruno.at_server("api/status")  # the server asks the hub once whom this token belongs to
        put_back(classroom)
        said = asyncio.run(under_a_kernel(bruno, "up"))
        assert bruno.server()["ready"]
        assert bruno.jobs() == [job]

    for database, was in (
        (databases.hub(settings), older.HUB),
        (databases.gradebook(settings, classroom.run), older.GRADEBOOK),
    ):
        assert f"{database.name}, {was} -> {database.revisions[-1]}" in said
        assert migration.revision(database.path) == database.revisions[-1]
        assert database.path.owner() == database.account
    after = pids(settings)
    assert whole.status(settings).healthy
    assert after["proxy"] == before["proxy"]
    assert all(after[name] != before[name] for name in ("hub", "book"))
    assert requests.get(f"{classroom.address}/hub/connection", timeout=10).status_code == 200
    assert (secrets.users_file(settings).read_text(), graded(classroom)) == (passwords, people)
    collected = classroom.run.folder(settings) / "submitted" / classroom.name("carla") / ASSIGNMENT
    assert (collected / f"{ASSIGNMENT}.ipynb").is_file()
    with alone(classroom, "bruno") as bruno:
        bruno.start()


def test_a_newer_database_stops_up_before_it_does_anything(classroom: Classroom) -> None:
    """`make up` of an older release than the database's says so and what to do; the class runs on as it was."""
    settings = classroom.settings
    database = databases.gradebook(settings, classroom.run)
    before = pids(settings)
    older.stamp(database.path, "feedc0ffee00")
    try:
        words = ["make", "up"]
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", **settings.environment_variables}
        done = subprocess.run(words, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    finally:
        older.stamp(database.path, database.revisions[-1])
    assert done.returncode != 0
    assert str(database.path) in done.stdout
    assert "✓" not in done.stdout
    assert pids(settings) == before
    Person(classroom, "deniz")


def test_where_systemd_starts_the_class(classroom: Classroom) -> None:
    """`make upgrade` with hub and services stopped upgrades all and starts none; the proxy serves people meanwhile."""
    settings = classroom.settings
    with alone(classroom, "bruno") as bruno:
        bruno.start()
        with pytest.raises(CommandError, match="make up upgrades it too"):
            make(CHECKOUT, settings, "upgrade")
        proxy = Daemon("proxy", settings.state).pid()
        bruno.at_server("api/status")  # the server asks the hub once whom this token belongs to
        try:
            parts = ("book", "portal", exchange.NAME, services.formgrader_name(demo.RUN))
            classroom.stop(keeper.NAME, *parts)
            put_back(classroom)
            asyncio.run(under_a_kernel(bruno, "upgrade"))
            for database in (databases.hub(settings), databases.gradebook(settings, classroom.run)):
                assert migration.revision(database.path) == database.revisions[-1]
            assert {keeper.NAME, "hub", *parts}.isdisjoint(pids(settings))
            assert Daemon("proxy", settings.state).pid() == proxy
        finally:
            make(CHECKOUT, settings, "up")
        assert bruno.server()["ready"]
