"""The services beside the hub. They run on their own; the hub starts none of them."""

from typing import Any

from aula.people.runs import RESERVED
from hub_config.settings import CourseRun, HubSettings, PortalSettings

BOOK, PORTAL, MONITORING = RESERVED


def services(settings: HubSettings) -> list[dict[str, Any]]:
    """Return the book, the portal, who reads the metrics, and one formgrader for each course run."""
    formgraders = [_formgrader(run) for run in settings.course_runs]
    return [_book(settings.book_url), _portal(settings.portal), _monitoring(settings.monitoring_token), *formgraders]


def _book(url: str) -> dict[str, Any]:
    """Return the book: everybody may read it, so it asks the hub nothing."""
    return {"name": BOOK, "url": url, "display": False}


def _portal(portal: PortalSettings) -> dict[str, Any]:
    """Return the portal. Its token proves that it is the portal; what it may do is a role's to say."""
    return {
        "name": PORTAL,
        "url": portal.url,
        "api_token": portal.token,
        "oauth_redirect_uri": f"/services/{PORTAL}/oauth_callback",
        "oauth_no_confirm": True,
        "display": False,
    }


def _monitoring(token: str) -> dict[str, Any]:
    """Return whoever watches the hub, a Prometheus for example: a name and a token, and no page."""
    return {"name": MONITORING, "api_token": token, "display": False}


def _formgrader(run: CourseRun) -> dict[str, Any]:
    return {
        "name": run.id,
        "url": run.formgrader_url,
        "api_token": run.formgrader_token,
        "oauth_redirect_uri": f"/services/{run.id}/oauth_callback",
        "oauth_no_confirm": True,
        "display": False,
    }
