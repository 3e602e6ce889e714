"""The job's side of internal TLS: it makes the server's key, has the hub sign it, and keeps both in memory alone.

`singleuser.py` loads this file from beside itself: it imports the standard library and `cryptography`, which every
environment with JupyterHub has; nothing of this package.

The files lie in no folder. They are the process's own memory files: no other account can open them, they are on no
disk, and they are gone with the process, however it ends.
"""

import base64
import os
import ssl
from collections.abc import Callable, MutableMapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

GIVEN, AUTHORITIES = "JUPYTERHUB_START_CREDENTIALS", "JUPYTERHUB_START_AUTHORITIES"


class Credentials:
    """By what a start may speak to the hub, and later the server to hub and proxy."""

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        """Take the start's credentials out of the environment, and name the server's files in it."""
        given = base64.b64decode(environment.pop(GIVEN))
        authorities = base64.b64decode(environment.pop(AUTHORITIES))
        self.context = ssl.create_default_context(cadata=authorities.decode())
        start = _memory_file(given)
        self.context.load_cert_chain(_path(start))
        os.close(start)
        self._key = ec.generate_private_key(ec.SECP256R1())
        private = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._certificate = _memory_file(b"")
        environment["JUPYTERHUB_SSL_KEYFILE"] = _path(_memory_file(private))
        environment["JUPYTERHUB_SSL_CERTFILE"] = _path(self._certificate)
        environment["JUPYTERHUB_SSL_CLIENT_CA"] = _path(_memory_file(authorities))

    def have_signed(self, ask: Callable[[str, object], Any]) -> None:
        """Have the hub sign the key: `ask` posts to one of its addresses and returns the answer."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        answer = ask("aula/certificate", {"public_key": public.decode()})
        if not answer:
            raise ValueError("the hub has not signed the server's key")
        _write(self._certificate, str(answer["certificate"]).encode())


def _memory_file(content: bytes) -> int:
    handle = os.memfd_create("aula")
    os.fchmod(handle, 0o600)
    _write(handle, content)
    return handle


def _write(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _path(handle: int) -> str:
    """Return the file's path. By its number, and not as `self`, the server's kernels and terminals find it too."""
    return f"/proc/{os.getpid()}/fd/{handle}"
