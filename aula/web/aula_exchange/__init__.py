"""nbgrader's exchange over the hand-in service: for the servers of trainees, and for the accounts of course runs.

It runs in the user environment, under the name `aula_exchange`: of ours there is this folder alone. `configuration`
says what an `nbgrader_config.py` needs; as an extension of a trainee's server it is the panel that says why something
was refused.
"""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "aula_exchange"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Put our panel before nbgrader's of the same address: extensions are loaded by name, and the first one counts."""
    from . import panel  # nbgrader's commands import this package, too, and have no panel

    application = server.web_app
    assignments = panel.Assignments(parent=server)
    assignments.root_dir = server.root_dir
    application.settings[panel.SETTING] = assignments
    base = application.settings["base_url"].rstrip("/")
    routes = [
        ("/assignments", panel.ListHandler),
        ("/assignments/(?P<action>fetch|submit|fetch_feedback)", panel.ActionHandler),
        ("/courses", panel.CoursesHandler),
        ("/aula/assignments", panel.OverviewHandler),
        ("/aula/assignments/words", panel.WordsHandler),
    ]
    application.add_handlers(".*$", [(f"{base}{path}", handler) for path, handler in routes])
