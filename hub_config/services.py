"""The services beside the hub. They run on their own; the hub starts none of them."""

from typing import Any

from aula.people.runs import RESERVED
from hub_config.settings import CourseRun, HubSettings, PortalSettings

BOOK, PORTAL, HAND_IN, MONITORING = RESERVED


def services(settings: HubSettings) -> list[dict[str, Any]]:
    """Return the book, the portal, the hand-in service, who reads the metrics, and a formgrader for each course run."""
    formgraders = [_formgrader(run) for run in settings.course_runs]
    quiet = [_quiet(HAND_IN, settings.hand_in_token), _quiet(MONITORING, settings.monitoring_token)]
    return [_book(settings.book_url), _portal(settings.portal), *quiet, *formgraders]


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


def _quiet(name: str, token: str) -> dict[str, Any]:
    """Return a service without a page: whoever watches the hub, as a Prometheus, or what servers hand in to."""
    return {"name": name, "api_token": token, "display": False}


def _formgrader(run: CourseRun) -> dict[str, Any]:
    return {
        "name": run.id,
        "url": run.formgrader_url,
        "api_token": run.formgrader_token,
        "oauth_redirect_uri": f"/services/{run.id}/oauth_callback",
        "oauth_no_confirm": True,
        "display": False,
    }
