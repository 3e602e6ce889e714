"""Asking a service of ours whether it is there."""

import urllib.error
import urllib.request


def status(url: str) -> int | None:
    """Return the HTTP status at an address, or None where nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310  (addresses of our own making)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:  # it holds the connection
            return error.code
    except OSError:
        return None


def answers(url: str) -> bool:
    """Whether anything answers, be it with an error."""
    return status(url) is not None


def well(url: str) -> bool:
    """Whether the address answers 200."""
    return status(url) == 200
