"""The button Autograde of formgrader, as make up configures it."""

import asyncio
import json
import sys
from pathlib import Path
from string import Template
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.server_extensions.formgrader import apihandlers, base
from traitlets.config import Config

from deploy.classroom.run import TEMPLATES

TEMPLATE = TEMPLATES / "service_jupyter_server_config.py.in"
COMMAND = f"""#!{sys.executable}
import sys, time
time.sleep(0.5)
print(*sys.argv[1:])
sys.exit("dora" in sys.argv)
"""


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What formgrader asks to grade, where `aula` takes half a second, and fails for dora."""
    command = tmp_path / "aula"
    command.write_text(COMMAND)
    command.chmod(0o755)
    values = {"aula": str(command), "run": "hpc-1", "folder": "/runs/hpc-1", "partition": "batch"}
    for where, name in ((base, "NbGraderAPI"), (apihandlers.AutogradeHandler, "post")):
        monkeypatch.setattr(where, name, getattr(where, name))
    exec(Template(TEMPLATE.read_text()).substitute(values), {"get_config": Config})  # noqa: S102  ours
    return object.__new__(base.NbGraderAPI)


def answer(api: Any, student: str, heard: list[str]) -> Any:
    """Press the button; return what comes to the page once it is graded."""
    page = SimpleNamespace(current_user="ines", xsrf_token="", settings={"nbgrader_bad_setup": False}, api=api)
    page.write = heard.append
    return apihandlers.AutogradeHandler.post(page, "sums", student)


def test_it_grades_on_the_sites_partition(api: Any) -> None:
    """Submitted code never runs where formgrader does; what was said is the log, and the error of what failed."""
    told = "grade --run hpc-1 --on slurm --partition batch -- /runs/hpc-1 sums"
    assert api.autograde("sums", "ana") == {"success": True, "log": f"{told} ana\n"}
    assert api.autograde("sums", "dora") == {"success": False, "log": f"{told} dora\n", "error": f"{told} dora\n"}


def test_others_are_answered_meanwhile(api: Any) -> None:
    """While one waits in Slurm's queue, formgrader goes on."""
    heard: list[str] = []

    async def both() -> None:
        waiting = asyncio.ensure_future(answer(api, "ana", heard))
        await asyncio.sleep(0.1)
        heard.append("somebody else's page")
        await waiting

    asyncio.run(both())
    assert heard[0] == "somebody else's page"
    assert json.loads(heard[1])["success"]
