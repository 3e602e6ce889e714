"""A person's JupyterLab as make up configures it, without a hub before it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

from tornado.testing import bind_unused_port

from deploy.classroom.run import TEMPLATES
from deploy.settings import CHECKOUT
from tests.aula.web.aula_exchange.lesson import Lesson

LONGEST_S = 60


@contextmanager
def jupyterlab(lesson: Lesson, who: str, language: str) -> Iterator[str]:
    """Run somebody's server in their language; give its address."""
    home, code = lesson.home(who), lesson.top / "code"
    code.mkdir()
    (code / "aula_exchange").symlink_to(CHECKOUT / "aula" / "web" / "aula_exchange")
    folder = home / ".jupyter"
    for name in ("labconfig", "jupyter_server_config.d"):
        (folder / name).mkdir(parents=True)
    (folder / "migrated").touch()
    for name in ("jupyter_server_config.py", "nbgrader_config.py"):
        text = Template((TEMPLATES / f"user_{name}.in").read_text())
        (folder / name).write_text(text.substitute(code=str(code), hand_in=lesson.served.url))
    (folder / "labconfig" / "page_config.json").write_text((TEMPLATES / "user_page_config.json").read_text())
    (folder / "jupyter_server_config.d" / "extensions.json").write_text(
        (TEMPLATES / "user_extensions.json").read_text()
    )
    speaks = {"@jupyterlab/translation-extension:plugin": {"locale": language}}
    (folder / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(speaks))
    job = lesson.top / "job" / "jupyter_server_config.json"  # as the spawner adds its own extensions for the page
    job.parent.mkdir()
    more = {"ServerApp": {"jpserver_extensions": {"jupyterlab": True}}}
    job.write_text(json.dumps({**more, "LabApp": {"extra_labextensions_path": [str(lesson.top / "spawners")]}}))
    sock, port = bind_unused_port()
    sock.close()
    environment = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(folder),
        "JUPYTER_CONFIG_PATH": f"{job.parent}:{folder}",
        "JUPYTERHUB_API_URL": lesson.served.hub,
        "JUPYTERHUB_USER": who,
        "JUPYTERHUB_API_TOKEN": f"token-of-{who}",
    }
    words = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
    ]
    with (lesson.top / "server.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *words]
        server = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    try:
        _answers(port, server, lesson.top / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
