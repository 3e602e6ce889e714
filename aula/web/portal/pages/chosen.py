"""What people choose for themselves: their language by a click, their language and time zone on a page."""

from functools import cache
from typing import ClassVar

from aula import time_zones
from aula.locale import LANGUAGES, message
from aula.people import access, persons
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.page import Page


@cache
def zones() -> tuple[str, ...]:
    """Return the time zones to choose from: those that are named after a place, and UTC."""
    found = {zone for zone in time_zones.names() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))}
    return ("UTC", *sorted(found))


AS_BROWSER = "browser"
"""Choosing no language: pages are in the one that the browser asks for."""
LANGUAGE = Field("language", message("Language"), choices=LANGUAGES)
LANGUAGE_OR_NONE = Field("language", message("Language"), choices=(AS_BROWSER, *LANGUAGES))
ZONE = Field("time_zone", message("Time zone"), choices=zones())
BACK = Field("back", message("The page to go back to"), required=False, pattern=r"/[A-Za-z0-9/_.-]{0,300}", longest=301)


class Language(Page):
    """The buttons at the foot of each page."""

    address = "/language"
    operations: ClassVar = {"post": Operation("Choose a language", public=True, fields=(LANGUAGE, BACK))}

    async def post(self) -> None:
        """Remember it in the browser, and for those who are signed in, with the person."""
        language = self.form["language"]
        if self.name is not None:
            await self.work(
                lambda session, person: persons.choose(session, person, language=language) if person else None
            )
        self.remember_language(language)
        back = self.form["back"]
        self.redirect(back if back and back.startswith(self.portal.prefix) else self.portal.prefix, status=303)


class Settings(Page):
    """The page with language and time zone."""

    address = "/settings"
    operations: ClassVar = {
        "get": Operation("Show my language and time zone"),
        "post": Operation("Choose my language and time zone", fields=(LANGUAGE_OR_NONE, ZONE)),
    }

    async def get(self) -> None:
        """Show them."""
        await self.work(lambda _, person: access.to_own(person) and None)
        self.show("settings.html", zones=zones(), chosen=self.chosen_language or AS_BROWSER, as_browser=AS_BROWSER)

    async def post(self) -> None:
        """Keep them."""
        language, zone = self.form["language"], self.form["time_zone"]
        language = None if language == AS_BROWSER else language
        await self.work(
            lambda session, person: persons.choose(session, access.to_own(person), language=language, time_zone=zone)
        )
        self.remember_language(language)
        self.go("/")
