"""`aula preview` as a command: what it refuses, and how it ends."""

import os
import signal
import socket
import tempfile
import time
from pathlib import Path

import pytest

from aula import cli
from aula.preview import server
from tests.aula.preview.running import running


def run(small: Path, *words: str) -> int:
    """Run the command in the checkout of the small course."""
    return cli.main(["--root", str(small.parents[1]), "preview", *words])


def test_a_port_that_cannot_be_had_is_told(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that somebody holds, and a number that is none, end with 1 and the remedy."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        assert run(small, "--port", port) == 1
        assert f"port {port} cannot be used" in capsys.readouterr().err
    assert run(small, "--port", "70000") == 1
    assert "leave it away for a free one" in capsys.readouterr().err


def test_a_misspelt_course_is_told(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest course is named."""
    assert run(small, "smal") == 1
    assert "did you mean 'small'?" in capsys.readouterr().err


def test_ctrl_c_is_how_it_ends(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its author is told of no mistake."""

    async def serve(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "serve", serve)
    assert run(small) == 0
    assert capsys.readouterr().err == ""


def test_it_ends_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves no process and no folder behind."""
    scratch = Path(tempfile.mkdtemp())  # a short path, for sockets
    monkeypatch.setenv("TMPDIR", str(scratch))
    with running(tmp_path / "checkout") as preview:
        preview.see("courses/small/lessons/01-hello.html", "twice: 6 a,b")
        assert started(scratch)
        os.kill(preview.process, signal.SIGINT)
    scratch.rmdir()  # it is empty
    end = time.monotonic() + 10
    while left := started(scratch):
        assert time.monotonic() < end, left
        time.sleep(0.1)


def started(scratch: Path) -> list[str]:
    """Return the processes that have this folder for what is temporary."""
    wanted = f"TMPDIR={scratch}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (place / "environ").read_bytes().split(b"\0"):
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found
