"""The trend of a notebook's run times."""

import re
from xml.etree import ElementTree

import pytest

from aula.press.trend import HEIGHT, Trend


@pytest.mark.parametrize(
    ("seconds", "slow"),
    [
        ((3.0, 3.1, 2.9, 5.2), True),
        ((3.0, 3.1, 2.9, 4.0), False),
        ((0.1, 0.1, 0.1, 0.9), False),
        ((3.0, 3.0, 30.0), False),
        ((9.0, 3.0, 3.0, 3.0, 5.0), True),
        ((3.0,), False),
    ],
)
def test_slow_is_half_as_long_again_and_a_second_more(seconds: tuple[float, ...], slow: bool) -> None:
    """One odd run changes nothing, a second is nothing, and of two earlier runs nobody knows what is usual."""
    assert Trend(seconds).slow is slow


def test_the_line_says_in_words_what_it_shows() -> None:
    """Who does not see the line hears how many runs it shows, their bounds, and the last."""
    drawn = ElementTree.fromstring(Trend((2.0, 4.0, 3.0)).svg())  # noqa: S314 - our own
    assert drawn.attrib["role"] == "img"
    assert drawn.attrib["aria-label"] == "3 runs, from 2.0 to 4.0 s, the last one 3.0 s"


def test_the_line_begins_at_nothing() -> None:
    """A run of half the time lies half as high: small differences do not look large."""
    points = re.search(r'points="([^"]*)"', Trend((4.0, 2.0)).svg())
    assert points
    (_, top), (_, middle) = (map(float, point.split(",")) for point in points[1].split())
    assert top == 3
    assert middle == HEIGHT / 2


def test_one_run_is_no_line() -> None:
    """A first run has no trend, and runs that took no time can be drawn."""
    assert Trend((2.0,)).svg() == ""
    assert "0.0 s" in Trend((0.0, 0.0)).svg()
