"""What the hub's pages know besides JupyterHub's own variables."""

from typing import Any

from hub_config.services import BOOK, PORTAL


def page_variables() -> dict[str, Any]:
    """Return the templates' variables; no token and no person is among them."""
    return {"aula_book_url": f"/services/{BOOK}/", "aula_portal_url": f"/services/{PORTAL}/"}
