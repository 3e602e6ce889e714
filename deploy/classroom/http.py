"""Asking a service of ours whether it is there."""

import ssl
import urllib.error
import urllib.request


def status(url: str, host: str = "", context: ssl.SSLContext | None = None) -> int | None:
    """Return the HTTP status at an address, or None where nothing answers; `host` is the name to ask for there."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310  (ours)
    try:
        with urllib.request.urlopen(request, timeout=3, context=context) as answer:  # noqa: S310  (of our own making)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:  # it holds the connection
            return error.code
    except OSError:
        return None


def text(url: str, token: str) -> str:
    """Return what an address of ours says to who has this token; nothing where it does not say it."""
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})  # noqa: S310  (likewise)
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310  (likewise)
            return str(answer.read(100).decode()).strip()
    except (OSError, ValueError):
        return ""


def answers(url: str) -> bool:
    """Whether anything answers, be it with an error."""
    return status(url) is not None


def well(url: str, host: str = "", context: ssl.SSLContext | None = None) -> bool:
    """Whether the address answers 200."""
    return status(url, host, context) == 200
