"""The command that starts a zygote in bubblewrap: what there is of the machine in the sandbox, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from aula.grading.errors import SandboxError

BWRAP = "bwrap"
INSIDE = Path(__file__).with_name("inside")
HOME = "/aula"
USER = "1000"
START = f"import sys; sys.path.insert(0, {HOME!r}); from inside.zygote import main; main()"
SYSTEM = ("/lib", "/lib32", "/lib64", "/bin", "/sbin")
SETTINGS = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone", "alternatives", "nsswitch.conf"),
    *("fonts", "mime.types", "ssl/certs", "ssl/openssl.cnf"),
)
PRIVATE = "/tmp"  # noqa: S108  of the sandbox, not of the machine
COVERED = (PRIVATE, "/dev", "/proc", HOME)
ENVIRONMENT = {
    "HOME": f"{PRIVATE}/home",
    "IPYTHONDIR": f"{PRIVATE}/ipython",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": f"{PRIVATE}/matplotlib",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONHASHSEED": "0",  # the order of a set is the same each time it is graded
    "TMPDIR": PRIVATE,
    "TZ": "UTC",
    "USER": "student",
    # One core a box: several are graded beside one another.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
}


def command(python: Path, inside: Path, words_of_it: list[str]) -> list[str]:
    """Return the command of a zygote of that interpreter, whose program lies in a folder, with its words.

    Raises SandboxError where the interpreter cannot be shown in the sandbox.
    """
    words = [BWRAP, "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--uid", USER, "--gid", USER, "--hostname", "box", "--cap-drop", "ALL"]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", PRIVATE, "--dir", "/etc", "--ro-bind", "/usr", "/usr"]
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), name]
        elif path.exists():
            words += ["--ro-bind", name, name]
    for name in SETTINGS:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for folder in folders(python):
        words += ["--ro-bind", str(folder), str(folder)]
    words += ["--ro-bind", str(inside), f"{HOME}/inside"]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", PRIVATE]
    places = f"{python.parent}:{ENVIRONMENT['PATH']}"
    for name, value in {**ENVIRONMENT, "PATH": places}.items():
        words += ["--setenv", name, value]
    return [*words, str(python), "-P", "-s", "-B", "-c", START, *words_of_it]


def folders(python: Path) -> list[Path]:
    """Return the folders that an interpreter needs, beside the system's. Raise SandboxError for covered ones."""
    found = [one for one in _prefixes(python) if not one.is_relative_to("/usr")]
    for folder in found:
        if folder == Path("/") or any(folder.is_relative_to(one) for one in COVERED):
            raise SandboxError(
                f"{python} cannot be used in the sandbox, which has its own {' '.join(COVERED)}: move the environment"
            )
    return found


def _prefixes(python: Path) -> Iterator[Path]:
    """Yield the folder of an environment, and that of the interpreter it was made from."""
    yield python.parent.parent
    if (real := python.resolve().parent.parent) != python.parent.parent:
        yield real
