"""What the preview answers: the list of pages, each page, news of it as they come, and what pages are made of."""

import asyncio
import hmac
import json
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from aula.preview.leaf import WORDS, Leaf
from aula.preview.preview import Preview

# The book's theme has scripts and styles in its pages; nothing may come from, or go to, another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "html"), autoescape=select_autoescape(), trim_blocks=True
)
SILENCE_S = 10
"""Seconds after which a browser that waits is told that the preview is still there."""


class Answer(RequestHandler):
    """What all answers have in common: who may ask, and what browsers may do with it."""

    def set_default_headers(self) -> None:
        """Keep other sites, and guesses of browsers, away from what is answered."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse a name that is not this machine's own, another site's page, and a browser without the key."""
        if self.request.host not in self.settings["hosts"]:
            raise HTTPError(403, reason="Not this host")
        origin = self.request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.settings["hosts"]:
            raise HTTPError(403, reason="Not from this origin")
        if self.request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and not self.is_key:
            raise HTTPError(403, reason="Not from another site")
        given = self.get_cookie(self.settings["cookie"], "") or ""
        if not (self.is_key or self.is_open) and not hmac.compare_digest(given.encode(), self.settings["key"].encode()):
            raise HTTPError(403, reason="Open the address that aula preview printed")

    is_key = False
    is_open = False
    """Whether it is without secrets: the same for everybody, and needed by the page that refuses somebody."""

    @property
    def preview(self) -> Preview:
        """What is shown."""
        preview: Preview = self.settings["preview"]
        return preview

    def show(self, template: str, **values: object) -> None:
        """Answer with a page of a template."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(TEMPLATES.get_template(template).render(**values))

    def write_error(self, status_code: int, **_: object) -> None:
        """Answer a mistake with a page that says what helps."""
        self.show("message.html", title=f"{status_code}: {self._reason}")


class Key(Answer):
    """The printed address: leaves the key with the browser and leads on to the list."""

    is_key = True

    def get(self, key: str) -> None:
        """Take the key."""
        if not hmac.compare_digest(key.encode(), self.settings["key"].encode()):
            raise HTTPError(403, reason="Open the address that aula preview printed")
        self.set_cookie(self.settings["cookie"], key, httponly=True, samesite="Strict")
        # Not by redirection: whoever comes by a link of another site would not have the cookie with them.
        self.show("welcome.html")


class List(Answer):
    """The list of pages, with what is wrong with contracts."""

    def get(self) -> None:
        """Show it."""
        courses: dict[str, list[Leaf]] = {name: [] for name in self.preview.troubles}
        for leaf in self.preview.leaves.values():
            courses.setdefault(leaf.course.id, []).append(leaf)
        self.show(
            "list.html", courses=courses, troubles=self.preview.troubles, version=self.preview.version, address=""
        )


class Sheet(Answer):
    """One page, as the book has it; or what stands in its way."""

    def get(self, address: str) -> None:
        """Show it."""
        leaf = self.preview.leaves.get(address)
        if leaf is None:
            raise HTTPError(404, reason="There is no such page")
        contract = self.preview.troubles.get(leaf.course.id, ())
        printed = self.preview.html / address
        if found := contract or leaf.troubles:
            self.show("troubles.html", leaf=leaf, troubles=found, version=leaf.version, address=address)
        elif not leaf.version or not printed.is_file():
            self.show("message.html", title="This page is being made", version=leaf.version, address=address)
        else:
            script = (
                f'<link rel="stylesheet" href="/preview/preview.css"><script src="/preview/preview.js" '
                f'data-address="{escape(address)}" data-version="{leaf.version}" defer></script></head>'
            )
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(printed.read_text(encoding="utf-8").replace("</head>", script, 1))


class Events(Answer):
    """News of a page as they come, for its script: server-sent events."""

    gone = False

    def on_connection_close(self) -> None:
        """Note that nobody listens any more."""
        self.gone = True

    async def get(self) -> None:
        """Say how the page is, and again whenever that changes."""
        address, told = self.get_argument("address", ""), ""
        self.set_header("Content-Type", "text/event-stream")
        while not self.gone:
            news, state = self.preview.news, json.dumps(self._state(address))
            self.write(f"data: {state}\n\n" if state != told else ": still there\n\n")
            told = state
            try:
                await self.flush()
                await asyncio.wait_for(news.wait(), SILENCE_S)
            except TimeoutError:
                continue
            except (StreamClosedError, asyncio.CancelledError):  # the browser has gone, or the preview ends
                return

    def _state(self, address: str) -> dict[str, object]:
        leaves = self.preview.leaves
        if address in leaves:
            one = leaves[address]
            state, words = (
                ("refused", WORDS["refused"]) if self.preview.troubles.get(one.course.id) else (one.state, one.words)
            )
            remarks = [{"place": found.place, "sentence": found.sentence} for found in one.remarks]
            return {"version": one.version, "state": state, "words": words, "remarks": remarks}
        pages = {name: {"state": one.state, "words": one.words} for name, one in leaves.items()}
        return {"version": self.preview.version, "pages": pages}


class Static(Answer, StaticFileHandler):
    """What pages are made of: styles, scripts, pictures."""

    def set_extra_headers(self, path: str) -> None:
        """Let browsers ask each time, for any of it may be other now."""
        del path
        self.set_header("Cache-Control", "no-cache")


class Look(Static):
    """The styles of all pages of Aula, and of the preview's own."""

    is_open = True


class Missing(Answer):
    """Every other address."""

    def get(self) -> None:
        """Say that there is nothing."""
        raise HTTPError(404, reason="There is no such page")
