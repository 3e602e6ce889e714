"""The portal put together: its pages, the hub's sign-in, static files, and what they share."""

import asyncio
import hashlib
import hmac
import re
from functools import partial
from typing import Any

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler  # type: ignore[import-untyped]  # it has no types
from tornado.web import Application, RedirectHandler, RequestHandler, StaticFileHandler

from aula.look import STATIC
from aula.people.database import Database
from aula.people.overview import Outlines
from aula.web.portal.corrections import Corrections
from aula.web.portal.declaration import route
from aula.web.portal.desk import Desk, Together
from aula.web.portal.formgraders import Formgraders
from aula.web.portal.guesses import Guesses
from aula.web.portal.hand_ins import HandIns
from aula.web.portal.page import HEADERS, Furniture, Missing, Page, log
from aula.web.portal.pages import assignments
from aula.web.portal.pages.alike import AlikePage
from aula.web.portal.pages.assignments import Assignments
from aula.web.portal.pages.chosen import Language, Settings
from aula.web.portal.pages.classroom import ClassPage, GradeAll, ReleaseFeedback
from aula.web.portal.pages.company import CompanyPage
from aula.web.portal.pages.feedback import Feedback, FeedbackPage, Receipt, Withdraw
from aula.web.portal.pages.invitation import MakeInvitation, RevokeInvitation
from aula.web.portal.pages.join import Join, JoinWithCode, SignInWithCode
from aula.web.portal.pages.my_courses import MyCourses, look
from aula.web.portal.pages.open import Open
from aula.web.portal.pages.openapi import OpenApi, document
from aula.web.portal.pages.recover import Recover
from aula.web.portal.pages.register import Register, Welcome
from aula.web.portal.pages.removal import Removal
from aula.web.portal.pages.requests import Answer, Requests
from aula.web.portal.pages.roster import Roster
from aula.web.portal.pages.run import Run
from aula.web.portal.pages.runs import Runs
from aula.web.portal.pages.servers import ServersPage, StartServers, StopServers
from aula.web.portal.pages.terms import Extend, SetTerms, TakeBack, Terms
from aula.web.portal.pages.version import Version
from aula.web.portal.servers import Servers
from aula.web.portal.settings import PortalSettings

PAGES: list[type[Page]] = [
    MyCourses,
    Join,
    JoinWithCode,
    SignInWithCode,
    Register,
    Welcome,
    Settings,
    Language,
    Assignments,
    Receipt,
    FeedbackPage,
    Feedback,
    Withdraw,
    Runs,
    Run,
    Requests,
    Answer,
    Terms,
    SetTerms,
    Extend,
    TakeBack,
    MakeInvitation,
    RevokeInvitation,
    ServersPage,
    StartServers,
    StopServers,
    ClassPage,
    GradeAll,
    ReleaseFeedback,
    AlikePage,
    Roster,
    Removal,
    CompanyPage,
    Recover,
    Open,
    Version,
    OpenApi,
]
HUB_AT_ONCE = 16
"""How many questions the hub gets at once: who came first is answered first."""
CACHE_S = 3
"""Seconds for which the hub's word about a token counts: who signs out is out so soon."""


class OAuthCallback(Furniture, HubOAuthCallbackHandler):  # type: ignore[misc]  # jupyterhub has no types
    """The end of the way through the hub's sign-in."""

    async def prepare(self) -> None:
        """Find out who asks, so that the rest need not."""
        await self.identify()


class Static(StaticFileHandler):
    """A file of Aula's look."""

    def set_extra_headers(self, path: str) -> None:
        """Let no browser guess; what bears its content's mark in its address is kept."""
        del path
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)


def application(portal: PortalSettings, database: Database, guesses: Guesses | None = None) -> Application:
    """Return the service."""
    prefix, desk, hub = portal.prefix, Desk(database), hub_auth(portal)
    pages: list[Any] = [(re.escape(portal.base) + route(page.address), page) for page in PAGES]
    return Application(
        [
            (re.escape(portal.base), RedirectHandler, {"url": prefix, "permanent": False}),
            *pages,
            (f"{re.escape(prefix)}oauth_callback", OAuthCallback),
            (f"{re.escape(prefix)}static/(.*)", Static, {"path": str(STATIC)}),
        ],
        default_handler_class=Missing,
        cookie_secret=secret(portal.api_token),
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Lax", "secure": portal.secure},
        portal=portal,
        desk=desk,
        my_courses=Together(desk, partial(look, outlines=Outlines(), corrections=Corrections(portal.histories))),
        own=Together(desk, partial(assignments.look, outlines=Outlines())),
        hand_ins=HandIns(portal.hand_in, portal.api_token, portal.hand_in_tls),
        guesses=guesses or Guesses(),
        door=asyncio.Semaphore(HUB_AT_ONCE),
        hub_auth=hub,
        servers=Servers(hub),
        formgraders=Formgraders(hub, portal.formgraders_secret),
        openapi=document(PAGES, prefix),
        log_function=note,
    )


def note(handler: RequestHandler) -> None:
    """Note an answer in the log by the page's declared address: the real one may hold a code or a token."""
    if isinstance(handler, Version) and handler.get_status() == 200:  # asked for every second
        return
    name = getattr(handler, "address", type(handler).__name__)
    took = 1000 * handler.request.request_time()
    log.info("%s %s %s %.1f ms", handler.get_status(), handler.request.method, name, took)


def hub_auth(portal: PortalSettings) -> Any:
    """Return the portal's connection to the hub."""
    return HubOAuth(
        api_url=portal.api_url,
        api_token=portal.api_token,
        base_url=portal.prefix,
        hub_prefix="/hub/",
        hub_host="",
        oauth_client_id=portal.client_id,
        oauth_redirect_uri=f"{portal.prefix}oauth_callback",
        access_scopes={"access:services!service=portal"},
        cookie_options={"samesite": "Lax", "secure": portal.secure},
        cache_max_age=CACHE_S,
    )


def secret(token: str) -> str:
    """Return what cookies are signed with: it outlives the process, and is known only to who has the token."""
    return hmac.new(token.encode(), b"aula portal cookies", hashlib.sha256).hexdigest()
