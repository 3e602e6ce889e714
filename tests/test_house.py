"""The rules of the house that no linter knows: who imports whom, no shell, what lies where."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aula_spawner
import pytest
from aula_spawner.slurm import squeue

from deploy import sudo
from deploy.slurm import listing

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    *("README.md", "Makefile", "pyproject.toml", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *(
        ".ci",
        ".github",
        ".gitlab-ci.yml",
        ".gitignore",
        "spawners",
        "hub_config",
        "courses",
        "book",
        "aula",
        "deploy",
        "tests",
    ),
}
OURS = {"aula", "aula_spawner", "hub_config", "deploy"}
# For each part: what of ours it may import, beside itself.
ARROWS = {
    "aula": {"aula_spawner.slurm"},
    "aula_spawner": set[str](),
    "hub_config": {
        *("aula.people", "aula.catalogue", "aula.course", "aula.locale", "aula.look"),
        *("aula_spawner.slurm", "aula_spawner.profiles", "aula_spawner.words"),
    },
    "deploy": set[str](),
    "courses": set[str](),
    "book": set[str](),
}
# The hub loads one class from the spawner's distribution, as it would any spawner's.
HUB_LOADS_SPAWNER = ("hub_config/apply.py", "aula_spawner.spawner")
# Runs in an interpreter that has nothing of ours, under another name: its modules import each other by their place.
ELSEWHERE = (
    *("aula/grading/inside/", "aula/audit/aula_audit/"),
    *("aula/web/aula_formgrader/", "aula/web/aula_exchange/"),
)
SHELLS = {
    "os.system",
    "os.popen",
    "asyncio.create_subprocess_shell",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
}


def files(*suffixes: str) -> list[Path]:
    """Return the project's files with these suffixes: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def shown(path: Path) -> str:
    """Return a path as it stands in the checkout."""
    return str(path.relative_to(ROOT))


def part(path: Path) -> str:
    """Return which part of the house a file belongs to; the spawner's tests and set-up belong to none."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "spawners" else parts[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a module imports; `from a import b` counts as a.b, since b may be a module.

    What runs in the sandbox imports its neighbours by a relative name: there they are a package of another name.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_relative(tree: ast.AST) -> bool:
    """Whether a module imports from where it lies, and not by its full name."""
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def below(name: str, package: str) -> bool:
    """Whether a dotted name is a package or something in it."""
    return name == package or name.startswith(f"{package}.")


def wrong_imports(path: Path, text: str) -> list[str]:
    """Return the imports that the arrows of DESIGN.md do not permit."""
    home = part(path)
    allowed = ARROWS[home] | {home}
    tree = ast.parse(text)
    found = ["."] if is_relative(tree) and not shown(path).startswith(ELSEWHERE) else []
    for name in imports(tree):
        ours = name.partition(".")[0] in OURS
        if ours and (shown(path), name.rpartition(".")[0]) == HUB_LOADS_SPAWNER:
            continue
        if ours and not any(below(name, package) for package in allowed):
            found.append(name)
        if home == "deploy" and not ours and name.partition(".")[0] not in sys.stdlib_module_names:
            found.append(name)
    return found


def shell_calls(text: str) -> list[int]:
    """Return the lines on which a module lets a shell read a command."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt | ast.expr | ast.keyword) and is_shell(node)
    ]


def is_shell(node: ast.AST) -> bool:
    """Whether a node names a function that starts a shell, or asks for one by `shell=`."""
    if isinstance(node, ast.keyword):
        return node.arg == "shell"
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) in SHELLS
    return isinstance(node, ast.ImportFrom) and any(f"{node.module}.{one.name}" in SHELLS for one in node.names)


def test_imports_follow_the_arrows() -> None:
    """No file imports what its part of the house may not: the arrows of DESIGN.md, without circles."""
    wrong = {shown(path): wrong_imports(path, path.read_text()) for path in files(".py") if part(path) in ARROWS}
    assert len(wrong) > 50
    assert {path: names for path, names in wrong.items() if names} == {}


@pytest.mark.parametrize(
    ("path", "line", "refused"),
    [
        ("aula/release/release.py", "import hub_config.settings", True),
        ("aula/release/release.py", "from . import marks", True),
        ("aula/grading/inside/judge.py", "from . import frames", False),
        ("aula/release/release.py", "from aula_spawner import spawner", True),
        ("aula/release/release.py", "from aula_spawner.slurm.squeue import parse_jobs", False),
        ("spawners/aula_spawner/names.py", "from aula.people import Person", True),
        ("hub_config/apply.py", "from aula.web.files import main", True),
        ("hub_config/apply.py", "from aula.people import Person", False),
        ("hub_config/apply.py", "from aula_spawner.spawner import AulaSpawner", False),
        ("hub_config/roles.py", "from aula_spawner.spawner import AulaSpawner", True),
        ("deploy/hub.py", "from hub_config import settings", True),
        ("deploy/hub.py", "import yaml", True),
        ("deploy/hub.py", "import json", False),
        ("courses/x/data/make.py", "import aula", True),
        ("aula/cli.py", "def f():\n    import deploy", True),
    ],
)
def test_the_arrows_are_guarded(path: str, line: str, refused: bool) -> None:
    """The check itself refuses what it should, also inside functions, and permits the rest."""
    assert bool(wrong_imports(ROOT / path, line)) is refused


def test_nothing_uses_a_shell() -> None:
    """No code of ours hands a command line to a shell, where somebody's text could become a command."""
    found = {
        shown(path): lines
        for path in files(".py")
        if part(path) != "courses" and path != Path(__file__) and (lines := shell_calls(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    ["run(x, shell=True)", "run(x, shell=flag)", "import os\nos.system(x)", "from os import system", "os.popen(x)"],
)
def test_a_shell_would_be_found(text: str) -> None:
    """The check itself finds a shell in every guise."""
    assert shell_calls(text)


def test_every_test_says_what_it_proves() -> None:
    """Each test function has a docstring of a sentence."""
    silent = [
        f"{shown(path)}: {node.name}"
        for path in files(".py")
        if path.name.startswith("test_") and part(path) == "tests"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").rstrip().endswith((".", "?"))
    ]
    assert silent == []


def test_the_top_level_holds_only_what_the_design_names() -> None:
    """Nothing lies at the top of the checkout that DESIGN.md does not name."""
    assert {path.relative_to(ROOT).parts[0] for path in files()} <= TOP


def test_no_notebook_and_no_output_is_kept() -> None:
    """Sources are MyST text: no .ipynb, database, log or compiled file is in the project."""
    debris = files(".ipynb", ".db", ".sqlite", ".log", ".pyc", ".orig", ".rej", ".swp")
    assert [shown(path) for path in debris] == []


def test_nothing_is_a_link() -> None:
    """A checkout is the same on every file system: no symbolic link is in it."""
    assert [shown(path) for path in files() if path.is_symlink()] == []


def test_every_module_says_what_lives_there() -> None:
    """Each Python file of the platform begins with a sentence about its content."""
    silent = [
        shown(path)
        for path in files(".py")
        if part(path) in {*ARROWS, "tests"} - {"courses"} and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_sudo_lets_through_what_the_spawner_sends() -> None:
    """The sudo rules keep exactly the variables that the spawner says it needs."""
    assert sudo.KEPT_ENVIRONMENT == aula_spawner.KEPT_ENVIRONMENT


def test_jobs_are_listed_as_the_spawner_reads_them() -> None:
    """The program that lists all jobs prints the fields that the spawner asks squeue for."""
    assert listing.FORMAT == squeue.FORMAT


def test_every_library_of_the_spawner_is_in_the_hubs_lock() -> None:
    """What the spawner imports beside Python's own library is what its distribution declares; a job has its own."""
    declared = {
        "jupyterhub",
        "batchspawner",
        "jinja2",
        "pydantic",
        "tornado",
        "traitlets",
        "sqlalchemy",
        "certipy",
        "cryptography",
        "prometheus_client",
        "aula_spawner",
    }
    used = {
        name.partition(".")[0]
        for path in files(".py")
        if part(path) == "aula_spawner" and "server" not in path.parts  # that runs in the user environment
        for name in imports(ast.parse(path.read_text()))
    }
    assert used - set(sys.stdlib_module_names) <= declared
