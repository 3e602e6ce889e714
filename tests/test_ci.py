"""What GitHub and GitLab run for authors exists, has a budget of time, and keeps what it finds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aula import cli
from deploy.cli import ACTIONS

ROOT = Path(__file__).parents[1]
GITHUB: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/courses.yml").read_text())
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
JOBS = [name for name in GITLAB["stages"] if name in GITLAB]
MAKE = re.compile(r"(?:^|[;&] *)make ([a-z-]+)", re.MULTILINE)
AULA = re.compile(r"(?:^|[;&] *)aula (.+?)(?:$|[;&])", re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+): +##", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands() -> Iterator[str]:
    """Yield each line that one of the two runs."""
    for job in GITHUB["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)
    for name in JOBS:
        yield from GITLAB[name]["script"]


def missing(line: str) -> list[str]:
    """Return the make targets and aula commands of a line that do not exist."""
    wrong = [f"make {target}" for target in MAKE.findall(line) if target not in TARGETS or target not in ACTIONS]
    for words in AULA.findall(line):
        try:
            cli.parser(words.split()).parse_args(words.split())
        except SystemExit:
            wrong.append(f"aula {words}")
    return wrong


def test_all_that_they_run_exists() -> None:
    """No line names a make target or an aula command that there is not."""
    assert [wrong for line in commands() for wrong in missing(line)] == []


@pytest.mark.parametrize("line", ["make chekc", "aula chekc", "true; aula check --chnged", "make up && make clean"])
def test_what_does_not_exist_would_be_found(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The check itself finds a misspelt target, command or option."""
    assert missing(line)
    capsys.readouterr()


def test_both_run_the_same() -> None:
    """GitHub and GitLab run the same targets: check, notebooks, book, test."""
    github = [
        target
        for job in GITHUB["jobs"].values()
        for step in job["steps"]
        for target in MAKE.findall(step.get("run", ""))
    ]
    gitlab = [target for name in JOBS for line in GITLAB[name]["script"] for target in MAKE.findall(line)]
    assert github == gitlab == ["check", "notebooks", "book", "test"]


def test_every_stage_has_a_budget_and_keeps_its_reports() -> None:
    """A stage that hangs ends, and what it found is there also where it failed."""
    for name in JOBS:
        assert GITLAB[name]["timeout"]
        assert GITLAB[name]["artifacts"]["when"] == "always"
        assert GITLAB[name]["artifacts"]["reports"]["junit"].endswith(".xml")
    for job in GITHUB["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 120
        (kept,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/upload-artifact")]
        assert kept["if"] == "always()"


def test_caches_follow_the_locks() -> None:
    """A cache is named by lock files that exist: with another lock it is another cache."""
    keys = [
        step["with"]["key"]
        for job in GITHUB["jobs"].values()
        for step in job["steps"]
        if "cache" in step.get("uses", "")
    ]
    named = [name for key in keys for name in re.findall(r"'([^']+)'", key)]
    named += [name for job in JOBS for name in GITLAB[job].get("cache", {}).get("key", {}).get("files", [])]
    assert len(keys) == len(GITHUB["jobs"])
    assert all(list(ROOT.glob(name)) for name in named)
    assert all(name.endswith((".txt", "package-lock.json")) for name in named)
