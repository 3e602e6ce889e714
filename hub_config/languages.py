"""The language of a page: chosen by a click, else the person's own, else the browser's; and the click itself."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, pass_context
from jinja2.ext import InternationalizationExtension
from jinja2.runtime import Context
from jupyterhub.handlers import BaseHandler  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.web import HTTPError

from aula.locale import COOKIE, LANGUAGES, NAMES, choose, message, translated, translations
from aula.locale.languages import COOKIE_DAYS, DEFAULT
from hub_config.wishes import Wishes

LAB_LOCALES = {"en": "en", "es": "es_ES", "ca": "ca_ES", "pt": "pt_BR", "tr": "tr_TR", "ro": "ro_RO"}
"""JupyterLab's language packs; there is none for the Portuguese of Portugal."""

_INNER = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def _said(words: str) -> str:
    return "{{ gettext('" + words + "') }}"


# Words of JupyterHub's own page that stand in no block of it; the name of its dialogue is also its address.
_STOCK_PAGE = '<html lang="en">'
_STOCK_WORDS = {
    _STOCK_PAGE: '<html lang="{{ aula_language() }}">',
    "JupyterHub requires JavaScript.": _said(message("This page needs JavaScript.")),
    "Please enable it to proceed.": _said(message("Switch it on in your browser.")),
    'aria-label="Close"': 'aria-label="' + _said(message("Close")) + '"',
    ">{{ title }}<": ">{{ gettext(title) }}<",
    ">{{ btn_label }}<": ">{{ gettext(btn_label) }}<",
}
_DIALOGUE = (message("Error"), message("OK"))


def extension(wishes: Wishes) -> type[InternationalizationExtension]:
    """Return the Jinja extension with which pages speak the language of whoever reads them."""

    class Spoken(InternationalizationExtension):
        """Translates by the language of the request that a page is rendered for."""

        def __init__(self, environment: Environment) -> None:
            super().__init__(environment)
            environment.policies["ext.i18n.trimmed"] = True

            @pass_context
            def language(context: Context) -> str:
                # JupyterHub gives templates no request, but this bound method of its handler.
                return wishes.language_of(context["static_url"].__self__)

            @pass_context
            def gettext(context: Context, text: str) -> str:
                return str(translations(language(context)).gettext(text))

            @pass_context
            def ngettext(context: Context, one: str, many: str, number: int) -> str:
                return str(translations(language(context)).ngettext(one, many, number))

            @pass_context
            def spoken(context: Context, said: object) -> str:
                return translated(said, language(context))

            @pass_context
            def here(context: Context) -> str:
                return str(context["static_url"].__self__.request.uri)

            environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
            environment.filters["spoken"] = spoken
            environment.globals.update(aula_language=language, aula_language_names=NAMES, aula_here=here)

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            """Let JupyterHub's own page speak too; it has the name of ours."""
            del name, filename
            if _STOCK_PAGE in source:
                for stock, ours in _STOCK_WORDS.items():
                    source = source.replace(stock, ours)
            return source

    return Spoken


class LanguageHandler(BaseHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Remembers the language that somebody chose by a click."""

    wishes: Wishes

    async def post(self) -> None:
        """Keep the language in a cookie, and as the person's own; go back to where the click was."""
        language = self.get_body_argument("language", "")
        if language not in LANGUAGES:
            raise HTTPError(400, f"Choose one of the languages {', '.join(LANGUAGES)}.")
        secure = self.request.protocol == "https"
        # The portal's pages set the same cookie, so it is everybody's: the hub's own lie below /hub/.
        self.set_cookie(COOKIE, language, path="/", max_age=COOKIE_DAYS * 86400, samesite="Lax", secure=secure)
        if hasattr(self.current_user, "spawners"):
            await self.wishes.keep(self.current_user.name, language)
        self.redirect(inner(self.get_body_argument("next", "")) or self.hub.base_url, status=303)


def handlers(wishes: Wishes) -> list[tuple[str, type[Any]]]:
    """Return the address of the click. JupyterHub copies its configuration, but no classes: all share one `wishes`."""
    return [(r"/language", type("LanguageHandler", (LanguageHandler,), {"wishes": wishes}))]


def inner(address: str) -> str | None:
    """Return an address if it is a path on this site, and nothing that a browser takes for another site's."""
    parts = urlsplit(address) if _INNER.fullmatch(address) else None
    return address if parts and not parts.scheme and not parts.netloc else None


def of_start(wishes: Wishes) -> Callable[[Any], str]:
    """Return what finds the language for a server, as for a page: chosen by a click in the browser that starts it, else
    its owner's own, else what that browser asks for. A server that no browser starts has its owner's, else the
    language that it had the last time: it may be starting anew by itself.
    """

    def find(spawner: Any) -> str:
        asked = spawner.handler
        if asked is None:
            return choose(None, None, wishes.of(spawner.user.name))
        header = asked.request.headers.get("Accept-Language") or spawner.language or None
        return choose(asked.get_cookie(COOKIE), header, wishes.of(spawner.user.name))

    return find


def spoken_by_server(language: str, text: str) -> str:
    """Return a sentence of the spawner's in its owner's language."""
    return str(translations(language if language in NAMES else DEFAULT).gettext(text))
