"""Which versions of which libraries a notebook ran with."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from aula.run import libraries


def forget() -> None:
    """Forget what is installed."""
    for known in (libraries._installed, libraries._called, libraries._bringing):
        known.cache_clear()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three libraries are installed for the kernel: one called as its module, two otherwise."""
    packages = tmp_path / "lib/python3.11/site-packages"
    files = {
        "numpy-9.8.7": ("numpy", {"RECORD": "numpy/__init__.py,sha256=x,1\n"}),
        "scikit_learn-1.2.3": ("scikit-learn", {"RECORD": "x.py,,\nsklearn/__init__.py,sha256=x,1\n"}),
        "PyYAML-6.0": ("PyYAML", {"top_level.txt": "_yaml\nyaml\n"}),
    }
    for folder, (name, more) in files.items():
        place = packages / f"{folder}.dist-info"
        place.mkdir(parents=True)
        version = folder.rpartition("-")[2]
        for file, text in {"METADATA": f"Name: {name}\nVersion: {version}\n", **more}.items():
            (place / file).write_text(text, encoding="utf-8")
    kernel = tmp_path / "share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    spec = {"argv": [str(tmp_path / "bin/python"), "-m", "x"], "display_name": "Python", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share/jupyter"))
    forget()
    yield
    forget()


@pytest.mark.usefixtures("installed")
def test_versions_are_those_of_the_kernel() -> None:
    """What the notebook imports is named as its library, at the kernel's version, not at this interpreter's."""
    code = "%matplotlib inline\nimport json, numpy.linalg as la\nfrom sklearn.svm import SVC\nfrom helper import double"
    cells = [new_markdown_cell("import torch"), new_code_cell(code), new_code_cell("import yaml\nimport torch")]
    assert libraries.versions(new_notebook(cells=cells)) == {
        "numpy": "9.8.7",
        "PyYAML": "6.0",
        "scikit-learn": "1.2.3",
    }
    assert sys.modules["yaml"].__version__ != "6.0"


@pytest.mark.usefixtures("installed")
def test_each_kernel_has_its_own_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook of another kernel ran with that one's libraries."""
    place = tmp_path / "other/lib/python3.11/site-packages/numpy-1.2.3.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text("Name: numpy\nVersion: 1.2.3\n", encoding="utf-8")
    kernel = tmp_path / "other/share/jupyter/kernels/torch"
    kernel.mkdir(parents=True)
    spec = {"argv": [str(tmp_path / "other/bin/python")], "display_name": "Torch", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", f"{os.environ['JUPYTER_PATH']}:{kernel.parents[1]}")
    node = new_notebook(cells=[new_code_cell("import numpy")])
    assert libraries.versions(node) == {"numpy": "9.8.7"}
    node.metadata.kernelspec = {"name": "torch"}
    assert libraries.versions(node) == {"numpy": "1.2.3"}


@pytest.mark.usefixtures("installed")
def test_a_notebook_without_libraries_has_none() -> None:
    """Python alone needs no library."""
    assert libraries.versions(new_notebook(cells=[new_code_cell("import os\nprint(os.sep)")])) == {}
