"""What a job on a node sees, and what the check of a site makes of it."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aula.site.check import node, probe
from aula.site.schema import Site


def test_a_node_answers_strictly() -> None:
    """A node's answer is taken only where every part is of its kind; all else is no answer."""
    good = {"node": "n1", "time": 1.5, "folders": {}, "python": "", "hub": "", "port": 4000, "home": True}
    good |= {"key": "made", "sandbox": "possible"}
    assert node.parse(json.dumps(good)) == good
    wrong: list[dict[str, object]] = [
        {"node": "a b"},
        {"node": 3},
        {"time": "now"},
        {"port": 0},
        {"port": True},
        {"folders": []},
        {"home": None},
        {"key": None},
        {"sandbox": None},
    ]
    assert [node.parse(json.dumps({**good, **change})) for change in wrong] == [None] * len(wrong)
    assert [node.parse(text) for text in ("", "[]", "{", "null", json.dumps({"node": "n1"}))] == [None] * 5


def test_the_probe_runs_with_any_python(tmp_path: Path) -> None:
    """What is sent to a node runs isolated, says what it sees, and ends when it was knocked at."""
    python = sys.executable
    words = ["/usr/bin/python3", "-I", probe.__file__, "127.0.0.1", "9", python, python, str(tmp_path), "/nowhere"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answer = node.parse(process.stdout.readline())
        assert answer is not None
        assert answer["folders"] == {str(tmp_path): True, "/nowhere": False}
        assert answer["hub"]
        assert answer["python"].startswith("Python 3")
        assert answer["key"] == "made"
        assert answer["sandbox"].startswith("error")  # there is nothing of ours in that Python
        socket.create_connection(("127.0.0.1", answer["port"])).close()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("on", "key", "state", "found"),
    [
        (True, "made", "ok", "keeps it in memory"),
        (True, "", "skipped", "not installed"),
        (True, "error: no memfd", "failed", "no memfd"),
        (False, "made", "skipped", "can be read"),
    ],
)
def test_a_nodes_part_of_internal_tls_is_tried(site: Site, on: bool, key: str, state: str, found: str) -> None:
    """A node on which no key can be made fails the check; where internal TLS is off, what that means is told."""
    ours = site.model_copy(update={"service_node": site.service_node.model_copy(update={"internal_tls": on})})
    outcome = node._encrypted(ours, "n1", key)
    assert outcome.state == state
    assert found in outcome.found


def test_the_sandbox_is_possible_here() -> None:
    """What the probe runs with the installed tools says so of this machine."""
    assert subprocess.check_output([sys.executable, "-c", probe.SANDBOX], text=True).strip() == "possible"


@pytest.mark.parametrize(("said", "state"), [("possible", "ok"), ("", "skipped"), ("cannot be graded here", "failed")])
def test_the_sandbox_of_grading_is_tried_on_a_node(said: str, state: str) -> None:
    """A node that permits no sandbox fails the check, with what it says; without an environment it is left out."""
    outcome = node._graded("n1", said)
    assert outcome.state == state
    assert state != "failed" or said in outcome.found
