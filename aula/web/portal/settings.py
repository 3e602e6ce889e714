"""What the portal is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aula.errors import AulaError

NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "AULA_DATABASE", "AULA_PUBLIC_URL")


class PortalSettingsError(AulaError):
    """A variable of the environment is missing or wrong."""


@dataclass(frozen=True)
class PortalSettings:
    """Where hub and database are, how people get an account, where versions are kept and hand-ins are told."""

    api_url: str
    api_token: str = field(repr=False)
    database: str = field(repr=False)
    public_url: str
    prefix: str = "/services/portal/"
    client_id: str = "service-portal"
    local_accounts: bool = False
    oidc_name: str = ""
    histories: Path | None = None
    hand_in: str = ""
    hand_in_tls: Path | None = None
    formgraders_secret: str = field(default="", repr=False)
    """Of what the key of each course run's formgrader is made."""

    @property
    def secure(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.public_url.startswith("https:")

    @property
    def base(self) -> str:
        """The prefix without its last slash, as addresses are put after it."""
        return self.prefix.rstrip("/")

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "PortalSettings":
        """Read the environment of an externally managed service. Raise PortalSettingsError that names a variable."""
        missing = [name for name in NEEDED if not variables.get(name)]
        if missing:
            raise PortalSettingsError(f"The environment variable {missing[0]} is not set. The portal needs it.")
        public = variables["AULA_PUBLIC_URL"]
        if not public.startswith(("http://", "https://")) or not public.endswith("/"):
            raise PortalSettingsError(f"AULA_PUBLIC_URL is {public!r}. Write it as https://aula.example.org/")
        return cls(
            api_url=variables["JUPYTERHUB_API_URL"],
            api_token=variables["JUPYTERHUB_API_TOKEN"],
            database=variables["AULA_DATABASE"],
            public_url=public,
            prefix=variables.get("JUPYTERHUB_SERVICE_PREFIX", cls.prefix),
            client_id=variables.get("JUPYTERHUB_CLIENT_ID", cls.client_id),
            local_accounts=variables.get("AULA_LOCAL_ACCOUNTS", "0") == "1",
            oidc_name=variables.get("AULA_OIDC_NAME", ""),
            histories=_path(variables.get("AULA_HISTORIES")),
            hand_in=variables.get("AULA_HAND_IN", ""),
            hand_in_tls=_path(variables.get("AULA_HAND_IN_TLS")),
            formgraders_secret=variables.get("AULA_FORMGRADERS_SECRET", ""),
        )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
