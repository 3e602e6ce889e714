"""Who may sign in: the people of the settings, with passwords checked against scrypt hashes, without root."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyterhub.auth import Authenticator  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.web import HTTPError
from traitlets import Unicode

from aula.people.throttle import Throttle
from hub_config.errors import PasswordsError
from hub_config.passwords import NOBODY, ScryptHash, read_passwords

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_LONGEST_PASSWORD = 1000
_AT_ONCE = 2


class PasswordAuthenticator(Authenticator):  # type: ignore[misc]  # jupyterhub has no types
    """Checks a name and a password. Failed attempts are limited for each name and for each address."""

    passwords_file = Unicode(help="Path of the JSON file of scrypt hashes; it is read at every sign-in.")
    passwords_file.tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._by_name = Throttle(most=5, window=60)
        self._by_address = Throttle(most=30, window=60)
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def authenticate(self, handler: Any, data: Mapping[str, str] | None) -> str | None:
        """Return the name if the password is right."""
        name, password = (data or {}).get("username", ""), (data or {}).get("password", "")
        known_form = bool(_NAME.fullmatch(name)) and len(password) <= _LONGEST_PASSWORD
        keys = ((self._by_name, name if known_form else ""), (self._by_address, handler.request.remote_ip or ""))
        wait = max(throttle.seconds_to_wait(key) for throttle, key in keys)
        if wait:
            raise HTTPError(
                429, f"Too many sign-ins failed. Wait {wait} seconds, then try again. An operator can help."
            )
        for throttle, key in keys:
            throttle.count(key)
        if not known_form or not await self._is_right(name, password):
            return None
        for throttle, key in keys:
            throttle.forgive(key)
        return name

    async def _is_right(self, name: str, password: str) -> bool:
        """Compare in a thread, at most two at once: scrypt takes 16 MiB and some 50 ms each."""
        async with self._room:
            found = self._hash_of(name)
            return await asyncio.to_thread((found or NOBODY).matches, password) and found is not None

    def _hash_of(self, name: str) -> ScryptHash | None:
        try:
            return read_passwords(Path(self.passwords_file)).get(name)
        except PasswordsError as error:
            self.log.error("Nobody can sign in: %s", error)
            raise HTTPError(503, "Sign-in does not work at the moment. Tell the operator.") from error
