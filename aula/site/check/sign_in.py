"""Whether the identity provider answers, is the one that site.yml names, and the client's secret is kept."""

import json
from collections.abc import Iterator

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Oidc, Site

FETCH = """
import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=10).read(200000).decode())
"""
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Yield one outcome for the provider and one for the secret, where there is a provider."""
    oidc = site.sign_in.oidc
    if oidc is None:
        yield skipped("identity provider", "there is none: people have passwords")
        return
    yield _discovery(site, oidc, system)
    yield _secret(oidc, system)


def _discovery(site: Site, oidc: Oidc, system: System) -> Outcome:
    """Ask as the hub's account, from whose side the provider must answer."""
    name, hub = "identity provider", site.accounts.hub
    if system.account(hub) is None:
        return skipped(name, "the hub has no account yet")
    address = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    answer = system.run(["/usr/bin/python3", "-c", FETCH, address], hub)
    if not answer.well:
        remedy = f"Try it: curl {address}; is sign_in.oidc.issuer right, and is {hub} let through to it?"
        return failed(name, answer.line, remedy)
    try:
        document = json.loads(answer.said)
    except ValueError:
        document = None
    if not isinstance(document, dict) or any(not isinstance(document.get(key), str) for key in NEEDED):
        return failed(
            name, f"{address} is no discovery document", "Set sign_in.oidc.issuer to an OpenID Connect issuer."
        )
    if document.get("issuer") != oidc.issuer:
        said = str(document.get("issuer"))[:200]
        return failed(
            name, f"it calls itself {said!r}", f"Set sign_in.oidc.issuer to {said}, to the letter, if it is it."
        )
    safe = ("https://",) if oidc.issuer.startswith("https://") else ("https://", "http://")
    unsafe = [key for key in NEEDED if not document[key].startswith(safe)]
    if unsafe:
        return failed(name, f"its {unsafe[0]} has no TLS", "Ask who runs the provider: nobody is sent there.")
    return ok(name, f"{oidc.issuer}; redirect URI there: {site.public.address}hub/oauth_callback")


def _secret(oidc: Oidc, system: System) -> Outcome:
    name, path = "client's secret", oidc.client_secret_file
    answer = system.run(["stat", "-c", "%a %s", path])
    mode, _, size = answer.said.strip().partition(" ")
    if not answer.well or not size.isdecimal() or not mode.isdecimal():
        return failed(name, answer.line, f"Write what the provider gave you to {path}, as root, and nothing else.")
    if size == "0":
        return failed(name, f"{path} is empty", "Write what the provider gave you to it, as root, and nothing else.")
    if int(mode, 8) & 0o077:
        return failed(name, f"{path} can be read by others than its owner", f"chmod 600 {path}")
    return ok(name, f"{path} is its owner's alone")
