"""The book's service gives out the book's files, tells browsers what they may keep, and nothing else."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from aula.web import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a small book, with things in and beside it that nobody may read."""
    book = tmp_path / "book"
    (book / "_static").mkdir(parents=True)
    (book / "index.html").write_text("<h1>Start</h1>", encoding="utf-8")
    (book / "_static/look.css").write_text("h1 {}", encoding="utf-8")
    (book / ".buildinfo").write_text("secret", encoding="utf-8")
    (tmp_path / "beside.txt").write_text("secret", encoding="utf-8")
    (book / "link.txt").symlink_to(tmp_path / "beside.txt")
    return book


class Reader:
    """A browser without a memory."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def get(self, path: str, **options: object) -> HTTPResponse:
        """Ask for a path, sent exactly as it is written."""
        return await AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{self.port}{path}", raise_error=False, follow_redirects=False, **options
        )


@pytest.fixture
async def reader(folder: Path) -> AsyncIterator[Reader]:
    """Return a reader of the small book, served by our service."""
    listening, port = bind_unused_port()
    server = HTTPServer(files.application(folder, "/services/book/"))
    server.add_sockets([listening])
    yield Reader(port)
    server.stop()
    await server.close_all_connections()


async def test_the_start_page_is_at_the_prefix(reader: Reader) -> None:
    """The prefix shows index.html, and the prefix without its slash leads there."""
    answer = await reader.get("/services/book/")
    assert (answer.code, answer.body) == (200, b"<h1>Start</h1>")
    bare = await reader.get("/services/book")
    assert (bare.code, bare.headers["Location"]) == (302, "/services/book/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/services/book/missing.html",
        "/services/book/_static/",
        "/services/book/.buildinfo",
        "/services/book/%2ebuildinfo",
        "/services/book/_static/../.buildinfo",
        "/services/book/../../beside.txt",
        "/services/book/%2e%2e/beside.txt",
        "/services/book/..%2fbeside.txt",
        "/services/book//etc/passwd",
        "/services/book/%00",
        "/services/book/link.txt",
    ],
)
async def test_nothing_but_the_book_is_given_out(reader: Reader, path: str) -> None:
    """Listings, dot files, links and paths out of the folder all get the page that leads back."""
    answer = await reader.get(path)
    assert answer.code == 404
    assert b"secret" not in answer.body
    assert b'href="/services/book/"' in answer.body


async def test_nothing_can_be_sent(reader: Reader) -> None:
    """The service only reads."""
    answer = await reader.get("/services/book/", method="POST", body="x")
    assert answer.code == 405


async def test_a_rebuilt_page_is_seen_at_once(reader: Reader, folder: Path) -> None:
    """A browser asks again for each page, gets 304 while it stays, and the new one after a build."""
    first = await reader.get("/services/book/")
    assert first.headers["Cache-Control"] == "no-cache"
    asking = {"If-None-Match": first.headers["Etag"]}
    assert (await reader.get("/services/book/", headers=asking)).code == 304
    fresh = folder / "fresh"
    fresh.write_text("<h1>Other</h1>", encoding="utf-8")  # as long as the old one
    os.replace(fresh, folder / "index.html")  # noqa: PTH105 - as a build does
    again = await reader.get("/services/book/", headers=asking)
    assert (again.code, again.body) == (200, b"<h1>Other</h1>")


async def test_what_bears_its_mark_is_kept(reader: Reader) -> None:
    """Styles and scripts whose address changes with their content are kept, the same without it not."""
    marked = await reader.get("/services/book/_static/look.css?v=1a2b")
    assert marked.headers["Cache-Control"] == "max-age=31536000"
    plain = await reader.get("/services/book/_static/look.css")
    assert plain.headers["Cache-Control"] == "no-cache"


async def test_a_missing_page_is_never_kept(reader: Reader) -> None:
    """A browser does not remember for a year that a page was missing during a build."""
    answer = await reader.get("/services/book/missing.css?v=1")
    assert "max-age" not in answer.headers.get("Cache-Control", "")


async def test_pages_may_load_nothing_from_elsewhere(reader: Reader) -> None:
    """Every answer, errors too, tells the browser to load nothing from other hosts and to guess no types."""
    for path in ("/services/book/", "/services/book/missing"):
        answer = await reader.get(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "http" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_taken_port_is_a_sentence(folder: Path) -> None:
    """A port that is taken ends the command with its number and a remedy, not a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(command(port, folder), capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_prefix_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prefix without its slashes would serve nothing; it is refused in words."""
    assert files.main(["--port", "1", "--directory", str(folder), "--prefix", "book"]) == 2
    assert "must start and end with a slash" in capsys.readouterr().err


def test_the_command_serves_until_it_is_told_to_end(folder: Path) -> None:
    """Started as deploy starts it, it answers, says when there is no book yet, and ends cleanly on SIGTERM."""
    (folder / "index.html").unlink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(command(port, folder), stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(port)
        finally:
            process.terminate()
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "holds no book yet: build it with `aula book`" in said


def command(port: int, folder: Path) -> list[str]:
    """Return the service's command line."""
    return [sys.executable, "-m", "aula.web.files", "--port", str(port), "--directory", str(folder)]


def wait_for(port: int) -> None:
    """Return once something listens on the port."""
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
