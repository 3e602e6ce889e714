"""The peer of the spawn benchmark: a stock hub with batchspawner on the same cluster, for the same people.

Configured as batchspawner's own README does it, with a partition, a memory limit and where its programs are.
"""

import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.classroom import http
from deploy.command import run
from deploy.daemon import Daemon
from tests.classroom import Classroom

CONFIGURATION = Path(__file__).with_name("stock_jupyterhub_config.py")
# The hub knows nodes by their names: it gets the cluster's own list of them.
KNOW_NODES = 'mount --make-rprivate / && mount --bind "$1" /etc/hosts && shift && exec "$@"'


@dataclass(frozen=True)
class StockClass(Classroom):
    """The same people on the same cluster, behind a stock hub."""

    environment: Path
    port: int
    state: Path
    start_timeout: int

    @property
    def address(self) -> str:
        """Where the stock hub answers."""
        return f"http://127.0.0.1:{self.port}"

    def password(self, person: str) -> str:
        """Return a password: its authenticator takes any."""
        return person

    @property
    def hub(self) -> Daemon:
        """The hub's process, which starts its own proxy."""
        settings = self.settings
        proxy = settings.prefix / "proxy" / "node_modules" / "configurable-http-proxy" / "bin"
        values = {
            "port": self.port,
            "hub_ip": settings.head_address,
            "hub_port": self.port + 2,
            "proxy": [shutil.which("node"), str(proxy / "configurable-http-proxy")],
            "environment": str(self.environment),
            "partition": settings.site.slurm.interactive,
            "memory": settings.site.slurm.memory,
            "start_timeout": self.start_timeout,
            "state": str(self.state),
            "slurm": dict(settings.site.slurm.environment),
        }
        return Daemon(
            self.environment.name,
            settings.state,
            [
                *("unshare", "--mount", "sh", "-c", KNOW_NODES, "sh", settings.state / "slurm" / "hosts"),
                *(self.environment / "bin" / "jupyterhub", "-f", CONFIGURATION),
            ],
            env={**settings.site.slurm.environment, "STOCK": json.dumps(values)},
            cwd=self.state,
        )


@contextmanager
def stock_class(classroom: Classroom, name: str, port: int, start_timeout: int = 60) -> Iterator[StockClass]:
    """Run a stock hub from the environment `name`, which it also starts servers from, while the block lasts."""
    state = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=classroom.settings.state))
    peer = StockClass(
        classroom.settings, classroom.cluster, classroom.settings.environment(name), port, state, start_timeout
    )
    peer.hub.start(lambda: http.well(f"{peer.address}/hub/health"), within=60)
    try:
        yield peer
    finally:
        peer.hub.stop()
        shutil.rmtree(state)


def versions(environment: Path) -> dict[str, str]:
    """Return the versions of what matters in an environment."""
    wanted = ("jupyterhub", "batchspawner", "jupyterlab", "jupyter_server", "jsonschema", "nbgrader")
    folder = run([environment / "bin" / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    found = importlib.metadata.distributions(path=[folder.strip()])
    return {one.name: one.version for one in found if one.name.lower().replace("-", "_") in wanted}
