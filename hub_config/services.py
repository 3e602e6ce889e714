"""The services beside the hub. They run on their own; the hub starts none of them."""

from typing import Any

from hub_config.settings import CourseRun, HubSettings

BOOK = "book"


def services(settings: HubSettings) -> list[dict[str, Any]]:
    """Return the book and one formgrader for each course run."""
    return [_book(settings.book_url), *(_formgrader(run) for run in settings.course_runs)]


def _book(url: str) -> dict[str, Any]:
    """Return the book: everybody may read it, so it asks the hub nothing."""
    return {"name": BOOK, "url": url, "display": False}


def _formgrader(run: CourseRun) -> dict[str, Any]:
    return {
        "name": run.id,
        "url": run.formgrader_url,
        "api_token": run.formgrader_token,
        "oauth_no_confirm": True,
        "display": False,
    }
