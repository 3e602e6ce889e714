"""`make test`: lint, types and unit tests, then a classroom of its own for the tests that need one."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deploy import environments, packages
from deploy.classroom import classroom
from deploy.command import run
from deploy.errors import DeployError
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings
from deploy.testsite import testsite

# Tests that need no classroom, in folders; the rest of tests/ runs against one.
UNIT = ("tests/test_house.py", "tests/aula", "tests/courses", "tests/deploy", "tests/hub_config", "tests/spawners")
# What starts hubs and kernels by the dozen, and is left out of `make quick`.
SLOW = (
    "tests/courses",
    "tests/aula/run",
    "tests/aula/test_aula_command.py",
    "tests/spawners/test_start.py",
    "tests/spawners/test_callback.py",
)
CLUSTER = ("tests/integration", "tests/hostile", "tests/journey")
# Kill parts of the classroom, then take all of it away and bring it back: one test after the other.
FAULTS = ("tests/faults", "tests/operations")
# What takes too long for every change.
SOAK = ("tests/soak",)
# The same journey where hub and cluster are strangers, and what is true only there.
TEST_SITE = ("tests/site", "tests/journey")
PARALLEL = ("-n", "2", "--dist", "loadfile")
SLOTS = 9


def quick() -> int:
    """Lint, types, and the unit tests but the slow ones: under a minute."""
    settings = _slot(1)
    _environment(settings)
    return _lint(settings) or _pytest(settings, "quick", *(f"--ignore={path}" for path in SLOW), *PARALLEL, *UNIT)


def full(keep: bool) -> int:
    """Everything that CI demands. The classroom is removed afterwards unless `keep`."""
    classroom.needs_root()
    with _free_slot() as settings:
        _environment(settings)
        failed = _lint(settings) or _pytest(settings, "unit", *PARALLEL, *UNIT)
        if failed:
            return failed
        suites = {"cluster": (*PARALLEL, *CLUSTER), "faults": FAULTS}
        return _against_a_classroom(settings, suites, keep) or _against_a_site(settings, keep)


def soak() -> int:
    """Run what takes too long for every change: up and down by the dozen, kills at any moment."""
    classroom.needs_root()
    with _free_slot() as settings:
        _environment(settings)
        return _against_a_classroom(settings, {"soak": SOAK}, keep=False)


def _against_a_classroom(settings: Settings, suites: Mapping[str, Sequence[str]], keep: bool) -> int:
    """Run the suites, by name, one after the other, until one fails. Return its exit status, or 0."""
    say(f"\nA classroom for the tests: {settings.name}, {settings.site.address}")
    _throw_away(settings)  # what a killed run left
    try:
        classroom.up(settings)
        failed = next(filter(None, (_pytest(settings, name, *words) for name, words in suites.items())), 0)
        if failed:
            say(f"\nThe classroom's logs: {_save_logs(settings)}")
    finally:
        if not keep:
            _throw_away(settings)
    return failed or _check_nothing_left(settings)


def _against_a_site(slot: Settings, keep: bool) -> int:
    settings = _site_of(slot)
    say(f"\nA strange site for the tests: {settings.name}")
    testsite.remove(settings)
    try:
        testsite.up(settings)
        failed = _pytest(settings, "site", *PARALLEL, *TEST_SITE)
        if failed:
            say(f"\nThe class's logs: {_save_logs(settings)}")
    finally:
        if not keep:
            testsite.remove(settings)
    with step("Nothing is left of it: no process, namespace or account"):
        left = [] if keep else testsite.remains(settings)
        if left:
            raise DeployError("make down left behind: " + ", ".join(left))
    return failed


def _throw_away(settings: Settings) -> None:
    classroom.remove(settings)
    shutil.rmtree(settings.state, ignore_errors=True)


def _check_nothing_left(settings: Settings) -> int:
    with step("Nothing is left of it: no process, namespace, mount or account"):
        left = classroom.remains(settings)
        if left:
            raise DeployError("make down left behind: " + ", ".join(left))
    return 0


def _environment(settings: Settings) -> None:
    with step("Debian's packages"):
        packages.ensure((*packages.CLUSTER, *packages.BROWSER, *packages.UNITS))
        packages.ensure_node()
    for name in ("test", "user"):
        with step(f"Python environment: {name}"):
            environments.up(settings, name)


def _lint(settings: Settings) -> int:
    """Run ruff and mypy. Return the first exit status that is not 0."""
    tools = settings.environment("test") / "bin"
    commands: dict[str, list[str | Path]] = {
        "Lint": [tools / "ruff", "check", "--quiet", "."],
        "Layout": [tools / "ruff", "format", "--check", "--quiet", "."],
        "Types": [tools / "mypy", "--no-error-summary"],
    }
    for what, words in commands.items():
        with step(what):
            run(words, cwd=CHECKOUT, remedy="Mend it, then run this again.")
    return 0


def _pytest(settings: Settings, name: str, *words: str) -> int:
    """Run pytest in the test environment and return its exit status."""
    say("")
    report = CHECKOUT / "build" / "junit" / f"{name}.xml"
    environment = {
        **os.environ,
        **settings.environment_variables,
        "JUPYTER_PATH": str(settings.environment("user") / "share" / "jupyter"),
    }
    python = settings.python("test")
    return subprocess.run(
        [python, "-m", "pytest", "--quiet", f"--junit-xml={report}", *words], cwd=CHECKOUT, env=environment, check=False
    ).returncode


def _save_logs(settings: Settings) -> Path:
    target = CHECKOUT / "build" / "test-logs"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(settings.state / "log", target)
    return target


def _slot(number: int) -> Settings:
    """Return a classroom for tests, that shares nothing with the machine's own nor with other slots."""
    base = Settings.from_environment({})
    name = f"aula-t{number}"
    return replace(
        base,
        name=name,
        prefix=Path(f"/opt/{name}"),
        state=Path(f"/srv/{name}"),
        port=base.port + 100 * number,
        subnet=f"10.77.{number}",
    )


def _site_of(slot: Settings) -> Settings:
    """Return a test site beside a slot's classroom. It takes the slot's programs, which its nodes do not see."""
    name = slot.name.replace("-t", "-s")
    subnet = slot.subnet.replace("10.77.", "10.78.")
    return replace(slot, cluster="testsite", name=name, state=Path(f"/srv/{name}"), subnet=subnet)


@contextmanager
def _free_slot() -> Iterator[Settings]:
    """Hold the first slot that no other test run on this machine holds."""
    for number in range(1, SLOTS + 1):
        with Path(f"/run/aula-t{number}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield _slot(number)
            return
    raise DeployError(f"{SLOTS} test runs are at work on this machine. Wait until one has ended.")
