"""How dates, times and numbers are written in a language."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

# Which country's customs: dates with the day first, and Portuguese as in Portugal.
_REGIONS = {"en": "en_GB", "pt": "pt_PT"}


def locale_of(language: str) -> Locale:
    """Return Babel's locale for one of our languages."""
    return Locale.parse(_REGIONS.get(language, language))


def format_date(day: date, language: str, zone: str | None = None, style: str = "long") -> str:
    """Return a day, as *24 November 2026*; of a point in time, the day that it is in the zone."""
    if isinstance(day, datetime) and zone:
        day = day.astimezone(ZoneInfo(zone))
    return dates.format_date(day, style, locale_of(language))


def format_datetime(moment: datetime, language: str, zone: str, style: str = "medium") -> str:
    """Return a point in time as the clocks of a zone show it, to the minute, with the zone's city."""
    _needs_zone(moment)
    there = moment.astimezone(ZoneInfo(zone))
    locale = locale_of(language)
    day = dates.format_date(there, style, locale)
    time = dates.format_time(there, "short", ZoneInfo(zone), locale)
    return f"{day}, {time} ({zone_name(zone, language)})"


def format_time(moment: datetime, language: str, zone: str) -> str:
    """Return the time of day in a zone, to the minute."""
    _needs_zone(moment)
    return dates.format_time(moment.astimezone(ZoneInfo(zone)), "short", ZoneInfo(zone), locale_of(language))


def zone_name(zone: str, language: str) -> str:
    """Return the city whose clocks a zone has, as *Lisboa*; UTC has none."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    return dates.get_timezone_location(ZoneInfo(zone), locale_of(language), return_city=True)


def format_number(number: int | float | Decimal, language: str) -> str:
    """Return a number with the language's own signs, as *1.234,5*."""
    return numbers.format_decimal(number, locale=locale_of(language))


def format_percent(share: float, language: str) -> str:
    """Return a share of one in percent."""
    return numbers.format_percent(share, locale=locale_of(language))


def _needs_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment} has no time zone.")
