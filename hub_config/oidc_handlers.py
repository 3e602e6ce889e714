"""The two pages of a sign-in through an identity provider: the way there, and the way back."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from jupyterhub.handlers import BaseHandler  # type: ignore[import-untyped]  # jupyterhub has no types
from jupyterhub.utils import url_path_join  # type: ignore[import-untyped]
from oauthenticator.oauth2 import (  # type: ignore[import-untyped]  # oauthenticator has no types
    STATE_COOKIE_NAME,
    OAuthCallbackHandler,
    OAuthLoginHandler,
    _deserialize_state,
    _serialize_state,
)
from tornado.httputil import url_concat

from aula.locale import message
from aula.people.throttle import Throttle
from hub_config.errors import ProviderError, RefusedSignIn, TokenError
from hub_config.said import SaidError

CALLBACK = "oauth_callback"
STATE_LASTS_S = 600
UNREACHABLE = message(
    "The sign-in service of your organisation does not answer at the moment. Try again in a few minutes."
)


@dataclass(frozen=True)
class State:
    """What the browser carries from the way there to the way back, signed by the hub."""

    state: str
    nonce: str
    verifier: str
    next: str


class OidcLoginHandler(OAuthLoginHandler):  # type: ignore[misc]  # oauthenticator has no types
    """The way there."""

    async def get(self) -> None:
        """Send the browser to the provider, with what the way back will be measured by."""
        verifier, challenge = self._generate_pkce_params()
        state = State(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=verifier,
            next=self._validate_next_url(self.get_argument("next", "")),
        )
        authenticator = self.authenticator
        try:
            endpoints = await authenticator.provider.endpoints()
        except ProviderError as error:
            self.log.error("Nobody can sign in through %s: %s", authenticator.issuer, error)
            raise SaidError(503, UNREACHABLE) from error
        self._set_cookie(
            STATE_COOKIE_NAME,
            _serialize_state(vars(state)),
            expires_days=None,
            max_age=STATE_LASTS_S,
            samesite="Lax",
            path=url_path_join(self.hub.base_url, CALLBACK),
        )
        asked = {
            "response_type": "code",
            "client_id": authenticator.client_id,
            "redirect_uri": authenticator.oauth_callback_url,
            "scope": " ".join(authenticator.scope),
            "state": state.state,
            "nonce": state.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        self.redirect(url_concat(endpoints.authorization, asked))


class OidcCallbackHandler(OAuthCallbackHandler):  # type: ignore[misc]  # oauthenticator has no types
    """The way back."""

    state: State
    _used = Throttle(most=1, window=STATE_LASTS_S)

    async def get(self) -> None:
        """Let in whom the provider's answer proves, or tell them why not."""
        try:
            self.state = self._take_state()
            if not self.get_argument("code", ""):
                raise RefusedSignIn("provider")
            user = await self.login_user()
            if user is None:
                raise RefusedSignIn("closed")
        except TokenError as error:
            self.log.error("%s", error)
            await self._refuse(RefusedSignIn("untrusted"))
        except ProviderError as error:
            self.log.error("%s", error)
            raise SaidError(503, UNREACHABLE) from error
        except RefusedSignIn as refused:
            await self._refuse(refused)
        else:
            self._jupyterhub_user = user
            self.redirect(self.get_next_url(user))

    def get_next_url(self, user: Any = None) -> str:
        """Return where the person wanted to go, on this site; the start page where they did not say."""
        return str(self._validate_next_url(self.state.next) or BaseHandler.get_next_url(self, user))

    def _take_state(self) -> State:
        """Return what this browser was sent away with, once; raise RefusedSignIn for any other answer."""
        kept = self.get_secure_cookie(STATE_COOKIE_NAME, max_age_days=STATE_LASTS_S / 86400) or b""
        self.clear_cookie(STATE_COOKIE_NAME, path=url_path_join(self.hub.base_url, CALLBACK))
        given = self.get_argument("state", "")
        try:
            state = State(**_deserialize_state(kept))
        except TypeError as error:
            raise RefusedSignIn("again", status=400) from error
        if not hmac.compare_digest(state.state.encode(), given.encode()) or self._used.seconds_to_wait(state.state):
            raise RefusedSignIn("again", status=400)
        self._used.count(state.state)
        return state

    async def _refuse(self, refused: RefusedSignIn) -> None:
        """Tell the person in words what helps."""
        self.log.warning("A sign-in through %s was refused: %s", self.authenticator.issuer, refused.reason)
        self.set_status(refused.status)
        page = await self.render_template(
            "sign_in_refused.html",
            reason=refused.reason,
            message=refused.message,
        )
        self.finish(page)
