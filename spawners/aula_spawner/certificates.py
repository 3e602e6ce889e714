"""What the hub signs for a start: credentials to speak to it with, and the certificate of the server itself.

JupyterHub's own authorities sign, those of its `internal_ssl`. No key of theirs is made anew here.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from certipy.certipy import CertStore  # type: ignore[import-untyped]  # certipy has no types
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Hub and proxy believe what this one signs to be servers, and servers do not believe it: JupyterHub's trust.
SERVERS = "notebooks-ca"
# Only the hub and the proxy's API believe this one. Who has no more than it gets to no server.
STARTS = "services-ca"
# A node's clock may be slow.
SKEW = timedelta(hours=1)
# No server lives longer; its key ends with it.
SERVER_LASTS = timedelta(days=365)
_MOST_BYTES = 1000
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Authority:
    """One of the hub's authorities."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def sign(
        self,
        key: ec.EllipticCurvePublicKey,
        name: str,
        lasts: timedelta,
        usages: list[x509.ObjectIdentifier],
        addresses: tuple[str, ...] = (),
    ) -> str:
        """Return a certificate for a key, in PEM. All that it says is said here: who asks for it brings a key alone."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_NAME])]))
            .issuer_name(self.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - SKEW)
            .not_valid_after(min(now + lasts, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if addresses:
            names = x509.SubjectAlternativeName([_general_name(address) for address in addresses])
            builder = builder.add_extension(names, critical=False)
        signed = builder.sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()


@cache
def authority(folder: str, name: str) -> Authority:
    """Return an authority of those that JupyterHub keeps in this folder."""
    files = CertStore(containing_dir=folder).get_files(name)
    return Authority(files.cert.load(), files.key.load())


def start_credentials(folder: str, name: str, lasts: timedelta) -> str:
    """Return a key and its certificate, in PEM: by it a job may speak to the hub, which believes only its token."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority(folder, STARTS).sign(key.public_key(), name, lasts, [ExtendedKeyUsageOID.CLIENT_AUTH])
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode() + certificate


def server_certificate(folder: str, key: str, name: str, addresses: tuple[str, ...]) -> str:
    """Return the certificate of a server at these addresses, in PEM. Raises ValueError for what is no fitting key."""
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return authority(folder, SERVERS).sign(public_key(key), name, SERVER_LASTS, usages, addresses)


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """Return the key that a job sent, in PEM, or raise ValueError: a P-256 key and nothing else."""
    try:
        key = serialization.load_pem_public_key(text.encode()[:_MOST_BYTES])
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("it is no P-256 key")
    return key


def _general_name(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)
