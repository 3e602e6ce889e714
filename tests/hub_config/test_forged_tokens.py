"""A provider that forges its tokens, or what it says in them: nobody gets in."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from aula.people import identities, persons
from tests.hub_config.oidc.forger import ForgingProvider
from tests.hub_config.oidc.provider import CLIENT, SECRET, Browser, settings_of
from tests.spawners.hub_double import HubDouble


@pytest.fixture(scope="module")
def forger() -> Iterator[ForgingProvider]:
    """A provider that forges."""
    found = ForgingProvider()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory, forger: ForgingProvider) -> Iterator[HubDouble]:
    """A real hub that asks the forging provider; it knows ana there."""
    folder = Path(tmp_path_factory.mktemp("forged"))
    found = HubDouble(folder, folder, settings_of(forger.issuer))
    with found.people.session() as session:
        identities.link(session, persons.get(session, "ana"), forger.issuer, "1")
    try:
        found.start()
        yield found
    finally:
        found.kill()


def come_back(hub: HubDouble, forger: ForgingProvider, make: Callable[[dict[str, Any]], Any]) -> tuple[int, str | None]:
    """Leave for the provider and come back with a token; return the page's status, and who is signed in."""
    with Browser(hub.url) as browser:
        asked = parse_qs(urlsplit(browser.leave().headers["Location"]).query)
        now = int(time.time())
        good = {"iss": forger.issuer, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 300}
        forger.token = make({**good, "nonce": asked["nonce"][0]})
        query = {"code": "x", "state": asked["state"][0]}
        answer = browser.get(f"{hub.url}/oauth_callback", params=query, allow_redirects=False, timeout=10)
        verifier = hashlib.sha256(forger.asked["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).decode().rstrip("=") == asked["code_challenge"][0]
        return answer.status_code, browser.name


def test_a_good_token_lets_in(forged: HubDouble, forger: ForgingProvider) -> None:
    """What the attacks below change is right to begin with; the code was asked for with its verifier."""
    assert come_back(forged, forger, forger.sign) == (302, "ana")
    assert come_back(forged, forger, lambda claims: forger.sign({**claims, "aud": [CLIENT], "azp": CLIENT}))[0] == 302


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that leaves a claim out."""
    return lambda claims: {key: value for key, value in claims.items() if key != name}


CLAIMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda claims: {**claims, "iss": "http://127.0.0.1:1"},
    "the issuer with a slash": lambda claims: {**claims, "iss": f"{claims['iss']}/"},
    "another audience": lambda claims: {**claims, "aud": "another-client"},
    "two audiences, unclear for whom": lambda claims: {**claims, "aud": [CLIENT, "another-client"]},
    "made for another party": lambda claims: {**claims, "azp": "another-client"},
    "expired": lambda claims: {**claims, "iat": claims["iat"] - 900, "exp": claims["iat"] - 60},
    "of the future": lambda claims: {**claims, "iat": claims["iat"] + 300, "exp": claims["iat"] + 900},
    "another nonce": lambda claims: {**claims, "nonce": "of-another-sign-in"},
    "without a nonce": without("nonce"),
    "without an issuer": without("iss"),
    "without an audience": without("aud"),
    "without an end": without("exp"),
    "without a subject": without("sub"),
}


@pytest.mark.parametrize("change", CLAIMS.values(), ids=CLAIMS)
def test_a_token_that_says_something_else_lets_nobody_in(
    forged: HubDouble, forger: ForgingProvider, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Issuer, audience, time, nonce and subject must be right, also where the signature is."""
    assert come_back(forged, forger, lambda claims: forger.sign(change(claims))) == (403, None)


def by_hand(claims: dict[str, Any], algorithm: str, secret: bytes = b"") -> str:
    """Return a token as no library would make it: unsigned, or with a secret that is none."""
    parts = [{"alg": algorithm, "typ": "JWT", "kid": "1"}, claims]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    signature = hmac.digest(secret, text.encode(), "sha256") if algorithm == "HS256" else b""
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def pem(forger: ForgingProvider) -> bytes:
    """Return the published key as text, which some libraries took for a shared secret."""
    kind, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return forger.key.public_key().public_bytes(kind, form)


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGERIES: dict[str, Callable[[ForgingProvider, dict[str, Any]], str]] = {
    "signed with another key": lambda forger, claims: forger.sign(claims, OTHER),
    "signed with an unknown key": lambda forger, claims: forger.sign(claims, OTHER, kid="2"),
    "not signed": lambda _, claims: by_hand(claims, "none"),
    "signed with the client's secret": lambda _, claims: by_hand(claims, "HS256", SECRET.encode()),
    "signed with the public key": lambda forger, claims: by_hand(claims, "HS256", pem(forger)),
    "changed after signing": lambda forger, claims: forger.sign(claims)[:-6] + "AAAAAA",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_lets_nobody_in(
    forged: HubDouble, forger: ForgingProvider, forge: Callable[[ForgingProvider, dict[str, Any]], Any]
) -> None:
    """Only what the provider's own published key has signed is believed."""
    assert come_back(forged, forger, lambda claims: forge(forger, claims)) == (403, None)


@pytest.mark.parametrize("answer", [None, 7, "", "x.y.z", {"sub": "1"}, "x" * 100_000])
def test_what_is_no_token_lets_nobody_in(forged: HubDouble, forger: ForgingProvider, answer: Any) -> None:
    """A provider that answers nonsense lets nobody in, and breaks nothing."""
    assert come_back(forged, forger, lambda _: answer) == (403, None)


def test_a_subject_is_not_a_name(forged: HubDouble, forger: ForgingProvider) -> None:
    """A subject that is spelt like a name at the hub, or holds what a database would trip over, is nobody's."""
    for subject in ("ana", "ines", "1 ", "1\0", "' OR 1=1 --", "%", "x" * 300):
        found = come_back(forged, forger, lambda claims, one=subject: forger.sign({**claims, "sub": one}))  # type: ignore[misc]
        assert found == (403, None)
