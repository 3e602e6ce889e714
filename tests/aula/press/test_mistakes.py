"""Where readers report a mistake."""

import pytest

from aula.errors import BookError
from aula.press import mistakes


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (None, ""),
        ("errata@example.org", "mailto:errata@example.org?subject={page}"),
        ("https://example.org/new?title={page}", "https://example.org/new?title={page}"),
    ],
)
def test_a_mail_address_and_a_web_address_are_links(address: str | None, link: str) -> None:
    """A mail gets the page as its subject, a web address has its own place for it; without an address no link."""
    assert mistakes.link(address) == link


@pytest.mark.parametrize(
    "address", ["https://example.org/new", "javascript:alert({page})", "nobody", "a b@example.org", ""]
)
def test_what_is_neither_is_refused(address: str) -> None:
    """An address that would not know the page, or that is a script, is an error with an example."""
    with pytest.raises(BookError, match=r"write a mail address, or a web address in which \{page\}"):
        mistakes.link(address)
