"""What Aula adds to nbgrader's formgrader: it grades without holding anybody up, all submissions at once, and shows how
far it is.

An extension of the server behind the formgrader, which runs in the user environment: of ours there is this folder
alone. Its configuration says what `aula grade` and `aula class` are called with.
"""

from pathlib import Path
from typing import Any

from tornado.web import RequestHandler, StaticFileHandler

from .addresses import (
    EntryHandler,
    NotebooksHandler,
    NotebookSubmissionsHandler,
    StudentHandler,
    StudentNotebooksHandler,
)
from .batches import Batches
from .glances import Glances
from .handed_in import SubmissionFileHandler
from .handlers import (
    AutogradeHandler,
    BatchHandler,
    RepairedHandler,
    RepairedPageHandler,
    SubmissionHandler,
    SubmissionsHandler,
)
from .portal import AlikeHandler, BatchOfPortalHandler, ClassHandler, FeedbackHandler, GradeHandler

HERE = Path(__file__).parent
MOVES = "(?:next_incorrect|prev_incorrect|next|prev)/?$"
"""What nbgrader has below a submission beside its files."""
NAME = r"([a-z0-9][a-z0-9-]*)"
ROUTES: tuple[tuple[str, type[RequestHandler], dict[str, str]], ...] = (
    (r"/formgrader/?", EntryHandler, {}),
    (r"/formgrader/gradebook/([^/]+)/?", NotebooksHandler, {}),
    (r"/formgrader/gradebook/([^/]+)/([^/]+)/?", NotebookSubmissionsHandler, {}),
    (r"/formgrader/manage_students/([^/]+)/?", StudentHandler, {}),
    (r"/formgrader/manage_students/([^/]+)/([^/]+)/?", StudentNotebooksHandler, {}),
    (r"/formgrader/manage_submissions/([^/]+)/?", SubmissionsHandler, {}),
    (r"/formgrader/api/submission/([^/]+)/([^/]+)/autograde", AutogradeHandler, {}),
    (r"/formgrader/api/assignment/([^/]+)/batch", BatchHandler, {}),
    (r"/formgrader/submissions/([^/]+)/?", SubmissionHandler, {}),
    (rf"/formgrader/submissions/((?!components/)[^/]+/(?!{MOVES}).+)", SubmissionFileHandler, {}),
    (r"/formgrader/api/assignment/([^/]+)/repaired", RepairedHandler, {}),
    (r"/formgrader/aula/repaired/([^/]+)/([^/]+)", RepairedPageHandler, {}),
    (r"/formgrader/api/aula/class", ClassHandler, {}),
    (rf"/formgrader/api/aula/assignment/{NAME}/alike", AlikeHandler, {}),
    (rf"/formgrader/api/aula/assignment/{NAME}/batch", BatchOfPortalHandler, {}),
    (rf"/formgrader/api/aula/assignment/{NAME}/grade", GradeHandler, {}),
    (rf"/formgrader/api/aula/assignment/{NAME}/feedback", FeedbackHandler, {}),
    (r"/formgrader/aula/(.*)", StaticFileHandler, {"path": str(HERE / "static")}),
)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "aula_formgrader"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Put our pages before nbgrader's of the same address: extensions are loaded by name, and the first one counts."""
    application = server.web_app
    told = server.config.AulaFormgrader
    application.settings["aula_batches"] = Batches(list(told.words))
    application.settings["aula_glances"] = Glances(list(told.glance), list(told.watched))
    base = application.settings["base_url"].rstrip("/")
    application.add_handlers(".*$", [(f"{base}{path}", handler, more) for path, handler, more in ROUTES])
