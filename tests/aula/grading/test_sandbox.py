"""The sandbox as the supervisor uses it: what it gives to students, and what it takes from them."""

import shutil
import socket
import time
from pathlib import Path

import pytest

from aula.grading import bubble
from aula.grading.errors import EndedError, NonsenseError, SandboxError, SlowError
from aula.grading.inside import frames
from aula.grading.limits import Limits
from aula.grading.sandbox import possible, sandbox
from tests.aula.grading.conftest import Begin
from tests.aula.grading.said import WAITS_S, run, said

SENDING = """
import os, socket, struct, time
def framed(text):
    return struct.pack(">I", len(text)) + text
for number in range(3, 40):
    try:
        one = socket.socket(fileno=os.dup(number))
        name = one.getsockname(), one.type
    except OSError:
        continue
    try:
        one.setblocking(True)
        one.send(MESSAGE)
    except OSError:
        pass
time.sleep(60)
"""
NONSENSE = {
    "garbage": "b'\\xff' * 100_000",
    "no JSON": "framed(b'hello')",
    "no object": "framed(b'[]')",
    "no text": "framed(b'\\xff\\xff')",
    "too large": "struct.pack('>I', 2**32 - 1)",
    "deep": "framed(b'[' * 100_000)",
    "rather deep": "framed(b'{\"a\":' + b'[' * 60 + b']' * 60 + b'}')",
    "no number": "framed(b'{\"a\": NaN}')",
    "parts": "framed(b'{\"parts\": [1]}') + b'x'",
    "a great many parts": "framed(b'{\"parts\": [4000000000]}')",
}


@pytest.mark.parametrize("attack", NONSENSE)
def test_nonsense_is_refused(begin: Begin, attack: str) -> None:
    """A message that is none, too large or nested too deep is refused, and its sender killed."""
    student = begin()
    with pytest.raises(NonsenseError, match="cannot be used"):
        run(student, SENDING.replace("MESSAGE", NONSENSE[attack]))
    with pytest.raises(EndedError):
        run(student, "1")


def test_an_answer_that_trickles_is_too_slow(begin: Begin) -> None:
    """A student that sends one byte after the other has no more time than others."""
    student = begin()
    started = time.monotonic()
    trickling = SENDING.replace("one.send(MESSAGE)", "one.send(struct.pack('>I', 1000))").replace(
        "time.sleep(60)", "while True:\n    time.sleep(0.05)\n    CONTROL.send(b'x')"
    )
    trickling = trickling.replace("for number", "CONTROL = None\nfor number").replace(
        "    except OSError:\n        pass", "        CONTROL = CONTROL or one\n    except OSError:\n        pass"
    )
    with pytest.raises(SlowError):
        run(student, trickling, 1.0)
    assert time.monotonic() - started < 25


def test_a_student_has_copies_of_the_given_files(begin: Begin, tmp_path: Path) -> None:
    """Real files come, in folders too; links do not; what a student writes stays in its box."""
    tmp_path.chmod(0o755)  # as root, the sandbox is another account's
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1\n")
    (tmp_path / "link").symlink_to("/etc/hostname")
    shown = said(begin(tmp_path), "!find . -type f; cat data/a.csv; echo 2 > data/a.csv; ls -a | wc -l")
    assert shown.split() == ["./data/a.csv", "1", "3"]
    assert (tmp_path / "data" / "a.csv").read_text() == "1\n"


def test_too_many_given_files_are_an_error(begin: Begin, tmp_path: Path) -> None:
    """Files that a student could not hold are the author's mistake, and told as such."""
    (tmp_path / "large").write_bytes(bytes(2_000_000))
    (tmp_path / "large").chmod(0o644)
    tmp_path.chmod(0o755)
    with pytest.raises(SandboxError, match="larger than a submission's may be"):
        begin(tmp_path, Limits(file_mb=1))


def test_the_line_is_given(python: Path) -> None:
    """A judge at the other end of the line is answered with what the cells have bound, between them."""
    ours, theirs = socket.socketpair()
    with ours, sandbox(python, [], "student") as students, students.student(None, Limits(), theirs, 0) as student:
        ours.settimeout(WAITS_S)
        run(student, "x = 41")
        frames.send(ours, {"do": "name", "name": "x"})
        assert frames.receive(ours, 1000)[0]["ok"] == 41
        assert said(student, "print(x + 1)") == "42\n"
    assert theirs.fileno() == -1  # so that whoever holds the other end sees when the student has gone


LOADED = "import sys; print({'pandas', 'stack_data', 'PIL.JpegImagePlugin'} <= {*sys.modules})"


def test_imports_are_paid_once(begin: Begin) -> None:
    """A student begins quickly, with pandas loaded and what shows errors and figures."""
    begin()
    started = time.monotonic()
    for _ in range(5):
        student = begin()
        assert said(student, LOADED) == "True\n"
        student.kill()
    assert time.monotonic() - started < 5  # about 0.04 s each on a machine that does nothing else


def test_students_end_with_their_sandbox(python: Path) -> None:
    """When the block ends all students end, and a new one is refused in words."""
    line, other = socket.socketpair()
    with line, sandbox(python, [], "student") as students:
        student = students.student(None, Limits(), other, 0)
    with pytest.raises(EndedError):
        run(student, "1")
    student.kill()
    with pytest.raises(SandboxError, match="the sandbox has ended"):
        students.judge(Limits(), socket.socket(), 0)


def test_without_a_nested_proc_there_is_none(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel refuses a /proc of the box's own, the zygote's is not shown instead, and the box says so."""
    inside = tmp_path / "inside"
    shutil.copytree(bubble.INSIDE, inside)
    text = (inside / "box.py").read_text()
    refusing = text.replace('system.mount("proc", "/proc"', 'raise PermissionError("/proc"')
    assert refusing != text
    (inside / "box.py").write_text(refusing)
    monkeypatch.setattr(bubble, "INSIDE", inside)
    ours, theirs = socket.socketpair()
    with ours, sandbox(python, [], "student") as students, students.student(None, Limits(), theirs, 0) as student:
        assert not student.has_proc
        assert said(student, "import os; print(os.listdir('/proc'))") == "[]\n"


def test_this_machine_permits_it() -> None:
    """Whoever tests this can grade: nothing is to be asked for."""
    assert possible() == ""


def test_what_a_machine_forbids_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap, or where it may not make namespaces, the words say what to ask for."""
    monkeypatch.setattr(bubble, "BWRAP", "no-such-program")
    assert "install the package bubblewrap" in possible()
    monkeypatch.setattr(bubble, "BWRAP", "false")
    assert possible().startswith("Submissions cannot be graded here. ")


def test_an_environment_in_a_private_folder_is_refused() -> None:
    """An interpreter below /tmp, which the sandbox has for itself, is refused with the remedy."""
    with pytest.raises(SandboxError, match="move the environment"):
        bubble.command(Path(bubble.PRIVATE, "env/bin/python"), bubble.INSIDE, [])
