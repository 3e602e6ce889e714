"""JupyterLab's Assignments panel: the functions and addresses that it asks, with our exchange under them."""

import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.server_extensions.assignment_list import handlers
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.testing import bind_unused_port
from tornado.web import Application

from tests.aula.web.aula_exchange.conftest import PACKAGE
from tests.aula.web.aula_exchange.lesson import RUN, TASK, Lesson, do, notebook

CONFIGURATION = """
import sys
sys.path.append({code!r})
from aula_exchange import configuration
c = get_config()
configuration.of_trainees(c, {url!r})
c.CourseDirectory.student_id = {who!r}
c.Exchange.path_includes_course = True
c.Exchange.assignment_dir = {home!r}
"""


@pytest.fixture
def panel(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what ana's panel asks."""
    home = lesson.be("ana")
    text = CONFIGURATION.format(code=str(PACKAGE), url=lesson.served.url, who="ana", home=str(home))
    (home / "nbgrader_config.py").write_text(text)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home))
    made = import_module("aula_exchange.panel").Assignments()
    made.root_dir = str(home)
    return made


def test_the_panels_way_from_released_to_feedback(panel: Any, lesson: Lesson) -> None:
    """Each button's function, and the list after it, with the paths that JupyterLab opens."""
    assert panel.list_courses() == {"success": True, "value": [RUN]}
    assert [one["status"] for one in panel.list_assignments(RUN)["value"]] == ["released"]
    assert panel.fetch_assignment(RUN, TASK) == {"success": True}
    (fetched,) = panel.list_assignments(RUN)["value"]
    assert fetched["notebooks"] == [{"notebook_id": TASK, "path": f"{RUN}/{TASK}/{TASK}.ipynb"}]
    assert panel.submit_assignment(RUN, TASK) == {"success": True}
    do("Collect", lesson.instructor())
    lesson.give_feedback("ana", "well done")
    (_, group) = panel.list_assignments(RUN)["value"]
    assert group["submissions"][0]["has_exchange_feedback"]
    assert not group["submissions"][0]["has_local_feedback"]
    assert panel.fetch_feedback(RUN, TASK) == {"success": True}
    (_, group) = panel.list_assignments(RUN)["value"]
    place = group["submissions"][0]["local_feedback_path"]
    assert (lesson.home("ana") / place / f"{TASK}.html").read_text() == "well done"
    assert not Path(place).is_absolute()


def test_a_refusal_is_a_sentence(panel: Any, lesson: Lesson) -> None:
    """Not a trace of nbgrader's code, nor its words about a folder that is not there."""
    folder = lesson.work("ana")
    notebook(folder)
    (folder / f"{TASK}.ipynb").write_text("")
    refused = panel.submit_assignment(RUN, TASK)
    assert refused == {
        "success": False,
        "value": "sums.ipynb is empty: open it in JupyterLab, save it, hand it in again.",
    }
    lesson.served.people["ana"].clear()
    lesson.be("bora")
    lesson.served.people["bora"].clear()
    told = panel.list_assignments(RUN)
    assert told == {"success": False, "value": f"You are not in the course run {RUN}. Join it first."}
    assert "You already have a copy" in panel.fetch_assignment(RUN, TASK)["value"]
    assert "You are not in the course run" in panel.fetch_feedback(RUN, TASK)["value"]


async def test_the_panels_addresses_are_ours(panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button answers with the list, or with why not; nbgrader's handlers of the same address come after ours."""
    for name in ("AssignmentListHandler", "AssignmentActionHandler", "CourseListHandler"):
        monkeypatch.setattr(getattr(handlers, name), "prepare", lambda _: None)
        monkeypatch.setattr(getattr(handlers, name), "current_user", "ana")
        monkeypatch.setattr(getattr(handlers, name), "check_xsrf_cookie", lambda _: None)
    application = Application([], base_url="/user/ana/", log_function=lambda _: None)
    server = SimpleNamespace(web_app=application, root_dir=panel.root_dir)
    monkeypatch.setattr("aula_exchange.panel.Assignments", lambda parent: panel)  # noqa: ARG005
    import_module("aula_exchange")._load_jupyter_server_extension(server)
    application.add_handlers(".*$", [("/user/ana/courses", handlers.NbGraderVersionHandler)])
    sock, port = bind_unused_port()
    listening = application.listen(port) if sock.close() is None else None
    address, client = f"http://127.0.0.1:{port}/user/ana", AsyncHTTPClient()

    async def post(action: str) -> Any:
        body = json.dumps({"course_id": RUN, "assignment_id": TASK})
        return json.loads((await client.fetch(f"{address}/assignments/{action}", method="POST", body=body)).body)

    try:
        courses = json.loads((await client.fetch(f"{address}/courses")).body)
        assert courses == {"success": True, "value": [RUN]}
        assert (await post("fetch"))["value"][0]["status"] == "fetched"
        assert "already have a copy" in (await post("fetch"))["value"]
        assert (await post("submit"))["value"][1]["status"] == "submitted"
        assert (await post("fetch_feedback"))["success"]
        listed = json.loads((await client.fetch(f"{address}/assignments?course_id={RUN}")).body)
        assert [one["status"] for one in listed["value"]] == ["fetched", "submitted"]
        with pytest.raises(HTTPClientError, match="404"):
            await post("remove")
    finally:
        if listening:
            listening.stop()
        client.close()
