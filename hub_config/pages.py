"""What the hub's pages know besides JupyterHub's own variables."""

from pathlib import PurePath
from typing import Any

from hub_config.roles import instructors_group
from hub_config.services import BOOK
from hub_config.settings import HubSettings


def page_variables(settings: HubSettings) -> dict[str, Any]:
    """Return the templates' variables; no token and no person is among them."""
    return {
        "aula_book_url": f"/services/{BOOK}/",
        "aula_runs": [
            {
                "title": run.title,
                "first_lesson_url": f"/hub/user-redirect/lab/tree/courses/{run.course}/{run.first_lesson}",
                "book_url": f"/services/{BOOK}/courses/{run.course}/{PurePath(run.first_lesson).with_suffix('.html')}",
                "formgrader_url": f"/services/{run.id}/formgrader",
                "instructors_group": instructors_group(run.id),
            }
            for run in settings.course_runs
        ],
    }
