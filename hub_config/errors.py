"""What can be wrong with the hub's configuration.

HubConfigError
├── SettingsError   settings.json is missing, unreadable or wrong
└── PasswordsError  the passwords file is missing, unreadable or wrong
"""


class HubConfigError(Exception):
    """Anything that this package raises."""


class SettingsError(HubConfigError):
    """settings.json is missing, unreadable or wrong."""


class PasswordsError(HubConfigError):
    """The passwords file is missing, unreadable or wrong."""
