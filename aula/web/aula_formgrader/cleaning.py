"""HTML of a submission, with nothing left in it that could run, ask for something, or lie over the page around it."""

import re

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del"),
    *("details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong"),
    *("sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
STYLES = {
    *("background-color", "color", "font-style", "font-weight", "text-align", "text-decoration", "vertical-align"),
    "white-space",
}
"""What changes a text where it stands, and cannot move, cover or load anything."""
NUMBERS = {"border", "colspan", "rowspan", "start", "width", "height", "span"}
FILE = re.compile(r"(?:[\w-](?:[\w. -]|%20)*/)*[\w-](?:[\w. -]|%20)*", re.ASCII)
"""A file beside the notebook: no other host, no other folder, and no address of the hub's."""
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)
DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
AWAY = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\]+", re.IGNORECASE)
RUNS = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
LOOKS = re.compile(r"<style\b.*?(?:</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)
LEFT_OUT = "<p><em>A script was left out here: what a submission brings along does not run.</em></p>"


def html(text: object) -> str:
    """Return what may be shown of a piece of HTML: its text, tables, pictures, and links that open elsewhere.

    Ids and names are left out, as nbgrader's page finds score boxes by theirs; so are classes, which could place
    something over the page.
    """
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    # What a browser does not show is taken away first, as its text would stay. It is bleach that makes the rest safe.
    without = RUNS.sub("", said)
    cleaner = Cleaner(
        tags=TAGS,
        attributes=_may_stay,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
    )
    cleaned = str(cleaner.clean(LOOKS.sub("", without)))
    cleaned = cleaned.replace("<a href=", '<a rel="noopener noreferrer" target="_blank" href=')
    return cleaned + LEFT_OUT if without != said else cleaned


def _may_stay(tag: str, name: str, value: str) -> bool:
    if name in ("style", "title", "alt"):
        return True
    if name in NUMBERS:
        return bool(re.fullmatch(r"\d{1,4}%?", value))
    if name == "class":
        return tag == "table" and value == "dataframe"
    if tag == "a" and name == "href":
        return bool(AWAY.fullmatch(value) or FILE.fullmatch(value))
    if tag == "img" and name == "src":
        return bool(DATA.fullmatch(value) or (FILE.fullmatch(value) and PICTURE.search(value)))
    return False
