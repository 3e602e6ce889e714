"""Templates and what they write with: one environment for each language."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from babel.dates import format_timedelta
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aula.locale import format_date, format_datetime, format_number, translated, translations
from aula.locale.written import locale_of
from aula.look import STATIC
from aula.people.overview import Place
from aula.people.tables import now
from aula.web.portal.corrections import Correction

MOST = 4096
"""How many dates are remembered in words: hundreds read the same ones."""


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
    made.globals |= {"static": static, "card": _card(made)}
    return made


def _card(made: Environment) -> Callable[..., Markup]:
    """Return what shows a run on My courses. It is the same for all who stand alike in it, for a minute."""

    @lru_cache(1024)
    def card(
        place: Place, base: str, zone: str, now: datetime, corrections: tuple[Correction, ...], state: str, answers: int
    ) -> Markup:
        given = {"place": place, "base": base, "zone": zone, "now": now, "corrections": corrections}
        given |= {"state": state, "answers": answers}
        drawn = made.get_template("card.html").render(**given)
        return Markup(drawn)  # noqa: S704 - a template's output, escaped there

    return card


def _filters(language: str) -> dict[str, Callable[..., str]]:
    @lru_cache(MOST)
    def day(moment: datetime, zone: str) -> str:
        return format_date(moment, language, zone)

    @lru_cache(MOST)
    def last_day(moment: datetime, zone: str) -> str:
        return format_date(moment - timedelta(seconds=1), language, zone)

    @lru_cache(MOST)
    def point(moment: datetime, zone: str) -> str:
        return format_datetime(moment, language, zone)

    def left(moment: datetime) -> str:
        return span(moment - now())

    @lru_cache(MOST)
    def span(delta: timedelta) -> str:
        return format_timedelta(delta, add_direction=True, locale=locale_of(language))

    @lru_cache(MOST)
    def length(delta: timedelta) -> str:
        return format_timedelta(delta, locale=locale_of(language))

    def number(value: float) -> str:
        return format_number(value, language)

    def said(text: Any) -> str:
        return translated(text, language)

    return {
        "day": day,
        "last_day": last_day,
        "point": point,
        "left": left,
        "span": span,
        "length_of": length,
        "number": number,
        "said": said,
    }


@cache
def static(name: str) -> str:
    """Return a static file's address after the portal's prefix; it changes with the file's content."""
    return f"static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
