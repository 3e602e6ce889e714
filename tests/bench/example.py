"""nbgrader's own example course, as `nbgrader quickstart` makes it, and answers to it.

Its one assignment has two notebooks; here each is an assignment of its own, as ours have one.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from aula import notebook
from deploy.settings import Settings

WHOLE, PARTS = "ps1", ("problem1", "problem2")
# For each student, what stands in the author's solution in place of what: mistakes that people make.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "right": {},
    "off-by-one": {"range(1, n + 1)": "range(n)"},
    "no-error": {"raise ValueError": "print"},
}
UNTOUCHED = "untouched"


def _on_our_kernel(path: Path) -> None:
    """Let a notebook run on the kernel of all contestants: the example names one that need not be there."""
    node = json.loads(path.read_text(encoding="utf-8"))
    node["metadata"]["kernelspec"] = notebook.KERNEL
    path.write_text(json.dumps(node), encoding="utf-8")


def hand_in_example(settings: Settings, place: Path) -> Path:
    """Make nbgrader's example course in place/run, release it, hand in answers; return a copy to start from."""
    run, environment = place / "run", settings.environment("stock")
    path = os.pathsep.join([str(environment / "bin"), os.environ.get("PATH", os.defpath)])

    def nbgrader(*words: str) -> None:
        subprocess.run(
            [environment / "bin" / "nbgrader", *words],
            cwd=run if run.exists() else place,
            env={**os.environ, "PATH": path, "PYTHONWARNINGS": "ignore"},
            check=True,
            capture_output=True,
        )

    nbgrader("quickstart", "run")
    for name in PARTS:
        other = f"{PARTS[1 - PARTS.index(name)]}.ipynb"
        shutil.copytree(run / "source" / WHOLE, run / "source" / name, ignore=shutil.ignore_patterns(other))
        _on_our_kernel(run / "source" / name / f"{name}.ipynb")
        nbgrader("generate_assignment", name)
        shutil.copytree(run / "release" / name, run / "submitted" / UNTOUCHED / name)
        for student, mistakes in ANSWERS.items():
            folder = run / "submitted" / student / name
            shutil.copytree(run / "source" / name, folder)
            answered = folder / f"{name}.ipynb"
            text = answered.read_text(encoding="utf-8")
            for right, wrong in mistakes.items():
                text = text.replace(right, wrong)
            answered.write_text(text, encoding="utf-8")
    return run.rename(place / "template")
