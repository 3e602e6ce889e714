"""`make check` hands on what it is asked, and writes a report."""

from pathlib import Path

import pytest

from deploy import quality
from deploy.settings import Settings


@pytest.fixture
def settings() -> Settings:
    """A class of the usual settings."""
    return Settings.from_environment({})


def test_what_is_asked_is_handed_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Courses, the base of a change, and a report for JUnit reach `aula check`; on GitHub annotations are asked for."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    words = quality.words(settings, ["sums"], "origin/main")
    assert words[0] == "/opt/aula/envs/tools/bin/aula"
    assert words[3:7] == ["check", "sums", "--changed", "origin/main"]
    assert Path(words[-1]).parent.is_dir()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "--github" in quality.words(settings, [], "")


@pytest.mark.parametrize("changed", ["", "0" * 40])
def test_without_a_base_everything_is_checked(settings: Settings, changed: str) -> None:
    """A branch that is new has no commit before it: forges say so with zeros."""
    assert "--changed" not in quality.words(settings, [], changed)
