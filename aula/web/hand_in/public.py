"""The addresses for everybody: the public key, and whether the service answers."""

from aula.submissions.keys import PublicKey
from aula.web.hand_in.handler import Handler


class PublicKeyOf(Handler):
    """What receipts are checked with."""

    async def get(self) -> None:
        """Send it."""
        key: PublicKey = self.settings["key"]
        await self.finish({"key": key.pem, "id": key.id})


class Health(Handler):
    """Whether it answers."""

    async def get(self) -> None:
        """Say so."""
        await self.finish({"healthy": True})
