"""A notebook of a test's, as what was handed in."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from aula.grading.repair import reading
from aula.grading.repair.reading import Received


def received(node: NotebookNode) -> Received:
    """Return what is read of a notebook that was handed in."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.ipynb"
        path.write_text(json.dumps(node), encoding="utf-8")
        return reading.read(path)
