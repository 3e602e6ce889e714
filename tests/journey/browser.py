"""A person's browser: Chromium with a profile of its own, signed in at the hub."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000


@contextmanager
def chromium(certificate: Path | None = None, names: Mapping[str, str] | None = None) -> Iterator[Browser]:
    """Start Debian's Chromium and close it at the end.

    Of all self-signed certificates it trusts only this one. It finds `names`, and every name below each, at the given
    addresses.
    """
    trust = [f"--ignore-certificate-errors-spki-list={_pin(certificate)}"] if certificate else []
    rules = ",".join(f"MAP {name} {address},MAP *.{name} {address}" for name, address in (names or {}).items())
    expect.set_options(timeout=PATIENCE_MS)
    known = [f"--host-resolver-rules={rules}"] if rules else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *trust, *known])
        try:
            yield browser
        finally:
            browser.close()


def _pin(certificate: Path) -> str:
    """Return the digest of a certificate's public key, as Chromium wants it."""
    public = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, check=True
    )
    words = ["openssl", "pkey", "-pubin", "-outform", "der"]
    key = subprocess.run(words, input=public.stdout, capture_output=True, check=True).stdout
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def page_of(browser: Browser, viewport: dict[str, int] = DESKTOP, locale: str = "en-GB") -> Page:
    """Return a page with cookies of its own, as another person's browser has, whose first language is `locale`."""
    context = browser.new_context(viewport=viewport, locale=locale)  # type: ignore[arg-type]  # a TypedDict of the same keys
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def sign_in(page: Page, address: str, name: str, password: str, then: str = "") -> None:
    """Sign in on the hub's own page; `then` is the hub path to go on to."""
    page.goto(f"{address}/hub/login" + (f"?next={then}" if then else ""))
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def picture(page: Page, name: str) -> None:
    """Take a picture of the page to build/journey."""
    folder = Path("build/journey")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
