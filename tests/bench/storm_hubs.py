"""The hubs of the storm benchmark: ours with our configuration, and a stock one, each with a stand-in for Slurm."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from aula.people import accounts, enrolments, persons, runs
from deploy.errors import DeployError
from tests.spawners.class_double import make_class
from tests.spawners.hub_double import ADMIN_TOKEN, ROOT, free_port, settings_document

LIMIT_S = 300
COMMANDS = ("sudo", "sbatch", "squeue", "scontrol", "scancel", "sinfo")
# A job runs as soon as it is submitted. What it would tell the hub is done by whoever reads its token.
STAND_IN = """#!/bin/sh
case $0 in
*/sudo) shift 3; exec "$@" ;;
*/sbatch)
    cat >/dev/null
    echo "$$|RUNNING|node1|interactive|1|2026-01-01T00:00:00|None" >>{folder}/listing
    echo "$JUPYTERHUB_API_TOKEN" >>{folder}/tokens
    echo $$ ;;
*/squeue)
    case "$*" in
    *--format=*) cat {folder}/listing ;;
    *) echo "RUNNING 127.0.0.1" ;;
    esac ;;
*/scontrol) echo "NodeName=node1 NodeAddr=127.0.0.1" ;;
esac
"""
COMMON = """
import sys
sys.path.insert(0, {tests!r})
from no_proxy import NoProxy
c = get_config()
{own}
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.services = [{{"name": "tester", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "tester", "scopes": ["admin:users", "admin:servers"], "services": ["tester"]}}
]
"""
OURS = """
from hub_config.apply import apply
from hub_config.settings import load_from_environment
apply(c, load_from_environment())
c.AulaSpawner.sudo = {folder!r} + "/sudo"
c.AulaSpawner.slurm_bin = {folder!r}
c.AulaSpawner.start_timeout = c.AulaSpawner.http_timeout = {limit}
"""
# batchspawner looks each person up among the machine's accounts; nobody there is in this crowd.
STOCK = """
import pwd
import batchspawner
nobody = pwd.getpwnam("nobody")
pwd.getpwnam = lambda name: nobody
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{port}/"
c.JupyterHub.db_url = "sqlite:///{folder}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "batchspawner.SlurmSpawner"
c.SlurmSpawner.exec_prefix = "{folder}/sudo -E -u {{username}}"
c.SlurmSpawner.batch_submit_cmd = "{folder}/sbatch --parsable"
c.SlurmSpawner.batch_query_cmd = "{folder}/squeue -h -j {{job_id}} -o '%T %B'"
c.SlurmSpawner.batch_cancel_cmd = "{folder}/scancel {{job_id}}"
c.SlurmSpawner.start_timeout = c.SlurmSpawner.http_timeout = {limit}
"""
UNLIMITED = STOCK + "c.JupyterHub.concurrent_spawn_limit = 0\n"


@dataclass(frozen=True)
class Kind:
    """How a hub is configured, and where its jobs tell their port."""

    config: str
    callback: str


KINDS = {
    "aula": Kind(OURS, "aula/port"),
    "stock": Kind(STOCK, "batchspawner"),
    "stock-unlimited": Kind(UNLIMITED, "batchspawner"),
}


@dataclass(frozen=True)
class Hub:
    """A hub that runs."""

    url: str
    folder: Path
    callback: str


@contextmanager
def running(kind: Kind, people: list[str], folder: Path) -> Iterator[Hub]:
    """Run a hub that knows these people, with a Slurm on which everything goes at once."""
    _stand_in(folder)
    port = free_port()
    document = settings_document(folder, port)
    (folder / "settings.json").write_text(json.dumps(document))
    own = kind.config.format(folder=str(folder), port=port, limit=LIMIT_S)
    text = COMMON.format(tests=str(ROOT / "tests" / "spawners"), own=own, token=ADMIN_TOKEN)
    (folder / "config.py").write_text(text)
    if kind.config is OURS:
        _enrol(document["people_database"], people)
    variables = {"AULA_HUB_SETTINGS": str(folder / "settings.json"), "PYTHONPATH": f"{ROOT}:{ROOT}/spawners"}
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(folder / "config.py")],
            env={**os.environ, **variables},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        hub = Hub(f"http://127.0.0.1:{port}/hub/api", folder, kind.callback)
        _wait_for(hub, process)
        headers = {"Authorization": f"token {ADMIN_TOKEN}"}
        requests.post(f"{hub.url}/users", json={"usernames": people}, headers=headers, timeout=60).raise_for_status()
        yield hub
    finally:
        process.kill()
        process.wait()


def _stand_in(folder: Path) -> None:
    for name in ("listing", "tokens"):
        (folder / name).touch()
    for name in COMMANDS:
        path = folder / name
        path.write_text(STAND_IN.format(folder=folder))
        path.chmod(0o755)


def _enrol(address: str, people: list[str]) -> None:
    database = make_class(address)
    with database.session() as session:
        run = runs.get(session, "hpc-demo")
        for name in people:
            person = persons.add(session, name, name.title())
            accounts.adopt(session, person, name)
            enrolments.enrol(session, run, person, role="trainee")
    database.close()


def _wait_for(hub: Hub, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        with suppress(requests.ConnectionError):
            if requests.get(f"{hub.url}/", timeout=5).ok:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise DeployError((hub.folder / "hub.log").read_text()[-3000:])
