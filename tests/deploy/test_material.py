"""The book's material: which courses have something to release."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from deploy import code
from deploy.classroom import material
from deploy.errors import SettingError
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


def test_what_ran_elsewhere_is_the_course_accounts_to_read(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Executed assignments are solved ones: nobody else reads the copy, and no link is followed into it."""
    kept = tmp_path / "kept"
    (kept / "a1").mkdir(parents=True)
    (kept / "a1" / "executed.ipynb").write_text("{}")
    (kept / "a1" / "result.json").symlink_to("/etc/passwd")
    place = replace(settings.site, course_folder=tmp_path / "class", course_account="nogroup")
    monkeypatch.setattr(Settings, "site", place)
    assert material._known(settings) == []
    assert material._known(replace(settings, kept=kept)) == ["--known", tmp_path / "class" / "known"]
    with pytest.raises(SettingError, match=r"KEPT=.*/gone: there is no such folder"):
        material._known(replace(settings, kept=tmp_path / "gone"))
    copies = sorted((tmp_path / "class" / "known").rglob("*"))
    assert [path.name for path in copies] == ["a1", "executed.ipynb"]
    assert [(path.group(), oct(path.stat().st_mode & 0o777)) for path in copies] == [
        ("nogroup", "0o750"),
        ("nogroup", "0o640"),
    ]


def test_a_checkout_without_git_has_no_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git cannot say which commit it is, the book bears the version alone, and is built all the same."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert code.edition() == ""
