"""What a provider says of a person, as far as it is usable."""

from typing import Any

import pytest

from hub_config.claims import Claims


def claims(**said: Any) -> Claims:
    """Return claims of one subject."""
    return Claims({"sub": "1", **said})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Ana Sousa"}, "Ana Sousa"),
        ({"name": "  Ana \n Sousa\u202e "}, "Ana Sousa"),
        ({"given_name": "Ana", "family_name": "Sousa"}, "Ana Sousa"),
        ({"name": "", "family_name": "Sousa"}, "Sousa"),
        ({"name": 7, "preferred_username": "asousa"}, "asousa"),
        ({"name": ["Ana"]}, "New person"),
        ({}, "New person"),
        ({"name": "x" * 1000}, "x" * 200),
    ],
)
def test_a_name_for_people_to_read(said: dict[str, Any], name: str) -> None:
    """One printable line that is never empty, whatever was said."""
    assert claims(**said).full_name == name


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({"email": "ana@nortada.example"}, "ana@nortada.example"),
        ({"email": "ana@nortada.example", "email_verified": True}, "ana@nortada.example"),
        ({"email": "ana@nortada.example", "email_verified": False}, None),
        ({"email": "ana"}, None),
        ({"email": None}, None),
        ({}, None),
    ],
)
def test_an_address_to_write_to(said: dict[str, Any], address: str | None) -> None:
    """An address of the right form that the provider does not disown."""
    assert claims(**said).email == address


@pytest.mark.parametrize(
    ("said", "chosen", "language"),
    [
        ({"locale": "pt-PT"}, "", "pt"),
        ({"locale": "TR"}, None, "tr"),
        ({"locale": "pt"}, "ca", "ca"),
        ({"locale": "pt"}, "xx", "pt"),
        ({"locale": "de"}, "", None),
        ({"locale": 7}, "../", None),
        ({}, "en", "en"),
    ],
)
def test_a_language(said: dict[str, Any], chosen: str | None, language: str | None) -> None:
    """What was chosen by a click, what the provider says: the first that there is here, or none."""
    assert claims(**said).language(chosen) == language


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", 7, None])
def test_a_time_zone_that_is_none(zone: Any) -> None:
    """Only what is a time zone is one."""
    assert claims(zoneinfo=zone).time_zone is None
    assert claims(zoneinfo="Europe/Istanbul").time_zone == "Europe/Istanbul"


def test_more_that_was_said_takes_no_place() -> None:
    """What the signed token says counts over what was said beside it, the subject above all."""
    found = claims(name="Ana Sousa").with_more({"sub": "2", "name": "Eve", "email": "ana@nortada.example"})
    assert (found.subject, found.full_name, found.email) == ("1", "Ana Sousa", "ana@nortada.example")
