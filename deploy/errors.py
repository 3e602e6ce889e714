"""What can go wrong while a classroom is brought up.

DeployError
├── SettingError      a setting that cannot be used
├── NeedsRootError    root is needed
├── CommandError      a command of the system failed
├── DaemonError       a daemon did not start, or died
├── PortTakenError    somebody else listens where we must
├── SchemaError       a database is newer than our programs, or could not be upgraded
└── BusyError         another `up` or `down` is at work
"""


class DeployError(Exception):
    """An error whose message names the thing and the remedy."""


class SettingError(DeployError):
    """A setting that cannot be used."""


class NeedsRootError(DeployError):
    """Root is needed."""


class CommandError(DeployError):
    """A command of the system failed."""


class DaemonError(DeployError):
    """A daemon did not start, or died."""


class PortTakenError(DeployError):
    """Somebody else listens on a port of ours."""


class SchemaError(DeployError):
    """A database is newer than our programs, or could not be upgraded."""


class BusyError(DeployError):
    """Another `up` or `down` works on the same state."""
