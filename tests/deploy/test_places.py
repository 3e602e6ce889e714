"""Where course runs live: places are found once and kept, and nobody shares one without need."""

from dataclasses import replace

import pytest

from deploy.classroom import places
from deploy.errors import DeployError
from deploy.settings import Settings


@pytest.fixture
def centre(settings: Settings) -> Settings:
    """A site with two accounts for course runs."""
    return replace(settings, described=replace(settings.site, run_accounts=("run01", "run02")))


def test_a_place_is_kept(centre: Settings) -> None:
    """Asked for again, also after others, a run has the number, port and account that it had."""
    first = places.of(centre, "hpc-1")
    other = places.of(centre, "hpc-2")
    assert places.of(centre, "hpc-1") == first
    assert {first.account, other.account} == {"run01", "run02"}
    assert first.port(centre) != other.port(centre)
    assert places.known(centre) == [first, other]


def test_where_there_are_too_few_accounts_the_course_account_takes_the_run(centre: Settings) -> None:
    """The third run of a site with two accounts for runs belongs to the course account."""
    assert [places.of(centre, f"hpc-{n}").account for n in range(3)] == ["run01", "run02", centre.site.course_account]


def test_a_run_of_an_earlier_version_stays_its_owners(settings: Settings, me: str) -> None:
    """A run whose folder belongs to the course account, as all did once, is not given to another one."""
    here = replace(settings, described=replace(settings.site, course_account=me))
    (places.runs(here) / "hpc-1").mkdir(parents=True)
    assert places.of(here, "hpc-1").account == me
    assert places.of(here, "hpc-2").account == here.site.run_accounts[0]


def test_a_class_says_when_it_is_full(centre: Settings) -> None:
    """More runs than there are ports is an error that says what to do, not a port of another service."""
    for number in range(places.MOST):
        places.of(centre, f"hpc-{number}")
    with pytest.raises(DeployError, match="NAME=class2"):
        places.of(centre, "one-more")
