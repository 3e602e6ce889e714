"""What an identity provider says of a person: the subject counts, all else is only a first suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from aula.locale import LANGUAGES
from aula.people.values import EMAIL, TEXT


@dataclass(frozen=True)
class Claims:
    """The claims of one ID token, and of what else was said of the same subject."""

    said: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """The provider's own name for the person."""
        return str(self.said["sub"])

    def with_more(self, more: Mapping[str, Any]) -> "Claims":
        """Return these claims and others; where both say something, these count."""
        return Claims({**more, **self.said})

    @property
    def full_name(self) -> str:
        """A name for people to read, in one printable line."""
        parts = f"{self._text('given_name')} {self._text('family_name')}"
        found = (self._text("name"), parts.strip(), self._text("preferred_username"), "New person")
        return next(name for name in found if name)

    @property
    def email(self) -> str | None:
        """An address to write to, unless the provider says that it did not check it."""
        address = self._text("email")
        return address if EMAIL.fullmatch(address) and self.said.get("email_verified") is not False else None

    @property
    def time_zone(self) -> str | None:
        """The person's time zone, None where nothing usable was said."""
        zone = self._text("zoneinfo")
        return zone if zone in available_timezones() else None

    def language(self, chosen: str | None) -> str | None:
        """Return the language that was chosen by a click; else the provider's; None where neither is one of ours."""
        found = (chosen or "", self._text("locale")[:2].lower())
        return next((one for one in found if one in LANGUAGES), None)

    def _text(self, name: str) -> str:
        value = self.said.get(name)
        line = "".join(one if one.isprintable() else " " for one in value[: TEXT * 2]) if isinstance(value, str) else ""
        return " ".join(line.split())[:TEXT].strip()
