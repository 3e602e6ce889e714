"""The service as a process: what it is told, what it says when that cannot be, and TLS."""

import os
import resource
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tornado.testing import bind_unused_port

from aula.web.hand_in.service import encryption, main
from aula.web.hand_in.settings import HandInSettings, HandInSettingsError
from tests.aula.submissions.archive import good
from tests.aula.web.hand_in.running import PREFIX, laid_out, running

HUB = {"JUPYTERHUB_API_TOKEN": "x", "JUPYTERHUB_API_URL": "http://127.0.0.1:1/hub/api"}


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """Give back what a start changes of the process: how files are made, and how many may be open."""
    mask, most = os.umask(0o022), resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    os.umask(mask)
    resource.setrlimit(resource.RLIMIT_NOFILE, most)


def made(folder: Path, name: str, *, by: str | None = None) -> tuple[Path, Path]:
    """Make a certificate of this machine's address, by an authority or by itself; return it, and its key."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    signed = ["-CA", str(folder / f"{by}.crt"), "-CAkey", str(folder / f"{by}.key")] if by else []
    kind = "CA:FALSE" if by else "critical,CA:TRUE"
    more = ["-addext", f"basicConstraints={kind}", "-addext", "subjectAltName=IP:127.0.0.1"]
    words = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", f"/CN={name}", *more]
    subprocess.run([*words, *signed, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def test_only_who_has_a_certificate_of_the_hub_gets_in(tmp_path: Path) -> None:
    """With an authority both sides show a certificate of it; others learn nothing, not even whether it is healthy."""
    authority, _ = made(tmp_path, "authority")
    certificate, key = made(tmp_path, "service", by="authority")
    mine, stranger = made(tmp_path, "server", by="authority"), made(tmp_path, "stranger")
    with running(tmp_path / "class", context=encryption(certificate, key, authority)) as service:
        address = service.address + PREFIX + "health"
        ok = requests.get(address, verify=str(authority), cert=tuple(map(str, mine)), timeout=30)
        assert ok.status_code == 200
        for other in (None, tuple(map(str, stranger))):
            with pytest.raises(requests.ConnectionError):
                requests.get(address, verify=str(authority), cert=other, timeout=30)
        sent = service.ask(
            "POST",
            "runs/hpc/assignments/sums/submissions",
            "ana",
            data=good(),
            verify=str(authority),
            cert=tuple(map(str, mine)),
        )
        assert sent.status_code == 201


def test_without_an_authority_clients_need_no_certificate(tmp_path: Path) -> None:
    """Then it is encrypted, and the token alone says who asks; without any of it, it is not encrypted."""
    certificate, key = made(tmp_path, "service")
    context = encryption(certificate, key, None)
    assert context
    assert context.verify_mode is ssl.CERT_NONE
    assert encryption(None, None, None) is None


def test_half_of_what_tls_needs_is_said(tmp_path: Path) -> None:
    """A wrong set of files stops the start, in words."""
    certificate, key = made(tmp_path, "one")
    with pytest.raises(HandInSettingsError, match="--certificate and --key belong together"):
        encryption(certificate, None, None)
    with pytest.raises(HandInSettingsError, match="cannot be used"):
        encryption(certificate, key, tmp_path / "nowhere")
    with pytest.raises(HandInSettingsError, match="cannot be used"):
        encryption(certificate, made(tmp_path, "other")[1], None)


def words_for(folder: Path, **changes: str) -> list[str]:
    """Return a command line."""
    handed_in, given = folder / "handed-in", folder / "given"
    told = {"port": "0", "handed-in": str(handed_in), "given": str(given), "key-file": str(folder / "key")} | changes
    return [word for name, value in told.items() for word in (f"--{name}", value)]


def test_a_start_that_cannot_be_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing variable, a missing folder, half of what TLS needs: a sentence each, and no traceback."""
    for name in HUB:
        monkeypatch.delenv(name, raising=False)
    assert main(words_for(tmp_path)) == 2
    assert "JUPYTERHUB_API_TOKEN is not set" in capsys.readouterr().err
    for name, value in HUB.items():
        monkeypatch.setenv(name, value)
    assert main(words_for(tmp_path)) == 2
    assert "handed-in: cannot be read: No such file" in capsys.readouterr().err
    laid_out(tmp_path, "sums")
    assert main(words_for(tmp_path, certificate="x")) == 2
    assert "belong together" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """The operator reads which, and is not shown a traceback."""
    laid_out(tmp_path, "sums")
    listening, port = bind_unused_port()
    with listening:
        ended = subprocess.run(
            [sys.executable, "-m", "aula.web.hand_in", *words_for(tmp_path, port=str(port))],
            env={**os.environ, **HUB, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"cannot listen on 127.0.0.1 port {port}: ")


def test_the_environment_is_read() -> None:
    """The prefix has a default, and must be one."""
    assert HandInSettings.from_environment(HUB).prefix == PREFIX
    with pytest.raises(HandInSettingsError, match="Write it as /services/hand-in/"):
        HandInSettings.from_environment({**HUB, "JUPYTERHUB_SERVICE_PREFIX": "hand-in"})
    assert "'x'" not in repr(HandInSettings.from_environment(HUB))
