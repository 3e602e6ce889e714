"""settings.json is read strictly; mistakes name the file, the key and the remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub_config.errors import SettingsError
from hub_config.settings import HubSettings, load, load_from_environment

Load = Callable[[Any], HubSettings]


def test_complete_settings_are_read_and_frozen(settings: HubSettings) -> None:
    """A complete file loads, and nothing can change the settings afterwards."""
    assert [person.name for person in settings.people] == ["ana", "carla", "ines"]
    with pytest.raises(ValidationError, match="frozen"):
        settings.instance = "other"  # type: ignore[misc]  # this is what must not work


@pytest.mark.parametrize(
    ("place", "key", "hint"),
    [
        ([], "bind_ur", "bind_ur: unknown key: did you mean 'bind_url'"),
        (["people", 0], "roll", r"people.0.roll: unknown key: did you mean 'role'"),
        (["course_runs", 0], "tittle", r"course_runs.0.tittle: unknown key: did you mean 'title'"),
        ([], "zzzzzz", "zzzzzz: unknown key: remove it"),
    ],
)
def test_an_unknown_key_is_named(
    document: dict[str, Any], load_document: Load, place: list[Any], key: str, hint: str
) -> None:
    """A misspelt key is an error that names the file, the key and the nearest valid one."""
    target: Any = document
    for step in place:
        target = target[step]
    target[key] = 1
    with pytest.raises(SettingsError, match=hint) as error:
        load_document(document)
    assert "settings.json" in str(error.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bind_url", "127.0.0.1:8000"),
        ("bind_url", 8000),
        ("state_dir", "relative"),
        ("lessons_dir", "a b"),
        ("people", [{"name": "Ana", "role": "trainee", "company": None}]),
        ("people", [{"name": "ana", "role": "admin", "company": None}]),
        ("people", [{"name": "ana", "role": "trainee"}]),
        ("people", [{"name": "ana", "role": "trainee", "company": None}] * 2),
        ("course_runs", [{}]),
    ],
)
def test_a_bad_value_is_named(document: dict[str, Any], load_document: Load, key: str, value: object) -> None:
    """A value of the wrong kind is an error that names its key."""
    document[key] = value
    with pytest.raises(SettingsError, match=key):
        load_document(document)


def test_a_missing_key_is_named(document: dict[str, Any], load_document: Load) -> None:
    """A key that is not there is an error that names it."""
    del document["slurm"]
    with pytest.raises(SettingsError, match="slurm"):
        load_document(document)


def test_files_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a file that is not JSON and an unset variable each give a sentence."""
    with pytest.raises(SettingsError, match=r"nothing.json: cannot be read"):
        load(tmp_path / "nothing.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(SettingsError, match=r"broken.json: is not JSON"):
        load(tmp_path / "broken.json")
    monkeypatch.delenv("AULA_HUB_SETTINGS", raising=False)
    with pytest.raises(SettingsError, match="AULA_HUB_SETTINGS"):
        load_from_environment()


def test_no_token_is_shown(settings: HubSettings) -> None:
    """Printing the settings does not print a token."""
    assert "a-token-of-the-formgrader" not in repr(settings)
