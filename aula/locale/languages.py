"""The languages that Aula speaks, and which of them a request is answered in."""

from collections.abc import Iterator

NAMES = {
    "en": "English",
    "es": "Español",
    "ca": "Català",
    "pt": "Português",
    "tr": "Türkçe",
    "ro": "Română",
}
"""Each language with its own name for itself."""

LANGUAGES = tuple(NAMES)
DEFAULT = "en"
COOKIE = "aula-language"
"""The cookie that remembers what somebody chose by a click."""

COOKIE_DAYS = 365
_MOST_WISHES = 20


def choose(cookie: str | None, header: str | None, preferred: str | None = None) -> str:
    """Return a language: the one chosen by a click, else the person's own, else the browser's first that we speak."""
    for wish in (cookie, preferred, *_wishes(header or "")):
        if wish in NAMES:
            return wish
    return DEFAULT


def _wishes(header: str) -> Iterator[str]:
    """Yield what an Accept-Language header asks for, the dearest first, without regions; nonsense is left out."""
    wishes: list[tuple[float, str]] = []
    for part in header[:1000].split(",")[:_MOST_WISHES]:
        tag, _, parameter = part.strip().partition(";")
        quality = _quality(parameter.strip())
        if 0 < quality <= 1:
            wishes.append((quality, tag.strip().replace("_", "-").partition("-")[0].lower()))
    yield from (language for _, language in sorted(wishes, key=lambda wish: -wish[0]))


def _quality(parameter: str) -> float:
    """Return the number in `q=0.8`: 1 where there is none, 0 where it is not a number."""
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
