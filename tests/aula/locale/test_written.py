"""Dates, times and numbers, as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from aula.locale import format_date, format_datetime, format_number, format_percent, format_time

EVENING = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "written"),
    [
        ("en", "Europe/London", "24 Nov 2026, 22:30 (London)"),
        ("es", "Europe/Madrid", "24 nov 2026, 23:30 (Madrid)"),
        ("ca", "Europe/Madrid", "24 de nov. 2026, 23:30 (Madrid)"),
        ("pt", "Europe/Lisbon", "24/11/2026, 22:30 (Lisboa)"),
        ("tr", "Europe/Istanbul", "25 Kas 2026, 01:30 (İstanbul)"),
        ("ro", "Europe/Bucharest", "25 nov. 2026, 00:30 (București)"),
        ("es", "UTC", "24 nov 2026, 22:30 (UTC)"),
    ],
)
def test_a_moment_is_shown_by_the_readers_clock(language: str, zone: str, written: str) -> None:
    """A point in time is the reader's own day and hour, and says whose clock it is."""
    assert format_datetime(EVENING, language, zone) == written


def test_a_day_is_the_readers_day() -> None:
    """Late in the evening in Lisbon it is the next day in Istanbul; a plain day is the same everywhere."""
    assert format_date(EVENING, "pt", "Europe/Lisbon") == "24 de novembro de 2026"
    assert format_date(EVENING, "tr", "Europe/Istanbul") == "25 Kasım 2026"
    assert format_date(date(2026, 11, 24), "ro") == "24 noiembrie 2026"
    assert format_time(EVENING, "ro", "Europe/Bucharest") == "00:30"


def test_a_moment_without_zone_is_a_mistake() -> None:
    """Nobody can say when it is."""
    with pytest.raises(ValueError, match="no time zone"):
        format_datetime(EVENING.replace(tzinfo=None), "es", "UTC")


def test_numbers_have_the_languages_signs() -> None:
    """Point and comma are where the language wants them."""
    assert format_number(1234567.5, "en") == "1,234,567.5"
    assert format_number(1234567.5, "es") == "1.234.567,5"
    assert format_percent(0.75, "tr") == "%75"
