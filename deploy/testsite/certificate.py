"""The test site's certificate: signed by itself, for its name and every name below, renewed before it ends."""

from pathlib import Path

from deploy import files
from deploy.command import run, succeeds

RENEW_BEFORE = 20 * 24 * 3600


def up(folder: Path, name: str) -> tuple[Path, Path]:
    """Make certificate and key where there are none that last. Return their paths."""
    files.folder(folder, mode=0o700)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    if not succeeds(["openssl", "x509", "-in", certificate, "-noout", "-checkend", str(RENEW_BEFORE)]):
        run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
                *("-nodes", "-days", "90", "-subj", "/CN=Aula test site"),
                *("-addext", f"subjectAltName=DNS:{name},DNS:*.{name}"),
                *("-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"),
                *("-keyout", key, "-out", certificate),
            ]
        )
    return certificate, key
