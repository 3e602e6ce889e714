"""The key that receipts are signed with, and what checks them: Ed25519, in PEM."""

import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from aula.submissions.errors import StoreError
from aula.submissions.syncing import write

PUBLIC = ".pub"
"""What the public key's file is called after the private key's."""


@dataclass(frozen=True)
class PublicKey:
    """What checks a signature. Anybody may have it."""

    key: Ed25519PublicKey

    @classmethod
    def of(cls, pem: bytes) -> "PublicKey":
        """Return the key in a text. Raises StoreError where there is none."""
        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise StoreError("this is no public key in PEM") from error
        if not isinstance(key, Ed25519PublicKey):
            raise StoreError("this is another kind of key than Ed25519")
        return cls(key)

    @classmethod
    def read(cls, path: Path) -> "PublicKey":
        """Return the key in a file. Raises StoreError."""
        try:
            return cls.of(path.read_bytes())
        except OSError as error:
            raise StoreError(f"{path}: the public key cannot be read: {error.strerror}: name it with --key") from error
        except StoreError as error:
            raise StoreError(f"{path}: {error}: name with --key the file that the hand-in service wrote") from error

    @property
    def id(self) -> str:
        """What it is called in receipts."""
        return sha256(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """The key as a text."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, content: bytes, signature: str) -> bool:
        """Whether a signature is by this key, and of this content."""
        try:
            self.key.verify(b64decode(signature, validate=True), content)
        except (InvalidSignature, Base64Error, ValueError):
            return False
        return True


class Key:
    """The private key. It stays with the service."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    @classmethod
    def made(cls) -> "Key":
        """Return a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def kept(cls, path: Path) -> "Key":
        """Return the key in a file, which is made where there is none, and write the public one beside it.

        Raises StoreError where the file cannot be used, or others may read it.
        """
        try:
            if not path.exists():
                write(path, cls.made()._pem(), 0o600)
            key = cls._read(path)
            public = path.with_name(path.name + PUBLIC)
            if not public.exists() or public.read_text(encoding="utf-8") != key.public.pem:
                write(public, key.public.pem.encode(), 0o644)
        except OSError as error:
            raise StoreError(f"{path}: the key of receipts cannot be used: {error.strerror}") from error
        return key

    @classmethod
    def _read(cls, path: Path) -> "Key":
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:  # noqa: PTH123  it follows no link
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise StoreError(f"{path}: others may read the key of receipts: chmod 600 {path}")
            pem = file.read()
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise StoreError(f"{path}: is no private key: bring it back from a backup") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreError(f"{path}: is another kind of key than Ed25519: bring it back from a backup")
        return cls(key)

    def sign(self, content: bytes) -> str:
        """Return the signature of some content, in base64."""
        return b64encode(self._key.sign(content)).decode()

    def _pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
