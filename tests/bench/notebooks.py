"""`make bench BENCH=notebooks`: two dozen notebooks of the kind that courses have, executed from nothing.

Ours is `aula notebooks`; the peers are papermill, one notebook after the other, and pytest with nbmake, two at a time,
each as it is usually installed and without the slow import. All use the same kernel. What the notebooks print and draw
must be the same, cell by cell.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat

from aula import notebook
from deploy.progress import say
from deploy.settings import Settings
from tests.aula.run.outputs import outputs
from tests.aula.small_course import CONTRACT
from tests.bench.report import OURS, Report

VARIANTS, ROUNDS = 4, 3
TOPICS = {
    "arrays": [
        "import numpy as np",
        "rng = np.random.default_rng(size)\na = rng.normal(size=(200, 200))",
        "np.linalg.norm(a @ a.T).round(3)",
        "print(np.sort(a, axis=None)[:5].round(3))",
    ],
    "tables": [
        "import numpy as np\nimport pandas as pd",
        "rng = np.random.default_rng(size)",
        "t = pd.DataFrame({'k': rng.integers(0, 5, 5000), 'v': rng.normal(size=5000)})",
        "t.groupby('k').v.agg(['mean', 'std', 'size']).round(3)",
        "t.describe().round(2)",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nimport numpy as np",
        "x = np.linspace(0, size, 200)\nfig, ax = plt.subplots(figsize=(5, 3))\nax.plot(x, np.sin(x))\nplt.show()",
        "fig, axes = plt.subplots(1, 2, figsize=(6, 3))\naxes[0].hist(np.sin(x), bins=20);",
    ],
    "series": [
        "import pandas as pd",
        "s = pd.Series(range(1000), index=pd.date_range('2026-01-01', periods=1000, freq='h')) % (7 + size)",
        "s.resample('D').mean().head().round(2)",
        "print(s.rolling(24).sum().dropna().tail(3).to_string())",
    ],
    "models": [
        "import numpy as np\nfrom sklearn.linear_model import LinearRegression\n"
        "from sklearn.model_selection import train_test_split",
        "rng = np.random.default_rng(size)\nx = rng.normal(size=(500, 4))\ny = x @ np.arange(4) + rng.normal(size=500)",
        "mine, held, known, asked = train_test_split(x, y, random_state=size)",
        "model = LinearRegression().fit(mine, known)\nround(model.score(held, asked), 4)",
        "print(model.coef_.round(3))",
    ],
    "all of them": [
        "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
        "t = pd.DataFrame(np.random.default_rng(size).normal(size=(500, 3)).cumsum(axis=0), columns=list('abc'))",
        "t.plot(figsize=(5, 3));",
        "t.corr().round(3)",
    ],
}


def benchmark() -> Report:
    """Execute all notebooks with each in turn; return the times in seconds."""
    settings = Settings.from_environment()
    samples: dict[str, list[float]] = {}
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="aula-bench-") as name:
        place = Path(name)
        names = write(place)
        contestants = _contestants(settings, place)
        for turn in range(1, ROUNDS + 1):
            for who, execute in contestants.items():
                out = place / "out" / who
                shutil.rmtree(out, ignore_errors=True)
                began = time.perf_counter()
                execute(out)
                samples.setdefault(who, []).append(time.perf_counter() - began)
                if not who.startswith("nbmake"):  # it keeps no notebooks, and fails where a cell does
                    found[who] = [outputs(nbformat.read(path, as_version=4)) for path in _executed(out, names)]
                say(f"  round {turn} of {ROUNDS}   {who:<18} {samples[who][-1]:6.1f} s")
    return Report(
        name="notebooks",
        what=f"{len(names)} notebooks with numpy, pandas, matplotlib and scikit-learn, executed from nothing",
        unit="s",
        samples=samples,
        checked=all(one == found["papermill"] for one in found.values()),
        configuration={"kernel": "the user environment's, for all", "cores": os.cpu_count()},
    )


def write(place: Path) -> list[str]:
    """Write a course of lessons, and the same as notebooks; return their names."""
    course, notebooks = place / "courses" / "many", place / "notebooks"
    (course / "lessons").mkdir(parents=True)
    notebooks.mkdir()
    names = []
    for variant in range(1, VARIANTS + 1):
        for topic, cells in TOPICS.items():
            names.append(f"{len(names) + 1:02}-{topic.replace(' ', '-').lower()}")
            sources = [f"size = {variant + 2}", *cells]
            node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
            node.metadata["kernelspec"] = notebook.KERNEL
            node.cells[0].metadata["tags"] = ["parameters"]
            nbformat.write(node, notebooks / f"{names[-1]}.ipynb")
            (course / "lessons" / f"{names[-1]}.md").write_text(jupytext.writes(node, fmt="md:myst"))
    head = CONTRACT.partition("lessons:")[0]
    lessons = "".join(f"  - {{file: {name}, minutes_teaching: 5, minutes_exercises: 5}}\n" for name in names)
    (course / "course.yml").write_text(f"{head}lessons:\n{lessons}")
    return names


def describe_kernel(settings: Settings, place: Path) -> dict[str, str]:
    """Describe the kernel of the user environment for others' programs; return what they need in their environment.

    Its own description says "python", which Jupyter takes for that of whoever starts it.
    """
    described = place / "kernels" / "python3"
    described.mkdir(parents=True)
    python = settings.python("user")
    (described / "kernel.json").write_text(
        f'{{"argv": ["{python}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"], '
        '"display_name": "Python 3 (ipykernel)", "language": "python"}'
    )
    return {"JUPYTER_PATH": str(place)}


def _contestants(settings: Settings, place: Path) -> dict[str, Callable[[Path], None]]:
    kernels = {"JUPYTER_PATH": str(settings.environment("user") / "share" / "jupyter")}
    theirs = describe_kernel(settings, place)

    def run(*words: str | Path, variables: dict[str, str]) -> None:
        environment = {**os.environ, **variables, "PYTHONWARNINGS": "ignore"}
        subprocess.run(words, cwd=place, env=environment, check=True, capture_output=True)

    def ours(out: Path) -> None:
        aula = settings.environment("tools") / "bin" / "aula"
        run(aula, "--root", place, "notebooks", "--out", out, "--fresh", variables=kernels)

    def papermill(peer: str) -> Callable[[Path], None]:
        def execute(out: Path) -> None:
            out.mkdir(parents=True)
            for path in sorted((place / "notebooks").glob("*.ipynb")):
                run(settings.environment(peer) / "bin" / "papermill", path, out / path.name, variables=theirs)

        return execute

    def nbmake(peer: str) -> Callable[[Path], None]:
        def execute(_: Path) -> None:
            words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "-n2", "notebooks")
            run(settings.python(peer), *words, variables=theirs)

        return execute

    return {
        OURS: ours,
        "papermill": papermill("papermill"),
        "papermill-shimmed": papermill("papermill-shimmed"),
        "nbmake": nbmake("papermill"),
        "nbmake-shimmed": nbmake("papermill-shimmed"),
    }


def _executed(out: Path, names: list[str]) -> list[Path]:
    return [next(out.rglob(f"{name}.ipynb")) for name in names]
