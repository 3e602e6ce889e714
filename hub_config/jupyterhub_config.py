"""JupyterHub's configuration file: load the settings, apply them."""

from hub_config.apply import apply
from hub_config.settings import load_from_environment

apply(get_config(), load_from_environment())  # type: ignore[name-defined]  # noqa: F821  JupyterHub defines it
