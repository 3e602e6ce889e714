"""Starts JupyterLab inside the job: opens a port, hands over to the server, and tells the hub when that listens.

The batch script runs this file with the user environment's Python and `-I`, so it imports the standard library and
what lies beside it for that; nothing else of this package. Only the variables named here reach the server.
"""

import atexit
import gc
import importlib.util
import json
import os
import shutil
import signal
import socket
import ssl
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LONGEST_WAIT = 1800.0
"""Seconds to go on knocking at a hub that is down; the hub gives up on a start long before."""

MOST_ANSWER = 20_000
"""Bytes of the hub's answer that are read."""

CREDENTIALS = Path(__file__).with_name("credentials.py")
"""What gives the server its key, under internal TLS."""

SERVER = Path(__file__).with_name("server")
"""What runs within the server: its extension, and the page's."""

MOST_LOG = 4000
"""Characters of the log's end that are sent when the server cannot start."""

_KEPT = (
    *("HOME", "USER", "LOGNAME", "LANG", "TZ", "SLURM_CONF"),
    *("AULA_LIFETIME", "AULA_STARTED", "AULA_HOME_LOST", "AULA_VERSIONS"),
)


class CannotStartError(Exception):
    """The server cannot start; the text says why and ends in the server's log."""


def clean_environment(given: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the server's environment: an allow-list of what came in, and the site's own settings.

    Slurm's variables go, so that srun and sbatch in a terminal ask for nodes of their own instead of
    dividing up the one core of this job. PYTHON*, BASH_ENV, SUDO_* and the like go with everything else.
    """
    job_folder, kept_folder = given["AULA_JOB_FOLDER"], given["AULA_KEPT_FOLDER"]
    config = given["AULA_JUPYTER_CONFIG_DIR"]
    kept = {name: given[name] for name in _KEPT if name in given}
    kernels, scratch = given.get("AULA_KERNEL_PATHS", ""), given.get("AULA_SCRATCH_FOLDER", "")
    hub = {name: value for name, value in given.items() if name.startswith("JUPYTERHUB_")}
    return {
        "LANG": "C.UTF-8",
        **kept,
        **hub,
        "PATH": f"{prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "SHELL": "/bin/bash",
        "PYTHONNOUSERSITE": "1",
        "AULA_JOB_ID": given.get("SLURM_JOB_ID", ""),
        "JUPYTERHUB_ROOT_DIR": _root_folder(given),
        "JUPYTER_CONFIG_DIR": config,
        "JUPYTER_CONFIG_PATH": f"{job_folder}/config:{config}",
        **({"JUPYTER_PATH": kernels} if kernels else {}),
        **({"SCRATCH": scratch} if scratch else {}),
        "JUPYTER_DATA_DIR": f"{job_folder}/data",
        "JUPYTER_RUNTIME_DIR": f"{job_folder}/runtime",
        "JUPYTERLAB_SETTINGS_DIR": f"{kept_folder}/lab-settings",
        "JUPYTERLAB_WORKSPACES_DIR": f"{kept_folder}/lab-workspaces",
    }


def start_in(locale: str, config: Path) -> None:
    """Make the owner's language JupyterLab's default. What the owner chooses in JupyterLab goes before it, and stays.

    LANG cannot do that: a node need not have the language's locale, and programs in a terminal would change too.
    """
    if locale:
        (config / "labconfig").mkdir(parents=True, exist_ok=True)
        default = {"@jupyterlab/translation-extension:plugin": {"locale": locale}}
        (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(default))


def add_our_extensions(config: Path) -> None:
    """Let the server end in time and keep lessons up to date, and its page tell of both.

    The site's own settings go before these, and are merged.
    """
    settings = {
        "ServerApp": {"jpserver_extensions": {"aula_lifetime": True, "aula_versions": True}},
        "LabApp": {"extra_labextensions_path": [str(SERVER / "labextensions")]},
    }
    config.mkdir(parents=True, exist_ok=True)
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    sys.path.append(str(SERVER))


def _root_folder(given: Mapping[str, str]) -> str:
    """Return the folder that JupyterLab shows: the home folder, or the job's if that cannot be read."""
    home = given.get("HOME", "")
    return home if home and os.access(home, os.R_OK | os.X_OK) else given["AULA_JOB_FOLDER"]


def open_port() -> tuple[socket.socket, int]:
    """Return a socket that listens and its port: what is taken is not given, and nobody else can take it any more."""
    listener = socket.create_server(("", 0), backlog=128)
    return listener, int(listener.getsockname()[1])


def wait_for_lessons(pid: str) -> None:
    """Wait until the batch script, whose process this is, has copied the lessons."""
    with suppress(ValueError, ChildProcessError):
        os.waitpid(int(pid), 0)


def tell_hub(
    address: str, token: str, port: int, longest_wait: float = LONGEST_WAIT, context: ssl.SSLContext | None = None
) -> None:
    """Post the port to the hub, again and again until the hub answers."""
    insist(f"{address}/aula/port", token, {"port": port}, f"port {port}", longest_wait, context)


def insist(
    address: str,
    token: str,
    body: object,
    what: str,
    longest_wait: float = LONGEST_WAIT,
    context: ssl.SSLContext | None = None,
) -> Any:
    """Post something to the hub until the hub answers; return the answer. `what` is what a refusal is about.

    A refusal after an answer was lost can mean that the hub knows it already: then the start goes on.
    """
    request, opener, hub = _post(address, token, body), _opener(context), address.partition("/aula/")[0]
    give_up_at, pause, answer_lost = time.monotonic() + longest_wait, 0.2, False
    while True:
        try:
            with opener.open(request, timeout=10) as answer:
                return json.loads(answer.read(MOST_ANSWER))
        except urllib.error.HTTPError as refusal:
            if refusal.code < 500:
                if answer_lost:
                    return None
                raise CannotStartError(f"the hub refused {what}: {_reason(refusal)}") from refusal
            answer_lost = True  # it may have taken note before something went wrong
        except urllib.error.URLError as error:
            answer_lost = answer_lost or not isinstance(error.reason, ConnectionRefusedError)
            print(f"aula: the hub at {hub} does not answer ({error.reason}); trying again", flush=True)
        except (OSError, ValueError) as error:
            answer_lost = True
            print(f"aula: the hub at {hub} did not finish its answer ({error})", flush=True)
        if time.monotonic() + pause > give_up_at:
            raise CannotStartError(f"the hub at {hub} did not answer for {longest_wait:g} seconds")
        time.sleep(pause)
        pause = min(pause * 1.6, 5.0)


def tell_failure(address: str, token: str, log: Path, context: ssl.SSLContext | None = None) -> None:
    """Post the end of the log to the hub, without the token: whoever waits reads it at once. The hub may not care."""
    try:
        text = log.read_text(errors="replace")[-MOST_LOG:].replace(token, "…")
        with _opener(context).open(_post(f"{address}/aula/failure", token, {"log": text}), timeout=5):
            pass
    except (OSError, ValueError) as error:
        print(f"aula: the hub at {address} did not take note of it ({error})", flush=True)


def _post(address: str, token: str, body: object) -> urllib.request.Request:
    return urllib.request.Request(  # noqa: S310  the address is the hub's own, http or https
        address,
        data=json.dumps(body).encode(),
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
        method="POST",
    )


def _opener(context: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
    """Return what asks the hub itself: a proxy that the environment names is for the way out."""
    encrypted = [urllib.request.HTTPSHandler(context=context)] if context else []
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *encrypted)


def _reason(refusal: urllib.error.HTTPError) -> str:
    """Return what the hub said when it refused."""
    try:
        return str(json.loads(refusal.read(10_000))["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"HTTP {refusal.code}"


def service_address(address: str, port: int) -> str:
    """Return the address that the server binds, with the port put in."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{parts.hostname}:{port}").geturl()


def start_credentials(environment: MutableMapping[str, str]) -> Any:
    """Return by what this start may speak to the hub under internal TLS, and prepare the server's; else None."""
    if "JUPYTERHUB_START_CREDENTIALS" not in environment:
        return None
    spec = importlib.util.spec_from_file_location("aula_credentials", CREDENTIALS)
    if spec is None or spec.loader is None:
        raise CannotStartError(f"{CREDENTIALS} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Credentials(environment)


def main() -> None:
    """Run the server of this job until it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a start that is cancelled tidies up too
    environment = clean_environment(os.environ, sys.prefix)
    for folder in ("data", "runtime"):
        Path(os.environ["AULA_JOB_FOLDER"], folder).mkdir(mode=0o700, exist_ok=True)
    config = Path(os.environ["AULA_JOB_FOLDER"], "config")
    start_in(os.environ.get("AULA_LAB_LOCALE", ""), config)
    add_our_extensions(config)
    for folder in filter(None, (os.environ["AULA_JOB_FOLDER"], os.environ.get("AULA_SCRATCH_FOLDER"))):
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    listener, port = open_port()
    environment["JUPYTERHUB_SERVICE_URL"] = service_address(environment["JUPYTERHUB_SERVICE_URL"], port)
    log = Path(os.environ["AULA_KEPT_FOLDER"], "server.log")
    lessons = os.environ.get("AULA_LESSONS_PID", "")
    credentials = start_credentials(environment)
    context = credentials.context if credentials else None
    os.environ.clear()
    os.environ.update(environment)
    hub, token = environment["JUPYTERHUB_API_URL"], environment["JUPYTERHUB_API_TOKEN"]

    def tell() -> None:
        wait_for_lessons(lessons)
        tell_hub(hub, token, port, context=context)

    if credentials:  # the hub signs while the server is imported
        credentials.have_signed(
            lambda path, body: insist(f"{hub}/{path}", token, body, "the server's key", context=context)
        )
    sys.argv = ["jupyterhub-singleuser"]
    gc.disable()  # until the server listens: little of what is imported is garbage
    try:
        import_module("aula_labserver").serve(listener, tell, credentials.wait if credentials else None)
    except CannotStartError as error:
        sys.exit(f"aula: {error}")
    except SystemExit as end:
        if end.code not in (None, 0, 143):
            tell_failure(hub, token, log, context)
        raise
    except Exception:  # noqa: BLE001  whatever it is, who waits is told
        traceback.print_exc()
        tell_failure(hub, token, log, context)
        sys.exit(1)


if __name__ == "__main__":
    main()
