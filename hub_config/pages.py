"""What the hub's pages know besides JupyterHub's own variables."""

from typing import Any

from hub_config.services import BOOK, PORTAL
from hub_config.settings import HubSettings


def page_variables(settings: HubSettings) -> dict[str, Any]:
    """Return the templates' variables; no token and no person is among them."""
    return {
        "aula_book_url": f"/services/{BOOK}/",
        "aula_portal_url": f"/services/{PORTAL}/",
        "aula_shared_address": not settings.subdomains,
    }
