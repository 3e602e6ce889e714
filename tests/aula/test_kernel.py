"""Which Python notebooks run on."""

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from aula import kernel
from aula.errors import RunError


def install(prefix: Path, python: str) -> str:
    """Install a kernel's description under prefix, as Jupyter's packages do; return its JUPYTER_PATH."""
    folder = prefix / "share/jupyter/kernels/python3"
    folder.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "P", "language": "python"}))
    return str(prefix / "share/jupyter")


def test_a_kernel_runs_on_the_python_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that says only "python" means its own environment's, not the one that starts it."""
    monkeypatch.setenv("JUPYTER_PATH", install(tmp_path, "python"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    with kernel.settled(Path("/tools/bin")):
        assert KernelSpecManager().get_kernel_spec("python3").argv[0] == str(tmp_path / "bin/python")
        assert os.environ["PATH"].split(os.pathsep)[:2] == [str(tmp_path / "bin"), "/tools/bin"]


def test_an_environment_without_its_python_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than on another Python, notebooks do not run; the environment is as before."""
    monkeypatch.setenv("JUPYTER_PATH", install(tmp_path, "python"))
    before = dict(os.environ)
    with pytest.raises(RunError, match="bin/python"), kernel.settled(Path("/tools/bin")):
        pass
    assert dict(os.environ) == before


def test_a_temporary_folder_too_deep_for_sockets_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rather than kernels that die without a word, an error says to set TMPDIR."""
    deep = tmp_path / ("d" * 60)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(RunError, match="set TMPDIR"), kernel.settled(Path("/tools/bin")):
        pass
    assert list(deep.iterdir()) == []


def test_nothing_of_the_home_is_used_and_all_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside, every place that Jupyter writes to is temporary; afterwards the environment is as before."""
    monkeypatch.setenv("HOME", "/nonexistent")
    before = dict(os.environ)
    with kernel.settled(Path("/tools/bin")):
        inside = [os.environ[name] for name in kernel.HOMES]
        assert not any(path.startswith("/nonexistent") for path in inside)
    assert dict(os.environ) == before
