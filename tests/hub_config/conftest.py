"""What the hub configuration's tests share: a complete settings file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub_config.settings import HubSettings, OidcSettings, load
from tests.spawners.hub_double import settings_document


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """A complete settings document."""
    return settings_document(tmp_path, 18081)


@pytest.fixture
def load_document(tmp_path: Path) -> Callable[[Any], HubSettings]:
    """Write a document to settings.json and load it."""

    def write_and_load(document: Any) -> HubSettings:
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(document))
        return load(path)

    return write_and_load


@pytest.fixture
def settings(document: dict[str, Any], load_document: Callable[[Any], HubSettings]) -> HubSettings:
    """Complete settings."""
    return load_document(document)


@pytest.fixture
def oidc() -> OidcSettings:
    """An identity provider's settings."""
    return OidcSettings(
        issuer="https://login.example.org/realms/aula",
        client_id="aula",
        client_secret="a-secret-of-the-provider",
        name="Sign in with your organisation",
    )
