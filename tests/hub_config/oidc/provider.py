"""A certified OpenID Connect provider in a process of its own, and a browser that signs in through it."""

import contextlib
import fcntl
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

HERE = Path(__file__).parent
CLIENT, SECRET = "aula-of-the-tests", "a-secret-of-the-provider"
FILES = ("package.json", "package-lock.json", "provider.mjs")


def installed() -> Path:
    """Return a folder outside the checkout in which the locked provider is installed; it is kept for the next time."""
    version = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aula-tests"
    home = cache / f"oidc-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "oidc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / ".installed").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            for name in FILES:
                shutil.copy(HERE / name, home)
            words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(words, cwd=home, check=True, capture_output=True, timeout=240)
            (home / ".installed").touch()
    return home


def settings_of(issuer: str) -> dict[str, str]:
    """Return the hub's settings for a provider."""
    return {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Sign in with your organisation"}


class ProviderProcess:
    """npm's oidc-provider, which knows some people by their subjects."""

    def __init__(self, port: int, redirect: str, people: dict[str, dict[str, Any]], log: Path) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [redirect]}
        given = {"issuer": self.issuer, "port": port, "client": client, "people": people}
        node = shutil.which("node") or "node"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [node, "provider.mjs", json.dumps(given)], cwd=installed(), stdout=output, stderr=output
            )
        for _ in range(150):
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).ok:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        self.kill()
        raise AssertionError(log.read_text()[-4000:])

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


class Browser(requests.Session):
    """Somebody's browser, before one hub."""

    def __init__(self, hub: str) -> None:
        super().__init__()
        self.hub = hub

    def leave(self, **query: str) -> requests.Response:
        """Press the button on the sign-in page; return where the hub sends the browser."""
        return self.get(f"{self.hub}/oauth_login", params=query, allow_redirects=False, timeout=10)

    def sign_in(self, subject: str) -> requests.Response:
        """Sign in at the provider as a subject, and return the hub's page afterwards."""
        page = self.get(self.way_back(subject), allow_redirects=False, timeout=10)
        return page if page.status_code >= 400 else self.get(f"{self.hub}/home", timeout=10)

    def way_back(self, subject: str) -> str:
        """Sign in at the provider, and return the address to which it sends the browser back."""
        page = self.leave()
        while True:
            while page.is_redirect:
                target = urljoin(page.url, page.headers["Location"])
                if target.startswith(self.hub):
                    return target
                page = self.get(target, allow_redirects=False, timeout=10)
            form = re.search(r'<form[^>]* action="([^"]+)"', page.text)
            prompt = re.search(r'name="prompt" value="([a-z]+)"', page.text)
            assert form, page.text
            assert prompt, page.text
            filled = {"prompt": prompt[1], "login": subject, "password": "anything"}
            page = self.post(html.unescape(form[1]), data=filled, allow_redirects=False, timeout=10)

    @property
    def name(self) -> str | None:
        """Whom the hub takes this browser for; None for nobody."""
        found = re.search(r'user: "([^"]+)"', self.get(f"{self.hub}/home", timeout=10).text)
        return found[1] if found else None
