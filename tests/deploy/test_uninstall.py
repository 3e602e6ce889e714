"""Uninstalling: what is refused, and what is kept unless it is said otherwise."""

from pathlib import Path

import pytest

from deploy import accounts, uninstall
from deploy.classroom import classroom
from deploy.errors import DeployError
from deploy.settings import Settings


@pytest.fixture
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A classroom of folders only; stopping it and removing accounts is counted on, not done."""
    for folder in (settings.prefix / "envs", settings.state / "run", settings.state / "runs"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(classroom, "needs_root", lambda: None)
    monkeypatch.setattr(classroom, "down", lambda _: None)
    monkeypatch.setattr(accounts, "remove", lambda _: None)
    return settings


def test_peoples_work_is_kept(installed: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Without another word programs go and data stays, and the message says where and how it would go too."""
    uninstall.uninstall(installed, data=False)
    assert not installed.prefix.exists()
    assert (installed.state / "runs").is_dir()
    said = capsys.readouterr().out
    assert str(installed.state) in said
    assert "DATA=delete" in said


def test_everything_goes_where_it_is_said(installed: Settings) -> None:
    """With the word for it, data goes as well."""
    uninstall.uninstall(installed, data=True)
    assert not installed.prefix.exists()
    assert not installed.state.exists()


@pytest.mark.parametrize("which", ["prefix", "state"])
def test_a_folder_that_is_not_ours_is_left_alone(installed: Settings, which: str) -> None:
    """A prefix or state that is no classroom's stops everything before anything is removed."""
    folder: Path = getattr(installed, which)
    (folder / ("envs" if which == "prefix" else "run")).rmdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(DeployError, match="does not look like"):
        uninstall.uninstall(installed, data=True)
    assert (folder / "thesis.txt").exists()
    assert installed.prefix.exists()
    assert installed.state.exists()
