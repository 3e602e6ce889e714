"""Where a job has the key of its server signed: once, for a pending start, with that start's own token."""

import json

from jupyterhub.apihandlers import default_handlers  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.web import HTTPError

from aula_spawner import certificates
from aula_spawner.callback import StartHandler, only

PATH = "/api/aula/certificate"

_MOST_BYTES = 2000
_EXPECTED = 'Send exactly {"public_key": "…"}, a P-256 key in PEM.'


class CertificateHandler(StartHandler):
    """Signs the key of a server that is starting, for the node that Slurm says its job is on."""

    async def post(self) -> None:
        """Answer with the certificate, or say what was wrong and sign nothing."""
        spawner = self.starting()
        key = checked_key(self.request.body)
        if spawner.pending not in ("spawn", "check") or not spawner.may_sign(key):
            raise HTTPError(400, "This start takes no key, or has had another one signed. Nothing was changed.")
        certificate = await spawner.certificate(key)
        if not certificate:
            raise HTTPError(503, "The node of this job is not known yet. Ask again.")
        self.finish(json.dumps({"certificate": certificate}))


def checked_key(body: bytes) -> str:
    """Return the public key in the body, or raise an HTTP 400 that says what was expected."""
    key = only(body, "public_key", _MOST_BYTES, _EXPECTED)
    try:
        certificates.public_key(key if isinstance(key, str) else "")
    except ValueError as error:
        raise HTTPError(400, _EXPECTED) from error
    return str(key)


def add_endpoint() -> None:
    """Put the address among the hub's own."""
    default_handlers[:] = [one for one in default_handlers if one[0] != PATH]
    default_handlers.append((PATH, CertificateHandler))
