"""What the hand-in service is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from aula.errors import AulaError

NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL")


class HandInSettingsError(AulaError):
    """A variable of the environment, or an option, is missing or wrong."""


@dataclass(frozen=True)
class HandInSettings:
    """Where the hub is, and under which prefix the service answers."""

    api_url: str
    api_token: str = field(repr=False)
    prefix: str = "/services/hand-in/"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "HandInSettings":
        """Read the environment of an externally managed service. Raise HandInSettingsError that names a variable."""
        missing = [name for name in NEEDED if not variables.get(name)]
        if missing:
            raise HandInSettingsError(
                f"The environment variable {missing[0]} is not set. The hand-in service needs it."
            )
        prefix = variables.get("JUPYTERHUB_SERVICE_PREFIX", cls.prefix)
        if not (prefix.startswith("/") and prefix.endswith("/")):
            raise HandInSettingsError(f"JUPYTERHUB_SERVICE_PREFIX is {prefix!r}. Write it as {cls.prefix}")
        return cls(variables["JUPYTERHUB_API_URL"], variables["JUPYTERHUB_API_TOKEN"], prefix)
