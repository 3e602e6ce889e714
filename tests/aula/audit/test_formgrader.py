"""In the server behind the formgrader marks are changed in the name of who is signed in."""

import json
import logging
from pathlib import Path

import pytest
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler
from nbgrader.server_extensions.formgrader.apihandlers import CommentHandler, GradeHandler
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from aula.audit import stores
from tests.aula.audit.marking import TASK, look, opened


class Ines(IdentityProvider):
    """Knows everybody as Ines."""

    def get_user(self, handler: JupyterHandler) -> User:  # noqa: ARG002  the interface
        """Return her."""
        return User("ines")


async def test_a_mark_by_hand_bears_the_instructors_name(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points and a comment, sent to nbgrader's own addresses as formgrader's page sends them."""
    monkeypatch.setenv("AULA_ACTOR", "somebody else")
    with opened(run_dir) as gradebook:
        grade = gradebook.find_grade("why", TASK, TASK, "ana").id
        comment = gradebook.find_comment("why", TASK, TASK, "ana").id
        routes = [(r"/grade/([^/]+)", GradeHandler), (r"/comment/([^/]+)", CommentHandler)]
        settings = {
            "nbgrader_gradebook": gradebook,
            "nbgrader_bad_setup": False,
            "identity_provider": Ines(),
            "base_url": "/",
            "disable_check_xsrf": True,
            "serverapp": None,
            "log": logging.getLogger("tests"),
        }
        socket, port = bind_unused_port()
        server = HTTPServer(Application(routes, **settings))
        server.add_socket(socket)
        for address, body in (
            (f"grade/{grade}", {"manual_score": 0.5, "extra_credit": None}),
            (f"comment/{comment}", {"manual_comment": "See page 3"}),
        ):
            url = f"http://127.0.0.1:{port}/{address}"
            answer = await AsyncHTTPClient().fetch(url, method="PUT", body=json.dumps(body))
            assert answer.code == 200
        server.stop()
        await server.close_all_connections()
    newest = stores.read(run_dir).reading.entries[-2:]
    assert [(one.who, one.through) for one in newest] == [("ines", "formgrader")] * 2
    fields = [[step.key.field for step in one.steps] for one in newest]
    assert fields == [["extra_credit", "manual_score"], ["manual_comment"]]
    assert look(run_dir).well
