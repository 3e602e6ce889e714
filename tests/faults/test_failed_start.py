"""A server that cannot start on the real cluster: who waits reads why within seconds, with the end of its log."""

import json
import time

import requests

from deploy.classroom import run
from tests.classroom import Classroom
from tests.integration.person import alone

MISTAKE = "\nc.ServerApp.port = 'the wrong port'\n"


def test_who_waits_reads_why_and_the_end_of_the_log(classroom: Classroom) -> None:
    """A mistake in the site's configuration ends the job; its words are there within 10 s, and no job is left."""
    configuration = run.jupyter(classroom.settings) / "jupyter_server_config.py"
    right = configuration.read_text()
    with alone(classroom, "deniz") as deniz:
        configuration.write_text(right + MISTAKE)
        try:
            began = time.monotonic()
            assert deniz.api("POST", f"users/{deniz.name}/server").status_code in (201, 202)
            address = f"{deniz.hub}/api/users/{deniz.name}/server/progress"
            headers = {"Authorization": f"token {deniz.token}"}
            answer = requests.get(address, headers=headers, timeout=60)
            took = time.monotonic() - began
        finally:
            configuration.write_text(right)
        event = json.loads([line[5:] for line in answer.text.splitlines() if line.startswith("data:")][-1])
        said, _, log = event["message"].partition("\n\n")
        assert event["failed"]
        assert "before JupyterLab was ready" in said
        assert "the wrong port" in log
        assert deniz.token not in log
        assert took < 20
        assert deniz.jobs() == []
        assert deniz.start()["ready"]
