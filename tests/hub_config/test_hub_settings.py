"""settings.json is read strictly; mistakes name the file, the key and the remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub_config.errors import SettingsError
from hub_config.settings import HubSettings, OidcSettings, load, load_from_environment

Load = Callable[[Any], HubSettings]
OIDC = {
    "issuer": "https://login.example.org",
    "client_id": "aula",
    "client_secret": "a-secret-of-the-provider",
    "name": "Sign in with your organisation",
}


def test_complete_settings_are_read_and_frozen(settings: HubSettings) -> None:
    """A complete file loads, and nothing can change the settings afterwards."""
    assert [run.id for run in settings.course_runs] == ["hpc-demo"]
    with pytest.raises(ValidationError, match="frozen"):
        settings.instance = "other"  # type: ignore[misc]  # this is what must not work


@pytest.mark.parametrize(
    ("place", "key", "hint"),
    [
        ([], "bind_ur", "bind_ur: unknown key: did you mean 'bind_url'"),
        (["portal"], "tokem", r"portal.tokem: unknown key: did you mean 'token'"),
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
        ("people_database", "people.sqlite"),
        ("people_database", "mysql://somewhere/people"),
        ("oidc", {"issuer": "https://login.example.org"}),
        ("oidc", {**OIDC, "issuer": "http://login.example.org"}),
        ("oidc", {**OIDC, "issuer": "login.example.org"}),
        ("oidc", {**OIDC, "issuer": "https://login.example.org/?realm=x"}),
        ("portal", {"url": "http://127.0.0.1:8012/", "token": "short"}),
        ("course_runs", [{}]),
    ],
)
def test_a_bad_value_is_named(document: dict[str, Any], load_document: Load, key: str, value: object) -> None:
    """A value of the wrong kind is an error that names its key."""
    document[key] = value
    with pytest.raises(SettingsError, match=key):
        load_document(document)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a", "a"], "twice"),
        (["portal"], "service"),
        (["book"], "service"),
        (["hand-in"], "service"),
        (["monitoring"], "service"),
    ],
)
def test_a_run_has_a_name_of_its_own(
    document: dict[str, Any], load_document: Load, names: list[str], said: str
) -> None:
    """No run takes another's place, nor the portal's or the book's."""
    document["course_runs"] = [{**document["course_runs"][0], "id": name} for name in names]
    with pytest.raises(SettingsError, match=said):
        load_document(document)


@pytest.mark.parametrize("issuer", ["https://login.example.org", "http://127.0.0.1:9000", "http://localhost:9000/x"])
def test_a_provider_is_known_by_its_issuer(document: dict[str, Any], load_document: Load, issuer: str) -> None:
    """It is written as its tokens name it; without TLS only on this machine, for trials."""
    document["oidc"] = {**OIDC, "issuer": issuer}
    found = load_document(document).oidc
    assert found is not None
    assert (found.issuer, found.scopes) == (issuer, ("openid", "profile", "email"))


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
    shown = repr(settings.model_copy(update={"oidc": OidcSettings.model_validate(OIDC)}))
    for secret in ("a-token-of-the-formgrader", settings.portal.token, OIDC["client_secret"]):
        assert secret not in shown
