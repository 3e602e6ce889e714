"""Which of Debian's packages are missing, asked from the real dpkg."""

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
