"""Tests of the list of fonts that is kept between runs."""

from pathlib import Path

import pytest

from aula import fonts

NAME = "fontlist-v3.11.0.json"


def test_what_one_run_made_is_there_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is new is kept, and given to a folder that has none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fonts.give(first := tmp_path / "first")
    assert list(first.iterdir()) == []
    (first / NAME).write_text("[]")
    fonts.keep(first)
    fonts.give(second := tmp_path / "second")
    assert (second / NAME).read_text() == "[]"
    (second / NAME).write_text("[1]")
    fonts.keep(second)
    fonts.give(third := tmp_path / "third")
    assert (third / NAME).read_text() == "[]"


def test_an_account_without_a_home_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that cannot be made is no error."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    fonts.give(made := tmp_path / "made")
    (made / NAME).write_text("[]")
    fonts.keep(made)
    assert (made / NAME).read_text() == "[]"
