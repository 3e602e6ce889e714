"""What runs inside the job: its environment, its port and its patience with the hub."""

import importlib.util
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aula_spawner import singleuser

GIVEN = {
    "AULA_JOB_FOLDER": "/scratch/aula-12-x",
    "AULA_KEPT_FOLDER": "/home/ana/.aula",
    "AULA_JUPYTER_CONFIG_DIR": "/srv/jupyter",
    "HOME": "/home/ana",
    "USER": "ana",
    "SLURM_CONF": "/srv/slurm.conf",
    "SLURM_JOB_ID": "12",
    "JUPYTERHUB_API_TOKEN": "secret",
}


@pytest.mark.parametrize(
    "name",
    ["PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "BASH_ENV", "ENV", "LD_PRELOAD", "SUDO_USER", "JUPYTER_PATH",
     "JUPYTER_PREFER_ENV_PATH", "SLURM_JOB_ID", "SLURM_MEM_PER_NODE", "SBATCH_ACCOUNT", "IPYTHONDIR", "https_proxy"],
)  # fmt: skip
def test_only_named_variables_reach_the_server(name: str) -> None:
    """What could change Python, the shell, Jupyter or Slurm's idea of the job does not come through."""
    environment = singleuser.clean_environment({**GIVEN, name: "evil"}, "/opt/env")
    assert name not in environment or environment[name] != "evil"


def test_the_site_decides_and_settings_persist() -> None:
    """Configuration comes from the site, run-time files go to the job's folder, Lab's settings to the home."""
    environment = singleuser.clean_environment({**GIVEN, "JUPYTER_CONFIG_DIR": "/home/ana/evil"}, "/opt/env")
    assert environment["JUPYTER_CONFIG_DIR"] == "/srv/jupyter"
    assert environment["JUPYTER_CONFIG_PATH"] == f"{GIVEN['AULA_JOB_FOLDER']}/config:/srv/jupyter"
    assert environment["JUPYTER_DATA_DIR"] == "/scratch/aula-12-x/data"
    assert environment["JUPYTERLAB_SETTINGS_DIR"] == "/home/ana/.aula/lab-settings"
    assert environment["PATH"].split(":")[0] == "/opt/env/bin"
    assert environment["SLURM_CONF"] == "/srv/slurm.conf"
    assert environment["JUPYTERHUB_API_TOKEN"] == "secret"


def test_kernels_come_from_the_site() -> None:
    """The site's folders of kernels are searched first; without any, none that the environment names is searched."""
    site = {**GIVEN, "AULA_KERNEL_PATHS": "/srv/kernels/hpc-demo:/srv/kernels/two", "JUPYTER_PATH": "/home/ana/evil"}
    assert singleuser.clean_environment(site, "/opt/env")["JUPYTER_PATH"] == "/srv/kernels/hpc-demo:/srv/kernels/two"
    assert "JUPYTER_PATH" not in singleuser.clean_environment({**GIVEN, "JUPYTER_PATH": "/home/ana/evil"}, "/opt/env")


def test_the_server_has_our_extensions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter finds the extensions of the server and of the page, beside what the site itself has enabled."""
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyterlab_server.config import get_federated_extensions

    monkeypatch.setattr(sys, "path", [place for place in sys.path if place != str(singleuser.SERVER)])
    site, job = tmp_path / "site", tmp_path / "job"
    (site / "jupyter_server_config.d").mkdir(parents=True)
    enabled = {"ServerApp": {"jpserver_extensions": {"jupyterlab": True}}}
    (site / "jupyter_server_config.d" / "lab.json").write_text(json.dumps(enabled))
    singleuser.add_our_extensions(job)
    manager = ExtensionConfigManager(read_config_path=[str(site), str(job)])
    ours = {"aula_lifetime": True, "aula_versions": True}
    assert manager.get_jpserver_extensions() == {"jupyterlab": True, **ours}
    assert all(f"{singleuser.SERVER}/" in (importlib.util.find_spec(name).origin or "") for name in ours)
    said = json.loads((job / "jupyter_server_config.json").read_text())
    found = get_federated_extensions(said["LabApp"]["extra_labextensions_path"])
    for name in ("lifetime", "versions"):
        load = found[f"aula-{name}"]["jupyterlab"]["_build"]["load"]
        assert f"aula/{name}" in (singleuser.SERVER / "labextensions" / f"aula-{name}" / load).read_text()
    assert "aula-figures" in found


def test_a_home_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    """JupyterLab opens the job's own folder where there is no home folder."""
    given = {**GIVEN, "HOME": str(tmp_path / "missing")}
    assert singleuser.clean_environment(given, "/opt/env")["JUPYTERHUB_ROOT_DIR"] == "/scratch/aula-12-x"


def test_a_port_is_open_from_the_beginning() -> None:
    """Nobody can take the port before the server listens, not even who would share it; who comes early waits."""
    listener, port = singleuser.open_port()
    with listener, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("", port))
        with socket.create_connection(("127.0.0.1", port), timeout=5), listener.accept()[0] as early:
            assert early.getsockname()[1] == port


def test_lessons_are_waited_for() -> None:
    """What the batch script still copies is waited for; where there is nothing, nothing is."""
    copying = subprocess.Popen(["/bin/sleep", "0.3"])
    began = time.monotonic()
    singleuser.wait_for_lessons(str(copying.pid))
    assert time.monotonic() - began > 0.2
    copying.returncode = 0  # it was waited for already
    for pid in (str(copying.pid), ""):
        singleuser.wait_for_lessons(pid)


def test_the_port_enters_the_address() -> None:
    """Only the port of the address changes."""
    assert singleuser.service_address("http://0.0.0.0:0/user/ana/", 2000) == "http://0.0.0.0:2000/user/ana/"


class _Hub(BaseHTTPRequestHandler):
    """Answers with the prepared statuses, one after the other; 0 closes the connection without an answer."""

    statuses: list[int] = []  # noqa: RUF012  each test sets its own
    seen: list[tuple[str, str, object]] = []  # noqa: RUF012  likewise

    def do_POST(self) -> None:
        """Note what came and answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers["Authorization"], body))
        status = self.statuses.pop(0)
        if status:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"message": "because"}).encode())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a hub whose answers the test prepares."""
    monkeypatch.setattr(_Hub, "seen", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_hub_is_told(hub: str) -> None:
    """One integer goes to the hub with the server's token, in a header."""
    _Hub.statuses = [200]
    singleuser.tell_hub(hub, "secret", 2000)
    assert _Hub.seen == [("/aula/port", "token secret", {"port": 2000})]


def test_a_hub_that_comes_back_is_told(hub: str) -> None:
    """A hub that breaks off or is not ready is asked again."""
    _Hub.statuses = [503, 0, 200]
    singleuser.tell_hub(hub, "secret", 2000)
    assert len(_Hub.seen) == 3


def test_a_refusal_ends_the_start(hub: str) -> None:
    """A plain refusal is not repeated; its reason is told."""
    _Hub.statuses = [400]
    with pytest.raises(singleuser.CannotStartError, match="because"):
        singleuser.tell_hub(hub, "secret", 2000)


def test_a_refusal_after_a_lost_answer_goes_on(hub: str) -> None:
    """If an answer was lost, or the hub failed over it, "already reported" means that the hub knows the port."""
    for trouble in (0, 500):
        _Hub.statuses = [trouble, 400]
        singleuser.tell_hub(hub, "secret", 2000)


def test_patience_has_an_end() -> None:
    """A hub that never comes back ends the job with a sentence instead of holding the node."""
    with pytest.raises(singleuser.CannotStartError, match="did not answer"):
        singleuser.tell_hub("http://127.0.0.1:9", "secret", 2000, longest_wait=0.3)


def test_the_end_of_the_log_goes_to_the_hub(hub: str, tmp_path: Path) -> None:
    """Who waits gets the last lines, in which the server's token is not; a hub that does not care ends nothing."""
    log = tmp_path / "server.log"
    log.write_text("x" * 10_000 + "\nGET /user/ana?token=secret\nOSError: no space left\n")
    _Hub.statuses = [200, 400, 0]
    for _ in range(3):
        singleuser.tell_failure(hub, "secret", log)
    path, token, body = _Hub.seen[0]
    assert (path, token) == ("/aula/failure", "token secret")
    assert isinstance(body, dict)
    assert body["log"].endswith("?token=…\nOSError: no space left\n")
    assert len(body["log"]) <= singleuser.MOST_LOG


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ("raise RuntimeError('no such extension')", "no such extension"),
        ("print('the configuration is wrong', flush=True); sys.exit(1)", "the configuration is wrong"),
        ("sys.exit(0)", None),
        ("sys.exit(143)", None),
    ],
)
def test_a_server_that_cannot_start_says_why(hub: str, tmp_path: Path, server: str, told: str | None) -> None:
    """The hub hears of an error, with what the log says of it; of an ordinary end it hears nothing."""
    script = tmp_path / "singleuser.py"
    shutil.copy(singleuser.__file__, script)
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "aula_labserver.py").write_text(
        f"import sys\ndef serve(listener, tell, certified):\n    tell()\n    {server}\n"
    )
    folders = {name: tmp_path / name for name in ("job", "kept")}
    for folder in folders.values():
        folder.mkdir()
    given = {
        **GIVEN,
        "AULA_JOB_FOLDER": str(folders["job"]),
        "AULA_KEPT_FOLDER": str(folders["kept"]),
        "JUPYTERHUB_API_URL": hub,
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:0/user/ana/",
    }
    _Hub.statuses = [200, 200]
    with (folders["kept"] / "server.log").open("w") as log:
        subprocess.run([sys.executable, "-I", script], env=given, stdout=log, stderr=log, check=False, timeout=60)
    heard = [body for path, _, body in _Hub.seen if path == "/aula/failure"]
    assert len(heard) == (told is not None)
    assert all(isinstance(body, dict) and told in body["log"] for body in heard)


def test_jupyterlab_begins_in_the_owners_language_and_lets_them_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JupyterLab's own settings take the language as a default, and the owner's choice before it."""
    from jupyterlab_server.settings_utils import get_settings

    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [])
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "site"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", f"{tmp_path}/config:{tmp_path}/site")
    site = tmp_path / "site" / "labconfig"
    site.mkdir(parents=True)
    theme = {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}}
    (site / "default_setting_overrides.json").write_text(json.dumps(theme))
    singleuser.start_in("ca_ES", tmp_path / "config")

    schemas = f"{sys.prefix}/share/jupyter/lab/schemas"
    own = tmp_path / "own"

    def locale() -> str:
        found, _ = get_settings(str(tmp_path), schemas, str(own), "@jupyterlab/translation-extension:plugin")
        settings = found["settings"] or {}
        return str(settings.get("locale") or found["schema"]["properties"]["locale"]["default"])

    assert locale() == "ca_ES"
    themes, _ = get_settings(str(tmp_path), schemas, str(own), "@jupyterlab/apputils-extension:themes")
    assert themes["schema"]["properties"]["adaptive-theme"]["default"] is True
    chosen = own / "@jupyterlab" / "translation-extension"
    chosen.mkdir(parents=True)
    (chosen / "plugin.jupyterlab-settings").write_text('{"locale": "en"}')
    assert locale() == "en"


def test_without_a_language_jupyterlab_keeps_its_own(tmp_path: Path) -> None:
    """No file is written where nobody's language is known."""
    singleuser.start_in("", tmp_path / "config")
    assert not (tmp_path / "config").exists()
