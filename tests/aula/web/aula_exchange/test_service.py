"""The way to the service: what breaks is tried again and is one hand-in; what is not the service is told so."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests
from nbgrader.exchange import ExchangeError

from tests.aula.web.aula_exchange.lesson import TASK, Lesson, do


class Line:
    """What stands between a server and the service; so many answers to a hand-in are lost on the way back."""

    def __init__(self, url: str, lost: int = 0, cut: int = 0) -> None:
        self.url, self.lost, self.cut, self.asked = url, lost, cut, 0

    @contextmanager
    def open(self) -> Iterator[str]:
        """Yield the address at this end."""
        line = self

        class Passes(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(requests.get(line.to(self.path), headers=self.passed(), timeout=30))

            def do_POST(self) -> None:
                line.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if line.cut:
                    line.cut -= 1
                    body = body[:-1] + b"x"
                answer = requests.post(line.to(self.path), data=body, headers=self.passed(), timeout=30)
                if line.lost:
                    line.lost -= 1
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.answer(answer)

            def passed(self) -> dict[str, str]:
                wanted = ("Authorization", "X-Aula-Digest", "Content-Type")
                return {name: self.headers[name] for name in wanted if self.headers[name]}

            def answer(self, answer: requests.Response) -> None:
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_: object) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Passes) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}/services/hand-in"
            finally:
                server.shutdown()
                thread.join()

    def to(self, path: str) -> str:
        """Return the address at the other end."""
        return urlsplit(self.url)._replace(path=path).geturl()


@pytest.mark.parametrize(("lost", "cut", "tries"), [(2, 0, 3), (0, 2, 3), (1, 1, 2)])
def test_what_breaks_on_the_way_is_one_hand_in(lesson: Lesson, lost: int, cut: int, tries: int) -> None:
    """An answer that is lost, and a body that is damaged: the same is sent again, and has one receipt."""
    lesson.work("ana")
    config, line = lesson.trainee("ana"), Line(lesson.served.url, lost, cut)
    with line.open() as url:
        config.AulaExchange.url = url
        do("Submit", config)
    assert line.asked == tries
    assert [path.name for path in (lesson.handed_in / "ana" / TASK).iterdir()] == ["0001"]
    assert len([*lesson.home("ana").rglob("receipts/*/*.json")]) == 1


def test_who_breaks_for_good_is_told(lesson: Lesson) -> None:
    """After the last try the reason is a sentence; what the service refuses is not tried again."""
    lesson.work("ana")
    config, line = lesson.trainee("ana"), Line(lesson.served.url, cut=9)
    with line.open() as url:
        config.AulaExchange.url = url
        with pytest.raises(ExchangeError, match="damaged on its way"):
            do("Submit", config)
        assert line.asked == 3
        line.cut = 0
        (lesson.home("ana") / "hpc-demo" / TASK / f"{TASK}.ipynb").write_text("none")
        with pytest.raises(ExchangeError, match="is not JSON"):
            do("Submit", config)
        assert line.asked == 4
    with pytest.raises(ExchangeError, match="does not answer: try again in a minute"):
        do("Submit", config)


def test_a_receipt_of_other_files_is_none(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was handed in is compared with what the service says that it has."""
    lesson.work("ana")
    monkeypatch.setattr(
        "aula_exchange.service._read", lambda body: body.close() or {"files": {}, "assignments": ASSIGNED}
    )
    with pytest.raises(ExchangeError, match="names other files"):
        do("Submit", lesson.trainee("ana"))
    assert not (lesson.home("ana") / "receipts").exists()


ASSIGNED = [{"name": TASK, "notebooks": [TASK], "submissions": [], "at_once": False}]


@pytest.mark.parametrize("what", ["address", "token", "other", "nonsense"])
def test_where_there_is_no_service_that_is_said(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, what: str, tmp_path: Path
) -> None:
    """No address, no token, another server, an answer that is none."""
    config = lesson.trainee("ana")
    said = "tell your instructor"
    if what == "address":
        config.AulaExchange.url = ""
    elif what == "token":
        monkeypatch.delenv("JUPYTERHUB_API_TOKEN")
        said = "JUPYTERHUB_API_TOKEN is not set"
    elif what == "other":
        config.AulaExchange.url = lesson.served.hub
        said = "404 Not Found"
    else:
        said = "cannot be read: try again"
        (tmp_path / "nonsense").write_text("<html>")
        monkeypatch.setattr("requests.Response.iter_content", lambda *_: [b"<html>"])
    with pytest.raises(ExchangeError, match=said):
        do("List", config)


def test_under_internal_tls_the_servers_certificate_is_shown(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's own authority is what counts, and nothing of the account's environment comes in between."""
    from aula_exchange.session import session

    lesson.be("ana")
    with session() as plain:
        assert (plain.cert, plain.verify, plain.trust_env) == (None, True, False)
    for name in ("CERTFILE", "KEYFILE", "CLIENT_CA"):
        monkeypatch.setenv(f"JUPYTERHUB_SSL_{name}", f"/dev/shm/{name}")  # noqa: S108  a name that nobody opens
    with session() as secured:
        assert (secured.cert, secured.verify) == (("/dev/shm/CERTFILE", "/dev/shm/KEYFILE"), "/dev/shm/CLIENT_CA")  # noqa: S108  likewise
        assert secured.headers["Authorization"] == "token token-of-ana"
