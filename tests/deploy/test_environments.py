"""Python environments: that trainees can execute them, and when they are built anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy import environments
from deploy.errors import DeployError
from deploy.settings import Settings


@pytest.fixture
def open_prefix(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose prefix every account can enter, as are all folders above it."""
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.owner() == "root" and folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)
    return replace(settings, prefix=tmp_path / "open")


def test_a_prefix_that_everybody_can_enter_is_well(open_prefix: Settings) -> None:
    """The system's Python in a prefix that others can execute is accepted."""
    environments._check_python(open_prefix)


def test_a_prefix_that_others_cannot_enter_is_refused(open_prefix: Settings) -> None:
    """A prefix of mode 0700 would end in 'bad interpreter' for every trainee: it is refused, with the remedy."""
    open_prefix.prefix.mkdir(mode=0o700)
    with pytest.raises(DeployError, match=rf"cannot execute {open_prefix.prefix}, .*chmod o\+x"):
        environments._check_python(open_prefix)


def test_a_prefix_below_a_closed_folder_is_refused(open_prefix: Settings, tmp_path: Path) -> None:
    """A prefix in somebody's closed home is refused although its own mode is open."""
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "prefix").mkdir(mode=0o755)
    with pytest.raises(DeployError, match="Choose another PREFIX"):
        environments._check_python(replace(open_prefix, prefix=tmp_path / "home" / "prefix"))


def test_a_python_that_others_cannot_execute_is_refused(
    open_prefix: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python under a closed home folder, as pyenv makes, is refused by name."""
    (tmp_path / "home").mkdir(mode=0o700)
    python = tmp_path / "home" / "python3"
    python.write_bytes(b'#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(environments, "PYTHON", python)
    with pytest.raises(DeployError, match=rf"cannot execute {python}"):
        environments._check_python(open_prefix)


def test_a_missing_python_is_refused(open_prefix: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Python at all, the sentence says which one and what to install."""
    monkeypatch.setattr(environments, "PYTHON", tmp_path / "python3")
    with pytest.raises(DeployError, match=r"python3 is missing or older than Python 3\.11\. Install"):
        environments._check_python(open_prefix)


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    """A changed, renamed or added file changes a folder's fingerprint; caches and egg-info do not."""
    folder = tmp_path / "package"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "package.egg-info").mkdir()
    (folder / "a.py").write_text("1")
    first = environments.fingerprint(folder)
    (folder / "__pycache__" / "a.pyc").write_text("x")
    (folder / "package.egg-info" / "PKG-INFO").write_text("x")
    assert environments.fingerprint(folder) == first
    seen = {first}
    (folder / "a.py").write_text("2")
    seen.add(environments.fingerprint(folder))
    (folder / "a.py").rename(folder / "b.py")
    seen.add(environments.fingerprint(folder))
    (folder / "c.py").write_text("")
    seen.add(environments.fingerprint(folder))
    assert len(seen) == 4


@pytest.mark.parametrize("name", ["hub", "user", "tools", "test"])
def test_every_requirement_is_pinned_with_a_hash_or_a_version(name: str) -> None:
    """A lock names one version of each package, so that two machines get the same class."""
    lines = (environments.LOCKS / f"{name}.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.lstrip().startswith(("#", "--hash"))]
    assert wanted
    assert all("==" in line for line in wanted)


def test_environments_that_nobody_needs_go_with_their_images(settings: Settings, tmp_path: Path) -> None:
    """Today's user environment stays, and one that a course run was made ready with; images go with theirs."""
    mine = replace(settings, prefix=tmp_path)
    now = mine.environment("user").name
    for name in (now, "user-of-a-run", "user-of-nobody"):
        (tmp_path / "envs" / name).mkdir(parents=True)
        (tmp_path / "envs" / f"{name}.squashfs").touch()
    (tmp_path / "envs" / "tools").mkdir()
    environments.tidy(mine, ["user-of-a-run"])
    kept = {now, "user-of-a-run"}
    assert {path.name for path in (tmp_path / "envs").iterdir()} == {"tools", *kept, *(f"{n}.squashfs" for n in kept)}
