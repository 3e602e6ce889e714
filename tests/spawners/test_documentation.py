"""What the spawner's own page tells a centre to write is what JupyterHub, sudo and the package take."""

import re
from contextlib import suppress
from pathlib import Path

from aula_spawner import KEPT_ENVIRONMENT, singleuser
from aula_spawner.cluster import Cluster
from aula_spawner.errors import SlurmError
from aula_spawner.profiles import checked_profiles
from aula_spawner.slurm.squeue import FORMAT
from aula_spawner.spawner import AulaSpawner
from jupyterhub.app import JupyterHub
from traitlets.config import PyFileConfigLoader

from tests.spawners.slurm_double import SlurmDouble

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book/guides/spawner.md").read_text(encoding="utf-8")
CLASSES = {"JupyterHub": JupyterHub, "Spawner": AulaSpawner, "AulaSpawner": AulaSpawner}


def test_the_configuration_on_the_page_is_taken(tmp_path: Path) -> None:
    """Every line of the page's jupyterhub_config.py names a setting that there is, and gives it a value it takes."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4
    (tmp_path / "jupyterhub_config.py").write_text("\n".join(blocks), encoding="utf-8")
    config = PyFileConfigLoader("jupyterhub_config.py", path=str(tmp_path)).load_config()
    for section, values in config.items():
        assert set(values) <= set(CLASSES[section].class_traits(config=True)), section
    assert JupyterHub(config=config).spawner_class is AulaSpawner
    spawner = AulaSpawner(config=config, user=None)
    assert (spawner.memory, spawner.start_timeout, spawner.default_url) == ("2G", 600, "/lab")
    assert [one.name for one in checked_profiles(spawner.profiles)] == ["usual", "big", "gpu"]
    spawner.pre_spawn_hook(spawner)
    assert spawner.unix_account == "train07"


async def test_the_sudo_rules_on_the_page_are_enough(tmp_path: Path) -> None:
    """The rule permits each command that the spawner runs in a person's name, and keeps the variables it sends."""
    slurm = SlurmDouble(tmp_path / "slurm")
    cluster = Cluster(str(slurm.folder), f"{slurm.folder}/sudo", "", 10.0)
    number = await cluster.submit("ana", "#SBATCH --job-name=jupyter-0123456789ab\n", {})
    await cluster.jobs("ana")
    await cluster.comment("ana", number, "ready")
    await cluster.cancel("ana", number)
    with suppress(SlurmError):  # the double keeps no accounts
        await cluster.core_seconds("ana")
    used = {Path(call[3]).name for call in slurm.calls("sudo")}
    permitted = re.search(r"ALL=\(%trainees\) NOPASSWD: (.+)", PAGE)
    assert permitted
    assert {f"/usr/bin/{name}" for name in used} == set(permitted[1].split(", "))
    assert f'env_keep = "{KEPT_ENVIRONMENT}"' in PAGE


def test_what_the_page_copies_to_the_nodes_is_all_that_a_job_starts() -> None:
    """The page's line copies the file that starts a server, and what it expects beside it."""
    copied = re.search(r"^cp -r (.+) /opt/jupyter/share/$", PAGE, re.MULTILINE)
    assert copied
    assert {ROOT / name for name in copied[1].split()} == {
        *(Path(singleuser.__file__), singleuser.CREDENTIALS, singleuser.SERVER)
    }


def test_the_list_of_all_jobs_is_the_one_that_is_read() -> None:
    """The page's program prints the fields that the watcher reads."""
    assert f"--format='{FORMAT}'" in PAGE
