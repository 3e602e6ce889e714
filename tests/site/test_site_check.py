"""`aula site check` on a real site, as its operator runs it on the service node."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.errors import CommandError
from tests.classroom import Classroom

OnServiceNode = Callable[..., str]


def test_the_site_is_ready(classroom: Classroom, on_service_node: OnServiceNode) -> None:
    """Every check passes on a site on which the class runs, none is left out, and nothing is left behind."""
    here = classroom.settings
    said = on_service_node(
        *(str(here.environment("hub") / "bin" / "aula"), "site", "check", str(here.state / "site.yml")),
        *("--state", str(here.state), "--json"),
    )
    checks = json.loads(said)["checks"]
    # The test site has neither: its people have passwords, and the hub asks in each person's name.
    left_out = ["list of all jobs", "identity provider"]
    assert [check["name"] for check in checks if check["state"] != "ok"] == left_out, checks
    assert len(checks) == 28
    assert not [path for path in here.site.course_folder.iterdir() if path.name.startswith(".aula")]


def test_all_that_is_wrong_is_told_at_once(
    classroom: Classroom, on_service_node: OnServiceNode, tmp_path: Path
) -> None:
    """A wrong partition, account, address, folder and certificate are all in one report, each with its remedy."""
    here = classroom.settings
    document = json.loads((here.state / "site.yml").read_text())
    document["slurm"]["partitions"]["batch"] = "nights"
    document["service_node"]["address"] = f"{classroom.cluster.subnet}.99"
    document["folders"]["software"] = str(tmp_path / "software")
    document["public"]["address"] = "https://aula.example.org/"
    document["accounts"]["pool"].append("nobody-knows")
    wrong = tmp_path / "site.yml"
    wrong.write_text(json.dumps(document))
    with pytest.raises(CommandError) as refused:
        on_service_node(
            *(str(here.environment("hub") / "bin" / "aula"), "site", "check", str(wrong)),
            *("--state", str(here.state)),
        )
    told = str(refused.value)
    for name in ("accounts", "group", "partition nights", "course may submit", "node reaches hub", "certificate"):
        assert f"✗  {name}" in told, told
    assert "shared folders" in told
    assert "nobody-knows" in told
