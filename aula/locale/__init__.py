"""In which language somebody reads Aula, and how words, dates and numbers are written in it.

The catalogues lie in `LANGUAGE/LC_MESSAGES/aula.po`. CONTRIBUTING.md says how they are kept.
"""

from aula.locale.catalogues import translations
from aula.locale.languages import COOKIE, LANGUAGES, NAMES, choose
from aula.locale.messages import Message, message, translated
from aula.locale.written import format_date, format_datetime, format_number, format_percent, format_time

__all__ = [
    "COOKIE",
    "LANGUAGES",
    "NAMES",
    "Message",
    "choose",
    "format_date",
    "format_datetime",
    "format_number",
    "format_percent",
    "format_time",
    "message",
    "translated",
    "translations",
]
