"""What can be wrong with the hub's configuration, and with a sign-in.

HubConfigError
├── SettingsError   settings.json is missing, unreadable or wrong
├── ProviderError   the identity provider does not answer, or answers nonsense
├── TokenError      the identity provider's token proves nothing
└── RefusedSignIn   somebody may not enter; told to them
"""


class HubConfigError(Exception):
    """Anything that this package raises."""


class SettingsError(HubConfigError):
    """settings.json is missing, unreadable or wrong."""


class ProviderError(HubConfigError):
    """The identity provider does not answer, or answers nonsense."""


class TokenError(HubConfigError):
    """The identity provider's token proves nothing."""


class RefusedSignIn(HubConfigError):  # noqa: N818  it is no fault
    """Somebody may not enter. `reason` names the words of the page that tells them; `message` is in it."""

    def __init__(self, reason: str, message: str = "", status: int = 403) -> None:
        super().__init__(message or reason)
        self.reason, self.message, self.status = reason, message, status
