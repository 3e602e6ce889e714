"""Templates and what they write with: one environment for each language."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from babel.dates import format_timedelta
from jinja2 import Environment, PackageLoader, StrictUndefined

from aula.locale import format_date, format_datetime, format_number, translated, translations
from aula.locale.written import locale_of
from aula.look import STATIC
from aula.people.tables import now


@cache
def environment(language: str) -> Environment:
    """Return the templates in a language."""
    made = Environment(
        loader=PackageLoader("aula.web.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension brings it
    made.filters |= _filters(language)
    made.globals["static"] = static
    return made


def _filters(language: str) -> dict[str, Callable[..., str]]:
    def day(moment: datetime, zone: str) -> str:
        return format_date(moment, language, zone)

    def last_day(moment: datetime, zone: str) -> str:
        return format_date(moment - timedelta(seconds=1), language, zone)

    def point(moment: datetime, zone: str) -> str:
        return format_datetime(moment, language, zone)

    def left(moment: datetime) -> str:
        return format_timedelta(moment - now(), add_direction=True, locale=locale_of(language))

    def number(value: float) -> str:
        return format_number(value, language)

    def said(text: Any) -> str:
        return translated(text, language)

    return {
        "day": day,
        "last_day": last_day,
        "point": point,
        "left": left,
        "number": number,
        "said": said,
    }


@cache
def static(name: str) -> str:
    """Return a static file's address after the portal's prefix; it changes with the file's content."""
    return f"static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
