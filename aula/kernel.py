"""Which Python notebooks run on, and an environment that needs nothing of the account's home."""

import json
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import jupyter_client.kernelspec as kernelspec
from jupyter_core.paths import jupyter_runtime_dir
from nbformat import NotebookNode
from traitlets.config import Config

from aula import fonts
from aula.errors import RunError
from aula.kernelspec import USUAL

NAME = USUAL
# Everything that Jupyter, IPython and matplotlib would otherwise look for, or write, under the home.
HOMES = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "run",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
}
LONGEST = 50  # a socket's path has at most 107 characters, of which Jupyter takes the rest


def python(name: str = NAME) -> Path:
    """Return the interpreter of a kernel. Raises RunError where there is no kernel of that name."""
    spec = _spec(name)
    python = Path(spec.argv[0])
    return python if python.is_absolute() else Path(spec.resource_dir).parents[3] / "bin" / "python"


def _spec(name: str) -> kernelspec.KernelSpec:
    try:
        return kernelspec.get_kernel_spec(name)
    except kernelspec.NoSuchKernel as error:
        raise RunError(f"no kernel '{name}': set JUPYTER_PATH to where it is") from error


def of(node: NotebookNode) -> str:
    """Return the name of the kernel that a notebook asks for."""
    return str(node.metadata.get("kernelspec", {}).get("name", NAME))


@contextmanager
def settled(tools: Path) -> Iterator[None]:
    """Set the environment for nbgrader, papermill and their kernels; tools is the folder of our commands.

    The kernel named python3 that Jupyter's packages install says "python", which Jupyter takes for the
    interpreter of whoever starts it. Notebooks must run on the interpreter beside the kernel: a copy of its
    description that names that interpreter comes first on JUPYTER_PATH.
    """
    before = dict(os.environ)
    with TemporaryDirectory(prefix="aula-") as folder:
        home = Path(folder)
        if len(folder) > LONGEST:
            raise RunError(f"{folder}: too long a path for kernels' sockets: set TMPDIR to a shorter one")
        try:
            os.environ.update({name: str(home / short) for name, short in HOMES.items()})
            fonts.give(home / HOMES["MPLCONFIGDIR"])
            interpreter = _describe_kernel(home)
            os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [folder, before.get("JUPYTER_PATH")]))
            paths = [str(interpreter.parent), str(tools), before.get("PATH", os.defpath)]
            os.environ["PATH"] = os.pathsep.join(paths)
            os.environ["PYTHONNOUSERSITE"] = "1"
            with _ending_in_order():
                yield
            fonts.keep(home / HOMES["MPLCONFIGDIR"])
        finally:
            os.environ.clear()
            os.environ.update(before)


def private() -> Config:
    """Return settings by which one kernel listens on sockets of this account, not on ports open to every account."""
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(parents=True, exist_ok=True)
    connection = folder / f"{secrets.token_hex(8)}.json"
    return Config({"KernelManager": {"transport": "ipc", "connection_file": str(connection)}})


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a request to end leave no worker and no temporary folder behind; once asked, it is not asked again."""

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # timeout(1), for one, asks twice
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _describe_kernel(home: Path) -> Path:
    """Write the kernel's description, with its interpreter's full path, under home; return that path."""
    spec, interpreter = _spec(NAME), python()
    if not os.access(interpreter, os.X_OK):
        raise RunError(f"{interpreter}: the kernel '{NAME}' needs this interpreter")
    folder = home / "kernels" / NAME
    folder.mkdir(parents=True)
    description = {**spec.to_dict(), "argv": [str(interpreter), *spec.argv[1:]]}
    (folder / "kernel.json").write_text(json.dumps(description), encoding="utf-8")
    return interpreter
