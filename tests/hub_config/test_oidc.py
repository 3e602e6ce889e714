"""A provider that answers wrongly: discovery, keys, tokens; what a real one answers is tried in test_oidc_handlers."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from hub_config import oidc
from hub_config.errors import ProviderError, TokenError
from hub_config.oidc import Provider
from tests.hub_config.oidc.forger import ForgingProvider

ISSUER = "https://login.example.org/realms/aula"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "userinfo_endpoint": f"{ISSUER}/me",
}


class Answers:
    """A network on which every address has one answer; what is no answer is raised."""

    def __init__(self, **more: Any) -> None:
        self.by_address: dict[str, Any] = {f"{ISSUER}/.well-known/openid-configuration": DOCUMENT, **more}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def __call__(self, address: str, **more: Any) -> Any:
        """Answer."""
        self.asked.append((address, more))
        found = self.by_address.get(address, ConnectionRefusedError("nobody there"))
        if isinstance(found, Exception):
            raise found
        return found

    def provider(self, issuer: str = ISSUER) -> Provider:
        """Return a provider on this network."""
        return Provider(issuer, "aula & co", "s:cret", self)


@pytest.fixture
def forger() -> Iterator[ForgingProvider]:
    """Somebody who has a key."""
    found = ForgingProvider()
    yield found
    found.stop()


async def test_discovery_is_asked_once() -> None:
    """The provider is found below its issuer, and not asked again at every sign-in."""
    network = Answers()
    provider = network.provider()
    for _ in range(3):
        assert (await provider.endpoints()).authorization == f"{ISSUER}/auth"
    assert [address for address, _ in network.asked] == [f"{ISSUER}/.well-known/openid-configuration"]
    assert network.asked[0][1]["follow_redirects"] is False


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        {},
        {**DOCUMENT, "issuer": "https://other.example.org"},
        {**DOCUMENT, "issuer": f"{ISSUER}/"},
        {**DOCUMENT, "token_endpoint": None},
        {**DOCUMENT, "token_endpoint": "http://login.example.org/token"},
        {**DOCUMENT, "jwks_uri": "file:///etc/passwd"},
        {**DOCUMENT, "authorization_endpoint": "javascript:alert(1)"},
        {**DOCUMENT, "userinfo_endpoint": "/me"},
        ConnectionRefusedError("down"),
        ValueError("no JSON"),
    ],
)
async def test_a_discovery_that_is_wrong_is_not_used(document: Any) -> None:
    """Another issuer's, a part without TLS, nonsense, no answer: nobody is sent anywhere; later it may be right."""
    network = Answers(**{f"{ISSUER}/.well-known/openid-configuration": document})
    provider = network.provider()
    with pytest.raises(ProviderError, match=ISSUER):
        await provider.endpoints()
    network.by_address[f"{ISSUER}/.well-known/openid-configuration"] = DOCUMENT
    assert (await provider.endpoints()).token == f"{ISSUER}/token"


@pytest.mark.parametrize("ways", [None, ["client_secret_basic", "client_secret_post"], ["client_secret_post"]])
async def test_the_secret_is_told_in_the_way_that_the_provider_takes(ways: list[str] | None) -> None:
    """In the header where that is possible, in the form else; never in both, and never in an address."""
    document = {**DOCUMENT, **({"token_endpoint_auth_methods_supported": ways} if ways else {})}
    network = Answers(**{f"{ISSUER}/.well-known/openid-configuration": document, f"{ISSUER}/token": {"id_token": "x"}})
    assert await network.provider().exchange("a code", "a verifier", "https://hub/back") == {"id_token": "x"}
    address, asked = network.asked[-1]
    assert address == f"{ISSUER}/token"
    assert "code_verifier=a+verifier" in asked["body"]
    if ways == ["client_secret_post"]:
        assert "client_secret=s%3Acret" in asked["body"]
        assert "Authorization" not in asked["headers"]
    else:
        assert "s%3Acret" not in asked["body"]
        assert asked["headers"]["Authorization"] == "Basic YXVsYSslMjYrY286cyUzQWNyZXQ="


async def test_a_code_that_is_refused_is_an_error() -> None:
    """A provider that does not answer, or with no object, gives no tokens."""
    for answer in (ConnectionResetError("gone"), ["x"], None):
        with pytest.raises(ProviderError):
            await Answers(**{f"{ISSUER}/token": answer}).provider().exchange("x", "x", "x")


async def test_a_new_key_of_the_provider_is_found(forger: ForgingProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the provider changed its keys people sign in; a flood of unknown keys does not make us ask at each."""
    network = Answers(**{f"{ISSUER}/keys": {"keys": [forger.public]}})
    provider, now = network.provider(), int(time.time())
    good = {"iss": ISSUER, "sub": "1", "aud": "aula & co", "iat": now, "exp": now + 60, "nonce": "n"}
    assert (await provider.claims(forger.sign(good), "n"))["sub"] == "1"
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for _ in range(5):
        with pytest.raises(TokenError):
            await provider.claims(forger.sign(good, fresh, kid="2"), "n")
    assert [address for address, _ in network.asked].count(f"{ISSUER}/keys") == 1
    monkeypatch.setattr(oidc, "KEYS_LAST_S", 0)
    forger.key = fresh
    network.by_address[f"{ISSUER}/keys"] = {"keys": [{**forger.public, "kid": "2"}]}
    assert (await provider.claims(forger.sign(good, kid="2"), "n"))["sub"] == "1"


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256", "ES256"])
async def test_the_usual_signatures_are_understood(forger: ForgingProvider, algorithm: str) -> None:
    """Providers sign in several ways, and not all say with their key which."""
    key, public = (forger.key, forger.public)
    if algorithm == "ES256":
        curve = ec.generate_private_key(ec.SECP256R1())
        key, public = curve, {**ECAlgorithm.to_jwk(curve.public_key(), as_dict=True), "kid": "1"}  # type: ignore[assignment]
    now = int(time.time())
    good = {"iss": ISSUER, "sub": "1", "aud": "aula & co", "iat": now, "exp": now + 60, "nonce": "n"}
    provider = Answers(**{f"{ISSUER}/keys": {"keys": [public]}}).provider()
    assert (await provider.claims(forger.sign(good, key, algorithm), "n"))["sub"] == "1"


@pytest.mark.parametrize(
    "keys",
    [None, [], {"keys": None}, {"keys": ["x"]}, {"keys": [{}]}, "enc", "oct", "twice"],
)
async def test_keys_that_are_none_prove_nothing(forger: ForgingProvider, keys: Any) -> None:
    """No keys, a key for another use, a shared secret among the keys, two of one name: nobody is let in."""
    now = int(time.time())
    good = {"iss": ISSUER, "sub": "1", "aud": "aula & co", "iat": now, "exp": now + 60, "nonce": "n"}
    token = forger.sign(good)
    named: dict[str, Any] = {
        "enc": [{**forger.public, "use": "enc"}],
        "oct": [{"kty": "oct", "kid": "1", "k": "c2VjcmV0"}],
        "twice": [forger.public, forger.public],
    }
    answer = {"keys": named[keys]} if isinstance(keys, str) else keys
    with pytest.raises(TokenError):
        await Answers(**{f"{ISSUER}/keys": answer}).provider().claims(token, "n")


@pytest.mark.parametrize("said", [{"sub": "2", "name": "Eve"}, {"name": "Eve"}, ["x"], ConnectionResetError("gone")])
async def test_what_is_said_of_another_person_is_not_heard(said: Any) -> None:
    """Userinfo counts only for the token's own subject, and is not needed."""
    network = Answers(**{f"{ISSUER}/me": said})
    assert await network.provider().userinfo({"access_token": "x"}, "1") == {}
    assert await network.provider().userinfo({}, "1") == {}
    network.by_address[f"{ISSUER}/me"] = {"sub": "1", "name": "Ana"}
    assert (await network.provider().userinfo({"access_token": "x"}, "1"))["name"] == "Ana"
