"""What site.yml may say, and how mistakes in it are told."""

import json
from pathlib import Path

import pytest

from aula import yaml_file
from aula.cli import main
from aula.errors import SiteError
from aula.site import reference
from aula.site.schema import Site
from deploy import site

EXAMPLE = Path(__file__).parents[3] / "hub_config" / "site.example.yml"
MISTAKES = {
    "a misspelt key": ("hub: aula-hub", "hbu: aula-hub", "unknown key 'accounts.hbu': did you mean 'hub'?"),
    "a missing part": ("service_node:\n  address: 10.1.0.2", "#", "key 'service_node' is missing"),
    "https without a key": ("  key: /etc/ssl/aula/key.pem\n", "", "an https address needs 'certificate' and 'key'"),
    "a certificate without https": ("https:", "http:", "are for an address that begins with https"),
    "an address without its slash": ("example.org/", "example.org", "key 'public.address'"),
    "a time without quotes": ('"02:00:00"', "2:00:00", 'put it in quotes, as "02:00:00"'),
    "a folder in the other": ("aula/course", "aula/software/course", "neither within the other"),
    "a relative folder": ("/shared/aula/course", "shared/course", "key 'folders.course'"),
    "a name with a line end": (
        "interactive: interactive",
        'interactive: "a\\nb"',
        "key 'slurm.partitions.interactive'",
    ),
    "an account twice": ("train02, train03", "train01, train03", "an account of its own: train01"),
    "a run that is the hub's": ("aula-run2", "aula-hub", "an account of its own: aula-hub"),
    "one account for two": ("course: aula-course", "course: aula-hub", "an account of its own: aula-hub"),
    "a provider without TLS": ("issuer: https:", "issuer: http:", "key 'sign_in.oidc.issuer'"),
    "a provider with a misspelt key": ("client_id:", "client_ids:", "unknown key 'sign_in.oidc.client_ids'"),
    "a secret in the file": ("client_secret_file: /etc/aula/oidc.secret", "client_secret: x", "'client_secret_file'"),
    "scopes that do not ask who it is": (
        "    client_id: aula\n",
        "    client_id: aula\n    scopes: [email]\n",
        "'openid' must be one of them",
    ),
    "a pool and a program": (
        "  runs: [aula-run1",
        "  map: /opt/site/account-of\n  runs: [aula-run1",
        "'pool' and 'map' exclude each other",
    ),
    "a pool of one word": ("[train01, train02, train03]", "train01", "key 'accounts.pool'"),
    "a profile with a misspelt key": ("    gpus: 1\n", "    gpu: 1\n", "unknown key 'profiles.2.gpu': did you mean"),
    "mistakes reported nowhere": ("courses@example.org", "https://example.org/issues", "key 'book.mistakes'"),
    "mistakes reported by a script": ("courses@example.org", "javascript:alert({page})", "key 'book.mistakes'"),
    "a profile twice": ("name: gpu", "name: standard", "these names stand twice: standard"),
    "a profile that lives too long": (
        '    longest: "08:00:00"',
        '    walltime: "09:00:00"\n    longest: "08:00:00"',
        "'walltime' must not be longer than 'longest'",
    ),
    "a name that sudo would read": ("train01", "'ALL, !x'", "key 'accounts.pool.1'"),
}


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is an error that names the file and the line, and what would be right."""
    text = EXAMPLE.read_text()
    assert old in text
    path = tmp_path / "site.yml"
    path.write_text(text.replace(old, new))
    with pytest.raises(SiteError) as caught:
        yaml_file.read(path, Site, SiteError)
    assert str(caught.value).startswith(f"{path}:")
    assert message in str(caught.value)


def test_the_deployment_reads_what_show_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """`aula site show` prints every key that the deployment needs, with the defaults filled in."""
    assert main(["site", "show", str(EXAMPLE)]) == 0
    found = site.Site.from_document(json.loads(capsys.readouterr().out))
    assert (found.address, found.hub_port, found.slurm.commands) == ("https://aula.example.org", 8081, Path("/usr/bin"))
    assert found.pool == ("train01", "train02", "train03")
    assert found.internal_tls
    assert found.hub_api.startswith("https://")


def test_the_reference_has_every_key() -> None:
    """The reference page has each key of each part, and says what happens where it is left out."""
    page = reference.page()
    keys = (
        "public",
        "certificate",
        "hub_port",
        "interactive",
        "walltime",
        "idle_minutes",
        "most_core_hours",
        "software",
        "pool",
        "people_database",
        "client_secret_file",
    )
    assert all(f"| `{key}` |" in page for key in keys)
    assert "| `hub_port` | whole number, 1024 to 65535 | `8081` |" in page
    assert "None" not in page
    assert "PydanticUndefined" not in page


def test_the_check_needs_root(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is not root reads why, and nothing is tried."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert main(["site", "check", str(EXAMPLE), "--state", str(tmp_path)]) == 1
    assert "run it as root" in capsys.readouterr().err
