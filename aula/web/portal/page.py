"""What every page of the portal has in common: who asks, what they sent, in which language, and safe headers."""

import hmac
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from jupyterhub.services.auth import HubOAuthenticated, UserNotAllowed  # type: ignore[import-untyped]  # it has no types
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from tornado.web import HTTPError, RequestHandler

from aula.locale import COOKIE, NAMES, Message, choose, message, translated, translations
from aula.locale.languages import COOKIE_DAYS
from aula.people import access
from aula.people.errors import DatabaseError, NotYoursError, PeopleError, RefusedError, TakenError, UnknownError
from aula.people.tables import Person
from aula.web.portal.address import address_of
from aula.web.portal.declaration import Operation, UnusableError
from aula.web.portal.desk import Desk, Together
from aula.web.portal.guesses import Guesses
from aula.web.portal.rendering import environment
from aula.web.portal.settings import PortalSettings

log = logging.getLogger("aula.portal")
Result = TypeVar("Result")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # addresses hold codes
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
AUTHORIZATION = re.compile(r"(?:token|bearer) +[A-Za-z0-9._~-]{1,200}", re.IGNORECASE)
BUSY = message("The portal cannot reach its database at the moment. Try again in a minute.")
AWAY = message("The portal cannot reach the hub at the moment. Try again in a minute.")
STATUS = {NotYoursError: 404, UnknownError: 404, RefusedError: 400, TakenError: 409}


class SaidError(HTTPError):
    """An answer that is a sentence for whoever asked."""

    def __init__(self, status: int, said: Message | str, *, wait_s: int = 0) -> None:
        super().__init__(status)
        self.said, self.wait_s = said, wait_s


def answer_to(error: PeopleError) -> SaidError:
    """Return the answer that tells a mistake about people."""
    if isinstance(error, DatabaseError):  # what it says is for operators
        log.error("%s", error)
        return SaidError(503, BUSY)
    return SaidError(STATUS.get(type(error), 400), error.args[0])


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, as plain values."""

    name: str
    full_name: str
    language: str | None
    time_zone: str
    operator: bool

    @classmethod
    def of(cls, person: Person) -> "Viewer":
        """Return a person's values."""
        return cls(person.name, person.full_name, person.language, person.time_zone, person.operator)


class Furniture(HubOAuthenticated, RequestHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Headers, identity, language and the page for what goes wrong."""

    viewer: Viewer | None = None
    name: str | None = None
    # JupyterHub looks here before it asks the hub by itself, which would stop everybody else's page meanwhile.
    _hub_auth_user_cache: Any = None

    def initialize(self) -> None:
        """Ask the portal's own connection to the hub."""
        self.hub_auth = self.settings["hub_auth"]

    @property
    def portal(self) -> PortalSettings:
        """What the environment told."""
        found: PortalSettings = self.settings["portal"]
        return found

    @property
    def desk(self) -> Desk:
        """Where the database is asked."""
        found: Desk = self.settings["desk"]
        return found

    def set_default_headers(self) -> None:
        """Keep browsers from guessing, from loading from elsewhere, and from keeping what is somebody's own."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> str | None:
        """Mark no answer: none is kept."""
        return None

    async def identify(self) -> None:
        """Find out who asks, by at most one question to the hub. A service is nobody here, whatever its name is."""
        self.request.remote_ip = address_of(self.request)
        given = self.request.headers.get("Authorization")
        if given is not None and not AUTHORIZATION.fullmatch(given):
            raise SaidError(403, message("The token in this request cannot be one of the hub's."))
        try:
            async with self.settings["door"]:
                model = await self.hub_auth.get_user(self, sync=False)
            model = model and self.check_hub_user(model)
        except UserNotAllowed as error:
            raise SaidError(403, message("This token is not for the portal.")) from error
        except HTTPError as error:
            raise (SaidError(503, AWAY) if error.status_code >= 500 else error) from error
        self._hub_auth_user_cache = model
        if model and model.get("kind") == "user":
            self.name = model["name"]

    @property
    def language(self) -> str:
        """The language to answer in."""
        header = self.request.headers.get("Accept-Language")
        return choose(None, header, self.chosen_language)

    @property
    def chosen_language(self) -> str | None:
        """The language that was chosen: by a click in this browser, else the person's own; None follows the browser."""
        clicked = self.get_cookie(COOKIE)
        own = self.viewer.language if self.viewer else None
        return clicked if clicked in NAMES else own

    def say(self, said: object) -> str:
        """Return a sentence in the language to answer in."""
        return translated(said, self.language)

    def show(self, template: str, *, status: int = 200, **values: Any) -> None:
        """Answer with a page."""
        self.set_status(status)
        language = self.language
        self.finish(
            environment(language)
            .get_template(template)
            .render(
                language=language,
                languages=NAMES,
                base=self.portal.prefix,
                here=self.request.path,
                viewer=self.viewer,
                signed_in=self.name is not None,
                zone=self.viewer.time_zone if self.viewer else "UTC",
                xsrf=self.xsrf_token.decode(),
                **values,
            )
        )

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer with a page that says what went wrong and where to go on."""
        error = details.get("exc_info", (None, None, None))[1]
        said = error.said if isinstance(error, SaidError) else _words(status_code)
        if isinstance(error, SaidError) and error.wait_s:
            self.set_header("Retry-After", str(error.wait_s))
        again = self.request.method == "GET" and status_code >= 500
        self.show("error.html", status=status_code, code=status_code, said=said, again=again)

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Note what nobody foresaw, without the address: addresses hold codes and tokens."""
        if isinstance(error, HTTPError):
            log.debug("%s: %s", type(self).__name__, error)
        else:
            log.error("%s failed", type(self).__name__, exc_info=(kind, error, trace))

    def remember_language(self, language: str | None) -> None:
        """Keep a language in the cookie that the hub's pages read too; None takes the cookie away."""
        if language is None:
            self.clear_cookie(COOKIE, path="/", **self.cookie_flags)
        else:
            self.set_cookie(COOKIE, language, expires_days=COOKIE_DAYS, path="/", **self.cookie_flags)

    @property
    def cookie_flags(self) -> dict[str, Any]:
        """What each cookie of ours has: no script reads it, no other site's request brings it."""
        return {"httponly": True, "samesite": "Lax", "secure": self.portal.secure}

    def gettext(self, text: str) -> str:
        """Return a fixed text in the language to answer in."""
        return translations(self.language).gettext(text)


class Page(Furniture):
    """A page that declares its address and what may be sent to it."""

    address: ClassVar[str]
    operations: ClassVar[dict[str, Operation]]
    form: dict[str, Any]

    async def prepare(self) -> None:
        """Find out who asks, refuse forged posts, lead those to the hub who have to sign in, read what was sent."""
        operation = self.operations.get((self.request.method or "").lower())
        if operation is None:
            raise SaidError(405, message("This page does not do that."))
        await self.identify()
        if self.request.method == "POST":
            self._check_xsrf()
        if self.name is None and not operation.public:
            self._sign_in()
            return
        try:
            self.form = {field.name: field.read(self._given(field.name)) for field in operation.fields}
        except UnusableError as error:
            raise SaidError(400, error.args[0]) from error

    def _check_xsrf(self) -> None:
        try:
            self.check_xsrf_cookie()
        except HTTPError as error:
            raise SaidError(
                403, message("This form is too old. Go back, load the page again, and repeat it.")
            ) from error

    def _given(self, name: str) -> str | None:
        """Return what was sent under a name: in the form for POST, in the address otherwise."""
        read = self.get_body_argument if self.request.method == "POST" else self.get_query_argument
        return read(name, None, strip=False)

    def _sign_in(self) -> None:
        """Lead to the hub and back to this page; who sends a token or a form is told in words."""
        if self.request.method == "GET" and "Authorization" not in self.request.headers:
            self.redirect(self.get_login_url())
        else:
            raise SaidError(403, message("Sign in first."))

    async def work(self, task: Callable[[Session, Person | None], Result]) -> Result:
        """Do a task with the database, in one transaction, for the person who asks; what goes wrong is an answer."""
        try:
            return await self.attempt(task)
        except PeopleError as error:
            raise answer_to(error) from error

    async def attempt(self, task: Callable[[Session, Person | None], Result]) -> Result:
        """Do a task as `work` does, and let a PeopleError through for a page that says it in its own way."""

        def whole(session: Session) -> Result:
            person = access.known(session, self.name)
            self.viewer = Viewer.of(person) if person else None
            return task(session, person)

        try:
            return await self.desk.do(self.name, whole)
        except OperationalError as error:
            raise SaidError(503, BUSY) from error

    async def asked(self, looks: Together[Result]) -> Result:
        """Return what is the own of who asks, read together with what others ask for."""
        try:
            found: Result | None = await self.together(looks, self.name)
            return access.to_own(found)
        except PeopleError as error:
            raise answer_to(error) from error

    async def together(self, looks: Together[Result], key: str | None) -> Result | None:
        """Return what is found under a key, read together with what others ask for; None where nothing is."""
        try:
            return await looks.of(key)
        except PeopleError as error:
            raise answer_to(error) from error
        except OperationalError as error:
            raise SaidError(503, BUSY) from error

    async def guess(self, task: Callable[[Session, Person | None], Result]) -> Result:
        """Do a task that a code or a token opens. Wrong ones are counted, and too many are not looked at."""
        guesses: Guesses = self.settings["guesses"]
        address = self.request.remote_ip or ""
        wait = guesses.begin(address, self.name)
        if wait:
            said = message("Too many wrong codes. Wait {minutes} minutes.", minutes=-(-wait // 60))
            raise SaidError(429, said, wait_s=wait)
        result = await self.attempt(task)
        guesses.right(address, self.name)
        return result

    async def see_who(self) -> None:
        """Read who asks and nothing else, for a page that needs no more of the database."""

        def nothing(session: Session, person: Person | None) -> None:
            del session, person

        await self.work(nothing)

    def go(self, address: str, **query: str) -> None:
        """Lead to another address of the portal."""
        self.redirect(f"{self.portal.base}{address}" + (f"?{urlencode(query)}" if query else ""), status=303)

    def go_to_hub(self, address: str, **query: str) -> None:
        """Lead to a page of the hub."""
        self.redirect(f"/hub/{address}" + (f"?{urlencode(query)}" if query else ""), status=303)


class Missing(Furniture):
    """Every address that no page has."""

    async def prepare(self) -> None:
        """Answer that there is nothing."""
        raise SaidError(404, access.NOT_YOURS)


def same(given: str, secret: str) -> bool:
    """Compare with a secret, in the same time whatever is given."""
    return hmac.compare_digest(given.encode(), secret.encode())


def _words(status: int) -> Message:
    if status in (403, 404):
        return access.NOT_YOURS
    if status < 500:
        return message("This does not work. Go back and try again.")
    return message("Something went wrong, and it has been noted. Try again in a minute.")
