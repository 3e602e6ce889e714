"""An assignment whose job script is run, in a course of its own, and what trainees hand in of it."""

from pathlib import Path

import nbformat

from aula import marks
from tests.aula.small_course import CONTRACT, write_course

SIZE = 4711
REFERENCE = '#!/bin/sh\necho "{\\\\"shops\\\\": $SHOPS}" > result.json\n'
TASK = f"""\
# Night

```{{code-cell}} ipython3
:nbgrader: {{grade: false, grade_id: script, locked: false, solution: true, schema_version: 3}}
### BEGIN SOLUTION
script = '''{REFERENCE}'''
### END SOLUTION
```

```{{code-cell}} ipython3
:nbgrader: {{grade: false, grade_id: write, locked: true, solution: false, schema_version: 3}}
from pathlib import Path

Path("job.sh").write_text(script)
```

```{{code-cell}} ipython3
:nbgrader: {{grade: true, grade_id: public, locked: true, points: 1, solution: false, schema_version: 3}}
assert type(script) is str
```

```{{code-cell}} ipython3
:nbgrader: {{grade: true, grade_id: ran, locked: true, points: 2, solution: false, schema_version: 3}}
### BEGIN HIDDEN TESTS
assert job.state == "COMPLETED", f"it ended as {{job.state}}: {{job.said}}"
### END HIDDEN TESTS
```

```{{code-cell}} ipython3
:nbgrader: {{grade: true, grade_id: result, locked: true, points: 2, solution: false, schema_version: 3}}
### BEGIN HIDDEN TESTS
import json

assert "result.json" in job.files, f"result.json {{job.missing['result.json']}}"
assert json.loads(job.files["result.json"])["shops"] == {SIZE}, "not the shops of SHOPS"
### END HIDDEN TESTS
```
"""


def write(root: Path) -> Path:
    """Write the course under root/courses; return its folder."""
    folder = write_course(root)
    job = f"    job: {{leaves: [result.json], size: {{SHOPS: {SIZE}}}, minutes: 1}}\n"
    (folder / "course.yml").write_text(
        CONTRACT.replace("name: sums", "name: night").replace("points: 3", "points: 5") + job
    )
    (folder / "assignments/sums").rename(folder / "assignments/night")
    (folder / "assignments/night/sums.md").unlink()
    (folder / "assignments/night/night.md").write_text(TASK)
    return folder


def hand_in(run_dir: Path, student: str, script: str) -> None:
    """Hand the assignment in with a script."""
    answer(run_dir, student, f"script = {script!r}")


def answer(run_dir: Path, student: str, code: str) -> None:
    """Hand the assignment in with this in the cell for the answer."""
    node = nbformat.read(run_dir / "release/night/night.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    for cell in node.cells:
        if marks.of(cell).get("grade_id") == "script":
            cell.source = code
    folder = run_dir / "submitted" / student / "night"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-11-09 22:59:00 UTC")
    nbformat.write(node, folder / "night.ipynb")  # type: ignore[no-untyped-call]  # likewise
