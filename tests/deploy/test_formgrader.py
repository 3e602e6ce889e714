"""What make up tells the formgrader of a course run."""

import sys
from string import Template

import pytest
from traitlets.config import Config

from aula.web.portal import formgraders
from deploy.classroom import services
from deploy.classroom.places import Place
from deploy.classroom.run import TEMPLATES
from deploy.settings import Settings


def test_what_was_handed_in_is_graded_by_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the buttons stands a command that grades on the site's partition: never where formgrader runs."""
    text = (TEMPLATES / "service_jupyter_server_config.py.in").read_text()
    values = {"code": "/code", "aula": "/bin/aula", "run": "hpc-1", "folder": "/runs/hpc-1", "partition": "long"}
    values |= {"handed_in": "/handed-in", "given": "/given"}
    monkeypatch.setattr(sys, "path", [*sys.path])
    config = Config()
    exec(Template(text).substitute(values), {"get_config": lambda: config})  # noqa: S102  ours
    words = " ".join(config.AulaFormgrader.words)
    assert words == "setpriv --pdeathsig TERM /bin/aula grade --run hpc-1 --on slurm --partition long -- /runs/hpc-1"
    words = " ".join(config.AulaFormgrader.glance)
    assert words == "/bin/aula class --json --run hpc-1 --handed-in /handed-in/hpc-1 --given /given/hpc-1 /runs/hpc-1"
    assert "/handed-in/hpc-1/hand_ins.jsonl" in config.AulaFormgrader.watched


def test_each_formgrader_has_a_key_of_its_own_for_the_portal(settings: Settings) -> None:
    """It is the key that the portal makes of its secret; another run's is another, and the secret is the portal's."""
    secret = services.portal(settings).env["AULA_FORMGRADERS_SECRET"]
    assert services.portal_key(settings, "hpc-1") == formgraders.key(secret, "hpc-1")
    assert services.portal_key(settings, "hpc-2") != services.portal_key(settings, "hpc-1")
    settings.code.mkdir(parents=True)
    for part in services.PARTS:
        (settings.code / f".{part}").write_text("a hash")
    env = services.formgrader(settings, Place("hpc-1", 1, "nobody")).env
    assert env["AULA_PORTAL_KEY"] == services.portal_key(settings, "hpc-1")
    assert secret not in env.values()
