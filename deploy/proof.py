"""`make test`: lint, types and unit tests, then a classroom of its own for the tests that need one."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

from deploy import environments, packages, slot
from deploy.classroom import classroom, material
from deploy.command import run
from deploy.errors import DeployError
from deploy.lane import Lane
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings
from deploy.testsite import testsite

# Tests that need no classroom, in folders; the rest of tests/ runs against one.
UNIT = (
    "tests/test_house.py",
    "tests/test_ci.py",
    "tests/aula",
    "tests/bench",
    "tests/courses",
    "tests/deploy",
    "tests/hub_config",
    "tests/spawners",
)
CLUSTER = ("tests/integration", "tests/hostile", "tests/journey")
CLICKS = "tests/operations/test_ready_at_nine.py"
# Kill parts of the classroom, one test after the other; the last one takes times, which at a lower priority are others.
FAULTS = ("tests/faults", CLICKS)
# Upgrade a classroom, fill it, take all of it away and bring it back: one test after the other, too.
OPERATIONS = ("tests/operations", f"--ignore={CLICKS}")
# What takes too long for every change.
SOAK = ("tests/soak",)
# The same journey where hub and cluster are strangers, and what is true only there.
TEST_SITE = ("tests/site", "tests/journey")
# What attackers try: on the cluster, on the portal with a trainee's token, and in what they hand in.
HOSTILE = (
    *("tests/hostile", "tests/grading", "tests/aula/grading/test_forging.py", "tests/aula/grading/test_contained.py"),
    "tests/aula/submissions/test_hostile.py",
    *("tests/aula/web/portal/test_fuzz.py", "tests/aula/web/portal/test_everybody.py"),
    "tests/aula/web/portal/test_feedback.py",
    "tests/aula/audit/test_tampering.py",
)
LOGS = CHECKOUT / "build" / "test-logs"
KEPT = CHECKOUT / "build" / "test-kept"
"""What ran clean in the first class."""
FUZZED_REQUESTS = 10_000
TAMPERINGS = 1000
PARALLEL = ("-n", "2", "--dist", "loadfile")


def quick() -> int:
    """Lint, types, and the unit tests but the slow ones: under a minute."""
    settings = slot.numbered(1)
    prepare(settings)
    return _lint(settings) or _pytest(settings, "quick", "-m", "not slow", *PARALLEL, *UNIT)


def full(keep: bool) -> int:
    """Everything that CI demands. The classroom is removed afterwards unless `keep`."""
    classroom.needs_root()
    with slot.free() as settings, slot.free() as other:
        prepare(settings)
        failed = _lint(settings)
        if failed:
            return failed
        suites = {"cluster": (*PARALLEL, *CLUSTER), "faults": FAULTS}
        # Lessons mostly wait for Slurm, and tests of faults mostly wait.
        first = Lane("The classroom", partial(_first, settings), LOGS / "up.log", nicer=0)
        beside = partial(_beside, replace(other, kept=KEPT), settings, keep)
        lane = Lane("A test site, then operations", beside, LOGS / "beside.log")
        return _against_a_classroom(settings, suites, keep, {"faults": lane}, first=first)


def soak() -> int:
    """Run what takes too long for every change: up and down by the dozen, kills at any moment."""
    classroom.needs_root()
    with slot.free() as settings:
        prepare(settings)
        return _against_a_classroom(settings, {"soak": SOAK}, keep=False)


def hostile() -> int:
    """Run the whole hostile collection, and write what of it was contained to build/hostile.json."""
    classroom.needs_root()
    with slot.free() as settings:
        prepare(settings)
        os.environ["AULA_FUZZ_REQUESTS"] = str(FUZZED_REQUESTS)
        os.environ["AULA_TAMPERINGS"] = str(TAMPERINGS)
        failed = _against_a_classroom(settings, {"hostile": (*PARALLEL, *HOSTILE)}, keep=False)
    report = CHECKOUT / "build" / "hostile.json"
    rows = [
        {"attack": f"{case.get('classname')}.{case.get('name')}", "contained": not len(case)}
        for case in ElementTree.parse(CHECKOUT / "build" / "junit" / "hostile.xml").iter("testcase")  # noqa: S314  ours
    ]
    contained = sum(bool(row["contained"]) for row in rows)
    report.write_text(json.dumps({"contained": contained, "total": len(rows), "rows": rows}, indent=1) + "\n")
    say(f"\nContained: {contained} of {len(rows)}. {report}")
    return failed


def _against_a_classroom(
    settings: Settings,
    suites: Mapping[str, Sequence[str]],
    keep: bool,
    beside: Mapping[str, Lane] = MappingProxyType({}),
    tools: Settings | None = None,
    first: Lane | None = None,
) -> int:
    """Run the suites, by name, one after the other, until one fails; beside some, something else that must not fail.

    Return the exit status of what failed, or 0. What pytest itself needs is in the environments of `tools`. The class
    comes up in the lane `first`, if there is one, beside the unit tests.
    """
    say(f"\nA classroom for the tests: {settings.name}, {settings.site.address}")
    try:
        if first is None:
            slot.throw_away(settings)  # what a killed run left
            classroom.up(settings)
        elif failed := _suite(settings, "unit", (*PARALLEL, *UNIT), first, tools):
            return failed
        failed = next(
            filter(None, (_suite(settings, name, words, beside.get(name), tools) for name, words in suites.items())), 0
        )
        if failed:
            say(f"\nThe classroom's logs: {_save_logs(settings)}")
    finally:
        if not keep:
            slot.throw_away(settings)
    return failed or _check_nothing_left(settings)


def _first(settings: Settings) -> int:
    """Bring the first class up, and let the others know what ran clean in it."""
    slot.throw_away(settings)  # what a killed run left
    classroom.up(settings)
    shutil.rmtree(KEPT, ignore_errors=True)
    shutil.copytree(material.kept(settings), KEPT)
    return 0


def _suite(settings: Settings, name: str, words: Sequence[str], beside: Lane | None, tools: Settings | None) -> int:
    with beside or nullcontext():
        failed = _pytest(settings, name, *words, tools=tools)
        return (beside.wait() if beside else 0) or failed


def _beside(own: Settings, tools: Settings, keep: bool) -> int:
    """Run what may run beside the tests of faults, in a slot of its own."""
    failed = _against_a_site(slot.site_of(own), tools, keep)
    return failed or _against_a_classroom(own, {"operations": OPERATIONS}, keep, tools=tools)


def _against_a_site(settings: Settings, tools: Settings, keep: bool) -> int:
    say(f"\nA strange site for the tests: {settings.name}")
    testsite.remove(settings)
    try:
        testsite.up(settings)
        failed = _pytest(settings, "site", *PARALLEL, *TEST_SITE, tools=tools)
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


def _check_nothing_left(settings: Settings) -> int:
    with step("Nothing is left of it: no process, namespace, mount or account"):
        left = classroom.remains(settings)
        if left:
            raise DeployError("make down left behind: " + ", ".join(left))
    return 0


def prepare(settings: Settings) -> None:
    """Install what the tests themselves need: Debian's packages, a browser among them, and environments."""
    with step("Debian's packages"):
        packages.ensure((*packages.CLUSTER, *packages.BROWSER, *packages.UNITS, *packages.POSTGRESQL))
        packages.ensure_node()
    for name in ("test", *environments.of_courses()):
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


def _pytest(settings: Settings, name: str, *words: str, tools: Settings | None = None) -> int:
    """Run pytest in the test environment of these settings, or of others, and return its exit status."""
    say("")
    tools = tools or settings
    report = CHECKOUT / "build" / "junit" / f"{name}.xml"
    environment = {
        **os.environ,
        **settings.environment_variables,
        "JUPYTER_PATH": environments.jupyter_path(tools),
    }
    python = tools.python("test")
    return subprocess.run(
        [python, "-m", "pytest", "--quiet", f"--junit-xml={report}", *words], cwd=CHECKOUT, env=environment, check=False
    ).returncode


def _save_logs(settings: Settings) -> Path:
    target = LOGS / settings.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(settings.state / "log", target)
    return target
