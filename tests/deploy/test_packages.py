"""Which of Debian's packages are missing, asked from the real dpkg."""

from pathlib import Path

import pytest

from deploy import packages


def test_what_is_installed_is_not_missing() -> None:
    """Packages without which this machine would not run are found installed."""
    assert packages.missing(("dpkg", "bash")) == []


def test_what_is_not_installed_is_missing() -> None:
    """A package that no one installs is named, beside one that is there."""
    assert packages.missing(("bash", "no-such-package-in-debian")) == ["no-such-package-in-debian"]


def test_nothing_is_installed_where_nothing_is_missing() -> None:
    """`ensure` touches neither apt nor the network when all packages are there."""
    assert packages.ensure(("dpkg", "bash")) == []


@pytest.mark.parametrize(
    ("status", "missing"),
    [
        ("install ok installed", False),
        ("hold ok installed", False),
        ("install ok half-installed", True),
        ("install ok unpacked", True),
        ("install ok half-configured", True),
        ("deinstall ok config-files", True),
        ("unknown ok not-installed", True),
    ],
)
def test_only_what_is_whole_counts(status: str, missing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that an interrupted run left half done, or that was removed, is missing; dpkg itself is asked."""
    (tmp_path / "status").write_text(
        f"Package: munge\nStatus: {status}\nArchitecture: all\nMaintainer: x\nVersion: 1.0\nDescription: x\n\n"
    )
    for name in ("info", "updates", "triggers"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("DPKG_ADMINDIR", str(tmp_path))
    assert packages.missing(("munge",)) == (["munge"] if missing else [])
