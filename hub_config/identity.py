"""Who may sign in: people of the database, by a password or through an identity provider, while they are not closed."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from oauthenticator.generic import GenericOAuthenticator  # type: ignore[import-untyped]  # it has no types
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets import Any as Anything
from traitlets import Unicode

from aula.locale import COOKIE, message
from aula.people import enrolments, identities, passwords, registration
from aula.people.database import Database
from aula.people.errors import DatabaseError, HashError, PeopleError, RefusedError, TakenError
from aula.people.tables import Password, Person, Role
from aula.people.throttle import Throttle
from aula.people.values import NAME
from hub_config import sessions
from hub_config.claims import Claims
from hub_config.errors import RefusedSignIn
from hub_config.oidc import Provider
from hub_config.oidc_handlers import CALLBACK, OidcCallbackHandler, OidcLoginHandler
from hub_config.roles import company_group, instructors_group, trainees_group
from hub_config.said import SaidError

CODE_COOKIE = "aula-code"
_AT_ONCE = 2
_Found = TypeVar("_Found")
_Opened = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Standing:
    """Somebody who may enter: the groups that their course runs give them now, and when their password was set."""

    name: str
    groups: tuple[str, ...]
    language: str | None
    password_set: str


class PeopleAuthenticator(GenericOAuthenticator):  # type: ignore[misc]  # oauthenticator has no types
    """Lets in people of the database.

    By name and password; failed attempts are limited for each name and for each address. Where `issuer` is set, also
    as (issuer, subject) of an OpenID Connect provider; who is not known there becomes a person by a joining code.
    """

    people_database = Unicode(help="SQLAlchemy address of people's database.").tag(config=True)
    issuer = Unicode(help="The OpenID Connect provider, as its ID tokens name it; empty: passwords alone.")
    issuer.tag(config=True)
    tell_language = Anything(None, help="A callable that takes each person's name and language whenever they are read.")
    tell_language.tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._database = Database(self.people_database)
        self._by_name = Throttle(most=5, window=60)
        self._by_address = Throttle(most=30, window=60)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self.provider = Provider(self.issuer, self.client_id, self.client_secret, self.httpfetch)

    def login_url(self, base_url: str) -> str:
        """Return where everybody signs in: the page with the form, and with the button where there is a provider."""
        return f"{base_url}login"

    def get_handlers(self, app: Any) -> list[tuple[str, type[Any]]]:
        """Return the pages of a sign-in through a provider, where there is one."""
        del app
        return [("/oauth_login", OidcLoginHandler), (f"/{CALLBACK}", OidcCallbackHandler)] if self.issuer else []

    async def authenticate(
        self, handler: Any, data: Mapping[str, str] | None = None, **_: Any
    ) -> dict[str, Any] | None:
        """Return who it is, with their groups."""
        if isinstance(handler, OidcCallbackHandler):
            name = await self._by_provider(handler)
        else:
            name = await self._by_password(handler, data or {})
        standing = await self._standing(name)
        if standing is None:
            return None
        user = handler.find_user(name)
        if user is not None and sessions.outdated(user, standing.password_set):
            sessions.end(user, standing.password_set)
        return self._model(user, standing)

    async def check_allowed(self, username: str, auth_model: Any = None) -> bool:
        """Whether the database has this person, and they are not closed. There is no other list."""
        del auth_model
        return await self._standing(username) is not None

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> bool | dict[str, Any]:
        """Bring somebody's groups up to date; sign out who is closed, or whose password is a new one."""
        del handler
        standing = await self._standing(user.name)
        if standing is None:
            return False
        if sessions.outdated(user, standing.password_set):
            sessions.end(user, standing.password_set)
            return False
        same = {group.name for group in user.groups} == set(standing.groups) and not user.admin
        return True if same and sessions.known(user) else self._model(user, standing)

    async def model_of(self, name: str) -> dict[str, Any] | None:
        """Return what the hub keeps of somebody who was never here, None for one who may not enter."""
        standing = await self._standing(name)
        return self._model(None, standing) if standing else None

    def _model(self, user: Any, standing: Standing) -> dict[str, Any]:
        """Return what the hub keeps of somebody; nobody is its administrator."""
        return {
            "name": standing.name,
            "admin": False,
            "groups": list(standing.groups),
            "user_info": sessions.noted(user, standing.password_set),
        }

    async def _by_password(self, handler: Any, data: Mapping[str, str]) -> str:
        """Return the name if the password is right, and '' if not."""
        name, password = data.get("username", ""), data.get("password", "")
        known_form = bool(NAME.fullmatch(name)) and len(password) <= passwords.LONGEST
        keys = ((self._by_name, name if known_form else ""), (self._by_address, handler.request.remote_ip or ""))
        wait = max(throttle.seconds_to_wait(key) for throttle, key in keys)
        if wait:
            raise SaidError(
                429,
                message(
                    "Too many sign-ins failed. Wait {seconds} seconds, then try again. An operator can help.",
                    seconds=wait,
                ),
            )
        for throttle, key in keys:
            throttle.count(key)
        if not known_form or not await self._is_right(name, password):
            return ""
        for throttle, key in keys:
            throttle.forgive(key)
        return name

    async def _is_right(self, name: str, password: str) -> bool:
        """Compare in a thread, at most two at once: scrypt takes 16 MiB and some 250 ms each."""
        async with self._room:
            found = await self._ask(lambda session: passwords.stored(session, name))
            return await asyncio.to_thread((found or passwords.NOBODY).matches, password) and found is not None

    async def _by_provider(self, handler: OidcCallbackHandler) -> str:
        """Return the name of whom the provider's answer proves, known or registered now, or raise RefusedSignIn."""
        state = handler.state
        tokens = await self.provider.exchange(handler.get_argument("code"), state.verifier, self.oauth_callback_url)
        claims = Claims(await self.provider.claims(tokens.get("id_token"), state.nonce))
        found = await self._ask(lambda session: identities.find(session, self.issuer, claims.subject))
        if found is None:
            code = handler.get_cookie(CODE_COOKIE, "")
            if not code:
                raise RefusedSignIn("unknown")
            claims = claims.with_more(await self.provider.userinfo(tokens, claims.subject))
            found = await self._register(handler, code, claims)
            handler.clear_cookie(CODE_COOKIE, path="/")
        if found.closed is not None:
            raise RefusedSignIn("closed")
        return found.name

    async def _register(self, handler: OidcCallbackHandler, code: str, claims: Claims) -> Person:
        """Make a person by a code; codes that are refused are limited for each address, as passwords are."""
        address = handler.request.remote_ip or ""
        wait = self._by_address.seconds_to_wait(address)
        if wait:
            raise RefusedSignIn("wait", str(wait), status=429)
        self._by_address.count(address)
        language = claims.language(handler.get_cookie(COOKIE, ""))

        def work(session: Session) -> Person:
            return registration.register(
                session,
                code,
                full_name=claims.full_name,
                email=claims.email,
                language=language,
                time_zone=claims.time_zone,
                identity=(self.issuer, claims.subject),
            )

        try:
            made = await self._ask(work, opened=self._database.session)
        except TakenError as error:  # the same person in another window was faster
            found = await self._ask(lambda session: identities.find(session, self.issuer, claims.subject))
            if found is None:
                raise RefusedSignIn("again", status=409) from error
            made = found
        except RefusedError as error:
            handler.clear_cookie(CODE_COOKIE, path="/")
            raise RefusedSignIn("code", error.args[0]) from error
        except PeopleError as error:
            self.log.error("Nobody was registered: %s", error)
            raise RefusedSignIn("untrusted") from error
        self._by_address.forgive(address)
        return made

    async def _standing(self, name: str) -> Standing | None:
        """Return somebody's standing, None for one who may not enter."""

        def look(session: Session) -> Standing | None:
            person = session.scalar(select(Person).where(Person.name == name, Person.closed.is_(None)))
            if person is None:
                return None
            takes_part = enrolments.of_person(session, person)
            runs = [_group(one.role, one.run.name) for one in takes_part]
            companies = sorted({company_group(one.company.name) for one in takes_part if one.company})
            password = session.get(Password, person.id)
            changed = password.changed.isoformat() if password else ""
            return Standing(name, (*runs, *companies), person.language, changed)

        found = await self._ask(look) if NAME.fullmatch(name) else None
        if found and self.tell_language:
            self.tell_language(found.name, found.language)
        return found

    async def _ask(self, work: Callable[[Session], _Found], opened: _Opened | None = None) -> _Found:
        """Look into the database, or write, in a thread. While it does not answer nobody enters, and reads so."""

        def ask() -> _Found:
            with (opened or self._database.reading)() as session:
                return work(session)

        try:
            return await asyncio.to_thread(ask)
        except (DatabaseError, HashError, SQLAlchemyError) as error:
            self.log.error("Nobody can sign in: %s", error)
            raise SaidError(503, message("Sign-in does not work at the moment. Tell the operator.")) from error


def _group(role: str, run: str) -> str:
    return trainees_group(run) if role == Role.TRAINEE else instructors_group(run)
