"""An OpenID Connect provider: found by discovery, asked for tokens, and believed only as far as its keys prove it."""

import base64
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt

from hub_config.errors import ProviderError, TokenError

Fetch = Callable[..., Awaitable[Any]]
"""Fetches an address and returns what its JSON says, as oauthenticator's `httpfetch`."""

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = (*RSA, "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that the provider alone has; never none, and never one that a shared secret makes."""
CLOCKS_DIFFER_S = 30
DISCOVERY_LASTS_S = 3600
KEYS_LAST_S = 10
"""Seconds before the keys are fetched again for a token whose key is not among them."""
PATIENCE = {"connect_timeout": 5, "request_timeout": 10, "follow_redirects": False}


@dataclass(frozen=True)
class Endpoints:
    """What discovery says, as far as it is used."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    basic: bool

    @classmethod
    def of(cls, issuer: str, document: Any) -> "Endpoints":
        """Read a discovery document. Raise ProviderError for one of another issuer, or less safe than the issuer."""
        if not isinstance(document, Mapping) or document.get("issuer") != issuer:
            raise ProviderError(f"{issuer}: its discovery document is not its own")
        ways = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return cls(
            authorization=_address(issuer, document, "authorization_endpoint"),
            token=_address(issuer, document, "token_endpoint"),
            keys=_address(issuer, document, "jwks_uri"),
            userinfo=_address(issuer, document, "userinfo_endpoint") if "userinfo_endpoint" in document else None,
            basic="client_secret_basic" in ways,
        )


class Provider:
    """One provider, and what this hub is to it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, fetch: Fetch) -> None:
        self.issuer, self._id, self._secret, self._fetch = issuer, client_id, client_secret, fetch
        self._endpoints: Endpoints | None = None
        self._keys: list[dict[str, Any]] = []
        self._found = self._fetched = -float("inf")

    async def endpoints(self) -> Endpoints:
        """Return where the provider is asked what. Raise ProviderError where it does not say."""
        if self._endpoints is None or time.monotonic() - self._found > DISCOVERY_LASTS_S:
            document = await self._ask(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._endpoints, self._found = Endpoints.of(self.issuer, document), time.monotonic()
        return self._endpoints

    async def exchange(self, code: str, verifier: str, redirect: str) -> dict[str, Any]:
        """Return the tokens for a code. Raise ProviderError where the provider does not give them."""
        endpoints = await self.endpoints()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect,
            "client_id": self._id,
        }
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if endpoints.basic:
            pair = f"{quote_plus(self._id)}:{quote_plus(self._secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form["client_secret"] = self._secret
        tokens = await self._ask(endpoints.token, method="POST", headers=headers, body=urlencode(form))
        if not isinstance(tokens, dict):
            raise ProviderError(f"{self.issuer}: its answer to a code is no JSON object")
        return tokens

    async def claims(self, token: Any, nonce: str) -> dict[str, Any]:
        """Return what an ID token says. Raise TokenError unless it is this provider's, for this hub, now, and fresh."""
        try:
            key = await self._key(jwt.get_unverified_header(token))
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._id,
                issuer=self.issuer,
                leeway=CLOCKS_DIFFER_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise TokenError(f"{self.issuer}: its ID token is refused: {error}") from error
        parties = found["aud"] if isinstance(found["aud"], list) else [found["aud"]]
        if found.get("azp", self._id if len(parties) == 1 else None) != self._id:
            raise TokenError(f"{self.issuer}: its ID token was made for another party")
        if not hmac.compare_digest(str(found.get("nonce", "")).encode(), nonce.encode()):
            raise TokenError(f"{self.issuer}: its ID token answers another sign-in")
        return found

    async def userinfo(self, tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """Return what else the provider says of a person; nothing where it says nothing, or speaks of another one."""
        address = (await self.endpoints()).userinfo
        if address is None or not isinstance(tokens.get("access_token"), str):
            return {}
        try:
            said = await self._ask(address, headers={"Authorization": f"Bearer {tokens['access_token']}"})
        except ProviderError:
            return {}
        return said if isinstance(said, dict) and said.get("sub") == subject else {}

    async def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """Return the key that a token says it is signed with, which must be one of the provider's."""
        found = self._known(header)
        if not found and time.monotonic() - self._fetched > KEYS_LAST_S:
            document = await self._ask((await self.endpoints()).keys)
            keys = document.get("keys") if isinstance(document, dict) else None
            self._keys = [key for key in keys or [] if isinstance(key, dict)]
            self._fetched = time.monotonic()
            found = self._known(header)
        if len(found) != 1:
            raise TokenError(f"{self.issuer}: its ID token is signed with a key that it does not publish")
        given = found[0].get("alg") or (header.get("alg") if found[0].get("kty") == "RSA" else None)
        return jwt.PyJWK(found[0], given if given in ALGORITHMS else None)

    def _known(self, header: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the published signing keys that a token's header may mean."""
        return [
            key
            for key in self._keys
            if key.get("use", "sig") == "sig"
            and key.get("kty") != "oct"
            and header.get("kid", key.get("kid")) == key.get("kid")
        ]

    async def _ask(self, address: str, **more: Any) -> Any:
        try:
            return await self._fetch(address, label="asking the identity provider", **PATIENCE, **more)
        except Exception as error:  # tornado's, of the network, of TLS, of JSON: all mean the same here
            raise ProviderError(f"{self.issuer}: {urlsplit(address).path} does not answer: {error}") from error


def _address(issuer: str, document: Mapping[str, Any], name: str) -> str:
    """Return an endpoint; it must be at least as safe as the issuer's own address."""
    value = document.get(name)
    allowed = ("https://",) if issuer.startswith("https://") else ("https://", "http://")
    if not isinstance(value, str) or not value.startswith(allowed):
        raise ProviderError(f"{issuer}: its discovery document has no usable {name}")
    return value
