"""What internal TLS adds to a server: the hub signs a key that was made in the job, for the node that the job is on."""

import asyncio
import base64
import hashlib
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from traitlets import HasTraits

from aula_spawner import certificates
from aula_spawner.slurm.squeue import Phase

# How long a job may speak to the hub with what its start was given, beyond the longest start.
CREDENTIALS_LAST = timedelta(hours=1)
# Seconds for which a job that asks for a certificate waits for Slurm's word on its node, before it has to ask again.
NODE_S = 5.0
_LOOK_S = 0.05


class Encryption(HasTraits):
    """The part of a spawner that has to do with JupyterHub's `internal_ssl`. It works with that off, too.

    JupyterHub makes a server's key in the hub, before anybody knows its node. Here no server's key travels: the start
    is given credentials for speaking to the hub, and for nothing else; with them and its token the job has its own
    key signed, once.
    """

    encrypted = False  # whether the present job was given what it needs to speak TLS
    signed = ""  # the digest of the key that this start has had signed

    async def create_certs(self) -> dict[str, str]:
        """Make no key here: the job makes its own."""
        return {}

    async def move_certs(self, paths: dict[str, str]) -> dict[str, str]:
        """Move nothing."""
        return paths

    def start_credentials(self: Any) -> dict[str, str]:
        """Return the variables by which this start may speak to the hub; none without internal TLS."""
        self.encrypted, self.signed = bool(self.internal_ssl), ""
        if not self.encrypted:
            return {}
        lasts = timedelta(seconds=self.start_timeout) + CREDENTIALS_LAST
        pair = certificates.start_credentials(self.internal_certs_location, self._log_name, lasts)
        authorities = Path(self.internal_trust_bundles[certificates.SERVERS]).read_bytes()
        return {
            "JUPYTERHUB_START_CREDENTIALS": base64.b64encode(pair.encode()).decode(),
            "JUPYTERHUB_START_AUTHORITIES": base64.b64encode(authorities).decode(),
        }

    def encryption_state(self) -> dict[str, Any]:
        """Return what a hub that starts anew must know."""
        return {"encrypted": True, "signed": self.signed} if self.encrypted else {}

    def load_encryption_state(self, state: dict[str, Any]) -> None:
        """Take up what an earlier hub, or an earlier version, remembered."""
        self.encrypted, self.signed = bool(state.get("encrypted")), str(state.get("signed", ""))

    @property
    def speaks_otherwise(self: Any) -> bool:
        """Tell whether internal TLS was switched on or off since this server's start: hub and server part then."""
        return bool(self.mark) and self.encrypted != self.internal_ssl

    @property
    def scheme(self) -> str:
        """How hub and proxy speak to the server."""
        return "https" if self.encrypted else "http"

    def may_sign(self, key: str) -> bool:
        """Tell whether this start may still have this key signed: once, or again after an answer that was lost."""
        return self.encrypted and self.signed in ("", _digest(key))

    async def certificate(self: Any, key: str) -> str:
        """Return the certificate for the job's key; '' while Slurm does not say on which node the job is."""
        address = await self._whereabouts()
        # Asked again: another request may have come in meanwhile.
        if not address or not self.may_sign(key):
            return ""
        # The hub asks for the node's address, the proxy for the name that the browser asked for.
        names = tuple(filter(None, (address, urlsplit(self.public_url).hostname)))
        found = certificates.server_certificate(self.internal_certs_location, key, self._log_name, names)
        self.signed = _digest(key)
        self.remember()
        return found

    async def _whereabouts(self: Any) -> str:
        until = time.monotonic() + NODE_S
        while time.monotonic() < until:
            # The start itself looks after the job all the while: nobody is asked more often for this.
            job = self.job
            if job is not None and job.id == self.job_id and job.phase is Phase.RUNNING and job.node:
                return str(await self._address_of(job.node))
            await asyncio.sleep(_LOOK_S)
        return ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
