"""Python environments from their locks, built from the system's Python so that every account can execute them."""

import hashlib
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from deploy import files
from deploy.command import run, succeeds
from deploy.errors import DeployError
from deploy.settings import CHECKOUT, COURSES_OWN, Settings, locks

LOCKS = Path(__file__).parent / "environments"
PYTHON = Path("/usr/bin/python3")
UV = "uv==0.13.9"
IMAGE = ".squashfs"
"""What the name of an environment's image ends in."""
# What of this project each environment holds.
OURS = {"hub": (CHECKOUT / "spawners", CHECKOUT), "tools": (CHECKOUT / "spawners", CHECKOUT)}
NAMED = re.compile(r"^environment: *(?P<name>[a-z0-9-]+)", re.MULTILINE)
"""Where a course.yml names an environment."""
REGISTRY = "Can this machine reach its package registry? Try: /usr/bin/python3 -m pip download --no-deps --dest /tmp uv"


def up(settings: Settings, name: str) -> None:
    """Build an environment where its lock or our package in it changed."""
    where = settings.environment(name)
    wanted = _fingerprint(name)
    stamp = where / ".fingerprint"
    if version(settings, name) == wanted:
        return
    _check_python(settings)
    uv = _uv(settings)
    if not (where / "bin" / "python").exists():
        run([uv, "venv", "--quiet", "--allow-existing", "--python", PYTHON, where])
    stamp.unlink(missing_ok=True)
    lock, *by_pip = locks(name)
    run(
        [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", settings.python(name), lock],
        remedy=REGISTRY,
        timeout=1800,
    )
    for more in by_pip:
        into: list[str | Path] = [uv.with_name("pip"), "--python", settings.python(name), "--disable-pip-version-check"]
        run([*into, "install", "--quiet", "--requirement", more], remedy=REGISTRY, timeout=1800)
    if name.startswith(COURSES_OWN):
        _describe_kernel(where, name.removeprefix(COURSES_OWN))
    for source in OURS.get(name, ()):
        _install_ours(settings, uv, name, source)
    # uv leaves a lock that everybody may open: whoever held it would stop the next `up`.
    (where / ".lock").unlink(missing_ok=True)
    files.write(stamp, wanted)


def tidy(settings: Settings, needed: Collection[str]) -> None:
    """Remove the environments of notebooks that no course run was made ready with, of earlier versions, and images."""
    now = [settings.environment(name) for name in of_courses()]
    kept, folder = {*(one.name for one in now), *needed}, now[0].parent
    for path in [*folder.glob("user*"), *folder.glob(f"{COURSES_OWN}*")]:
        if path.name.removesuffix(IMAGE) in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def of_courses() -> list[str]:
    """Return the environments that the notebooks of all courses here run on: user, and others that courses name."""
    folders = sorted((CHECKOUT / "courses").glob("*/"))
    return list(dict.fromkeys(["user", *(of_course(folder) for folder in folders)]))


def of_course(folder: Path) -> str:
    """Return the environment that a course's notebooks run on: user, or the one that its course.yml names.

    Raise DeployError where that is none that there is.
    """
    contract = folder / "course.yml"
    found = NAMED.search(contract.read_text(encoding="utf-8")) if contract.is_file() else None
    if found is None:
        return "user"
    name = COURSES_OWN + found["name"]
    if not (LOCKS / f"{name}.txt").is_file():
        known = sorted(path.stem.removeprefix(COURSES_OWN) for path in LOCKS.glob(f"{COURSES_OWN}*.in"))
        raise DeployError(f"{contract}: there is no environment '{found['name']}'. There are: {', '.join(known)}.")
    return name


def jupyter_path(settings: Settings) -> str:
    """Return the JUPYTER_PATH by which the kernels of all courses are found."""
    return ":".join(str(settings.environment(name) / "share" / "jupyter") for name in of_courses())


def version(settings: Settings, name: str) -> str:
    """Return what an environment was built from, as a hash; nothing where it is not there."""
    stamp = settings.environment(name) / ".fingerprint"
    return stamp.read_text() if stamp.exists() else ""


def _describe_kernel(where: Path, name: str) -> None:
    """Describe the environment's kernel under its own name, and nothing as python3: that is the user environment's."""
    kernels = where / "share" / "jupyter" / "kernels"
    shutil.rmtree(kernels / "python3", ignore_errors=True)
    description = {
        "argv": [str(where / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Python 3 ({name})",
        "language": "python",
        "metadata": {"debugger": True},
        "env": {"PATH": f"{where / 'bin'}:${{PATH}}"},
    }
    (kernels / name).mkdir(parents=True, exist_ok=True)
    files.write(kernels / name / "kernel.json", json.dumps(description, indent=1) + "\n")


def _install_ours(settings: Settings, uv: Path, name: str, source: Path) -> None:
    """Install our package from a copy, so that building it leaves nothing in the checkout."""
    draft = settings.prefix / "build" / name
    shutil.rmtree(draft, ignore_errors=True)
    keep = shutil.ignore_patterns(".git", "build", "*.egg-info", "__pycache__", "node_modules", "tests", ".*_cache")
    shutil.copytree(source, draft, ignore=keep)
    run(
        [
            uv,
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--compile-bytecode",
            "--reinstall",
            "--python",
            settings.python(name),
            draft,
        ],
        remedy=REGISTRY,
    )
    shutil.rmtree(draft)


def _fingerprint(name: str) -> str:
    """Return a hash of everything that an environment is built from."""
    digest = hashlib.sha256(PYTHON.resolve().name.encode())
    for lock in locks(name):
        digest.update(lock.read_bytes())
    for source in OURS.get(name, ()):
        digest.update(fingerprint(source / "aula" if source == CHECKOUT else source).encode())
    return digest.hexdigest()


def fingerprint(folder: Path) -> str:
    """Return a hash of a folder's files, names and contents; caches do not count."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _check_python(settings: Settings) -> None:
    """Trainees' processes run this Python: refuse one, or a prefix, that other accounts cannot execute."""
    settings.prefix.mkdir(parents=True, exist_ok=True)
    if not succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        raise DeployError(f"{PYTHON} is missing or older than Python 3.11. Install Debian's python3.")
    for path in (PYTHON.resolve(), settings.prefix):
        if not succeeds(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-x", str(path)]):
            raise DeployError(
                f"Other accounts cannot execute {path}, so trainees' notebooks could not start. "
                "Choose another PREFIX, or open it and the folders above it: chmod o+x"
            )


def _uv(settings: Settings) -> Path:
    """Return uv, installed once in a small environment of its own."""
    home = settings.environment("uv")
    uv = home / "bin" / "uv"
    if not uv.exists():
        run([PYTHON, "-m", "venv", home], remedy="Install Debian's python3-venv.")
        run([home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", UV], remedy=REGISTRY)
    return uv
