"""The book's material: which courses have something to release."""

import json
from dataclasses import replace

import pytest

from deploy import code
from deploy.classroom import material
from deploy.settings import Settings
from deploy.site import Site


def test_only_courses_with_assignments_are_released() -> None:
    """A course that grades nothing is in the book all the same: nobody tries to release it."""
    courses = [{"id": "one", "assignments": [{"name": "sums"}]}, {"id": "two", "assignments": []}]
    assert material.with_assignments(json.dumps({"courses": courses})) == ["one"]


def test_the_book_is_told_of_its_place(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command hears which commit it is of, where the site has mistakes reported, and whether to print."""
    monkeypatch.setattr(code, "edition", lambda: "40217f0")
    assert material.choices(settings, pdf=False) == ["--edition", "40217f0"]
    told = replace(settings.site, mistakes="errata@example.org")
    monkeypatch.setattr(Settings, "site", told)
    assert isinstance(settings.site, Site)
    assert material.choices(settings, pdf=True) == [
        *("--edition", "40217f0", "--mistakes", "errata@example.org"),
        "--pdf",
    ]


def test_a_checkout_without_git_has_no_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git cannot say which commit it is, the book bears the version alone, and is built all the same."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert code.edition() == ""
