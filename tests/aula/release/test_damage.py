"""A hundred damaged assignments: each is refused in words, or shows nothing that it should hide."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearOutput, ClearSolutions, LockCells

from aula import assignment, catalogue, notebook
from aula.errors import AulaError
from aula.release import leaks, readings
from tests.aula.release import damage
from tests.aula.release.damage import Source
from tests.aula.small_course import TASK

# The parts of nbgrader that make the student version; its gradebook and checksums show nothing, and take seconds.
CLEARING = (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme)
COURSES = Path(__file__).parents[3] / "courses"
REAL = sorted(COURSES.glob("*/assignments/*/*.md"))
CASES = int(os.environ.get("AULA_DAMAGED", "120"))
POINTS = {"small": 3} | {
    task.name: task.points for one in catalogue.load(COURSES.parent).courses for task in one.assignments
}
REGION = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END", re.DOTALL)
WRITTEN = re.compile(r"^\+\+\+ \{.*\"solution\": true.*\}\n(.*?)(?=^\+\+\+|^```|^#|\Z)", re.DOTALL | re.MULTILINE)
SHARED = re.compile(r"(for|if|elif|while|def|import|from|with|class|try|except)\b[^\d\"']*$")
SPACE = re.compile(r"[\s\"'\\]")


def texts() -> dict[str, str]:
    """Return the sound assignments: the tests' own and those that we teach."""
    return {"small": TASK} | {path.stem: path.read_text(encoding="utf-8") for path in REAL}


def secrets(text: str) -> list[str]:
    """Return the lines of a sound text that alone give something of a solution, or of a hidden test, away."""
    found = [(kind, line.strip()) for kind, lines in REGION.findall(text) for line in lines.splitlines()]
    found += [("SOLUTION", line.strip()) for lines in WRITTEN.findall(text) for line in lines.splitlines()]
    visible = SPACE.sub("", WRITTEN.sub("", REGION.sub("", text)))
    return [
        line
        for kind, line in found
        if len(SPACE.sub("", line)) >= 16
        and SPACE.sub("", line) not in visible
        and not SHARED.match(line)
        and (kind == "SOLUTION" or line.startswith("assert") or re.search(r"\d|\"[^\"]{4}|'[^']{4}", line))
    ]


def spoilt(name: str, seed: int) -> tuple[Source, list[str]]:
    """Return an assignment with one to three damages, and their names."""
    chance = Random(seed)  # noqa: S311 - the same damages at each run
    text = texts()[name]
    source = Source(text.splitlines(), secrets(text))
    chosen = chance.choices(damage.WAYS, k=chance.choice((1, 1, 1, 2, 3)))
    for way in chosen:
        way(source, chance)
    return source, [way.__name__ for way in chosen]


def released(source: Source, name: str, folder: Path) -> str:
    """Release a source into folder as `aula release` does; return why it is refused, or an empty text."""
    text = folder / f"{name}.md"
    text.write_text("\n".join(source.lines), encoding="utf-8")
    copy = folder / name
    copy.mkdir()
    try:
        node = assignment.read(text, POINTS[name])
    except AulaError as error:
        return str(error)
    for beside, content in source.files.items():
        (copy / beside).write_bytes(content)
    student, resources = notebook.read(text), {}
    for part in CLEARING:
        student, resources = part().preprocess(student, resources)
    notebook.write(student, copy / f"{name}.ipynb")
    return "\n".join(leaks.find(node, copy))


def unnamed(said: str) -> list[str]:
    """Return the lines of a refusal that name no file."""
    return [line for line in said.splitlines() if not re.match(r"\S+\.(md~?|ipynb|txt|gz|zip|b64|json)\b", line)]


def shown(source: Source, copy: Path) -> Iterator[str]:
    """Yield the secrets that stand in any file of a released copy, plain or packed."""
    for path in copy.iterdir():
        said = SPACE.sub("", "\n".join(readings.of(path.read_bytes())))
        yield from (f"{path.name}: {secret}" for secret in source.secrets if SPACE.sub("", secret) in said)


@pytest.mark.parametrize("name", POINTS)
def test_a_damaged_assignment_is_refused_or_shows_nothing(name: str) -> None:
    """Whatever an author or an editor spoils, what should be hidden is not released; AULA_DAMAGED sets how often."""
    share = CASES // len(POINTS) + 1
    leaked, refused = [], 0
    for seed in range(share):
        source, ways = spoilt(name, seed)
        with TemporaryDirectory() as folder:
            if said := released(source, name, Path(folder)):
                refused += 1
                assert not unnamed(said), f"seed {seed}, {', '.join(ways)}: {said}"
            else:
                leaked += [f"seed {seed}, {', '.join(ways)}: {line}" for line in shown(source, Path(folder) / name)]
    assert not leaked, "\n".join(leaked)
    assert share / 4 < refused


def test_what_is_spoilt_without_harm_is_released() -> None:
    """Not everything is refused: the test above would find nothing then."""

    def passes(seed: int) -> bool:
        with TemporaryDirectory() as folder:
            return not released(spoilt("small", seed)[0], "small", Path(folder))

    assert any(passes(seed) for seed in range(CASES))


@pytest.mark.parametrize("name", POINTS)
def test_sound_assignments_are_released(name: str, tmp_path: Path) -> None:
    """None of the guards stands in the way of a sound assignment, and its copy shows nothing."""
    source = Source(texts()[name].splitlines(), secrets(texts()[name]))
    assert len(source.secrets) > 2 or name == "small"
    assert released(source, name, tmp_path) == ""
    assert list(shown(source, tmp_path / name)) == []
