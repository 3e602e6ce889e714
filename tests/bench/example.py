"""nbgrader's own example course, as `nbgrader quickstart` makes it, and answers to its assignment."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.settings import Settings

EXAMPLE = "ps1"
# For each student, what stands in the author's solution in place of what: mistakes that people make.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "right": {},
    "off-by-one": {"range(1, n + 1)": "range(n)"},
    "no-error": {"raise ValueError": "print"},
}
UNTOUCHED = "untouched"


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
    nbgrader("generate_assignment", EXAMPLE)
    shutil.copytree(run / "release" / EXAMPLE, run / "submitted" / UNTOUCHED / EXAMPLE)
    for student, mistakes in ANSWERS.items():
        folder = run / "submitted" / student / EXAMPLE
        shutil.copytree(run / "source" / EXAMPLE, folder)
        for answered in folder.glob("*.ipynb"):
            text = answered.read_text(encoding="utf-8")
            for right, wrong in mistakes.items():
                text = text.replace(right, wrong)
            answered.write_text(text, encoding="utf-8")
    return run.rename(place / "template")
