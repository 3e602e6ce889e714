"""The certificates of hub and proxy: made once, and anew only where they would end or name another machine."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from jupyterhub.app import JupyterHub  # type: ignore[import-untyped]  # jupyterhub has no types
from jupyterhub.httpclient import JupyterHubHTTPClient  # type: ignore[import-untyped]  # likewise

from hub_config import certificates
from hub_config.settings import HubSettings, InternalTlsSettings

NOW = datetime.now(UTC)


def found(folder: Path) -> dict[str, bytes]:
    """Return every certificate and key, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*")}


@pytest.fixture
def encrypted(settings: HubSettings, tmp_path: Path) -> HubSettings:
    """Settings with internal TLS, and its certificates made."""
    tls = InternalTlsSettings(certificates_dir=str(tmp_path / "tls"), errors_url="http://127.0.0.1:65014/")
    changed = settings.model_copy(update={"internal_tls": tls, "hub_bind_url": "https://10.1.0.2:8081/"})
    certificates.up(changed, NOW)
    return changed


@pytest.mark.usefixtures("encrypted")
def test_keys_are_the_hubs_alone(tmp_path: Path) -> None:
    """Each key can be read by its owner alone; the hub's certificate names its machine as the nodes know it."""
    keys = list((tmp_path / "tls").glob("*/*.key"))
    assert len(keys) == 10
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    hub = x509.load_pem_x509_certificate((tmp_path / "tls/hub-internal/hub-internal.crt").read_bytes())
    names = hub.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "10.1.0.2" in [str(name.value) for name in names]


def test_the_hub_is_known_by_every_name_that_a_browser_asks_for(settings: HubSettings) -> None:
    """The proxy asks for the name in the browser's request: the public one, and with subdomains each below it."""
    named = settings.model_copy(
        update={"public_url": "https://aula.site/", "hub_bind_url": "https://10.1.0.2:8081/", "subdomains": True}
    )
    assert certificates.alternative_names(named) == ["IP:10.1.0.2", "DNS:aula.site", "DNS:*.aula.site"]


def test_what_is_well_stays(encrypted: HubSettings, tmp_path: Path) -> None:
    """Made again, nothing changes: servers that run go on believing."""
    before = found(tmp_path / "tls")
    certificates.up(encrypted, NOW)
    assert found(tmp_path / "tls") == before


def test_another_address_changes_certificates_and_no_authority(encrypted: HubSettings, tmp_path: Path) -> None:
    """Where the hub has moved its certificates are made anew, by the same authorities."""
    before = found(tmp_path / "tls")
    certificates.up(encrypted.model_copy(update={"hub_bind_url": "https://aula.site:8081/"}), NOW)
    after = found(tmp_path / "tls")
    changed = {path.partition("/")[0] for path in after if after[path] != before[path]}
    assert changed == set(certificates.CERTIFICATES)


def test_what_ends_soon_is_made_anew(encrypted: HubSettings, tmp_path: Path) -> None:
    """Authorities that would end within a year are replaced, with all that they signed."""
    before = found(tmp_path / "tls")
    certificates.up(encrypted, NOW + timedelta(days=365 * 9))
    assert not set(before.values()) & set(found(tmp_path / "tls").values())


def test_without_internal_tls_there_are_none(settings: HubSettings, tmp_path: Path) -> None:
    """Where it is off, nothing is made."""
    certificates.up(settings, NOW)
    assert not list(tmp_path.rglob("*.key"))


@pytest.mark.usefixtures("encrypted")
def test_the_trust_is_jupyterhubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JupyterHub finds every name, makes nothing anew, and lays out the trust in the same way."""
    monkeypatch.setattr(JupyterHubHTTPClient, "instance", lambda **_: None)
    folder = tmp_path / "tls"
    before = found(folder), {path.name: path.read_bytes() for path in folder.glob("*_trust.crt")}
    JupyterHub(internal_ssl=True, internal_certs_location=str(folder)).init_internal_ssl()
    assert before == (found(folder), {path.name: path.read_bytes() for path in folder.glob("*_trust.crt")})
