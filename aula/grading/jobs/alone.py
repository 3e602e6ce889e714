"""The program that submits one job script as an account that owns nothing, and reads what it left.

It is run as that account, by sudo, with the folder that is the account's own, and those for everybody's temporary
files: `python -m aula.grading.jobs.alone FOLDER TEMPORARY...`. It reads one line with an order, says one line with the
job's id, lets the job start, waits for another line, or the end of its input, and says what the job left. Whatever
happens, it leaves the folder empty, and nothing of the account's among the temporary files. What it says is hostile
data: the script has run as the same account.
"""

import base64
import ctypes
import json
import os
import resource
import select
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

MOST_ORDER = 200_000_000
"""Bytes of an order, with the assignment's files in it."""
MOST_FILE = 1_000_000
"""Bytes of a file that is read."""
MOST_SAID = 20_000
"""Bytes that are read of what the script prints."""
MOST_BYTES = 64 * 2**20
"""Bytes of one file that the job may write, and of all of them together."""
MOST_FILES = 2000
PROCESSES = 256
LOOKS_S = 0.5
SAID = "job.out"
SUBMITS_S = 60
NOT_DUMPABLE = (4, 0, 0, 0, 0)
"""For prctl: other processes of the account cannot look into this one."""
# What Slurm itself writes has no limits of the account's: the script writes its own output.
BATCH = f'#!/bin/sh\nexec "./{{name}}" </dev/null >{SAID} 2>&1\n'


def main() -> None:
    """Do what the order says."""
    ctypes.CDLL(None).prctl(*NOT_DUMPABLE)
    os.umask(0o077)
    for name, most in (
        (resource.RLIMIT_FSIZE, MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, PROCESSES),
    ):
        resource.setrlimit(name, (most, most))  # Slurm gives them to the job
    place, temporary = Path(sys.argv[1]), sys.argv[2:]
    if temporary and os.getuid() == 0:
        raise SystemExit("not as root: all of its temporary files would go")
    order = json.loads(sys.stdin.buffer.readline(MOST_ORDER))
    try:
        clear(place, temporary)
        folder = Path(mkdtemp(prefix="job-", dir=place))
        lay_out(order, folder)
        job = submit(order, folder)
        tell({"job": job})
        _run(["scontrol", "release", job], {})
        full = watch(folder, temporary)
        tell({**left(order["leaves"], folder), "full": full})
    finally:
        clear(place, temporary)


def lay_out(order: dict[str, Any], folder: Path) -> None:
    """Put the script and the assignment's files into the job's folder."""
    for name, text in {**order["files"], order["name"]: order["script"]}.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SystemExit(f"{name}: lies outside the job's folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text))
        path.chmod(0o500 if name == order["name"] else 0o400)


def submit(order: dict[str, Any], folder: Path) -> str:
    """Submit the script, held, and return the job's id: nothing runs before who asked knows it."""
    words = [*order["options"], f"--chdir={folder}", "--output=/dev/null", "--export=ALL", "--no-requeue", "--hold"]
    variables = {**order["variables"], "HOME": str(folder)}
    job = _run(["sbatch", "--parsable", *words], variables, BATCH.format(name=order["name"]), folder)
    return job.strip().splitlines()[-1].partition(";")[0]


def _run(words: list[str], variables: dict[str, str], text: str = "", folder: Path | None = None) -> str:
    program = shutil.which(words[0]) or words[0]  # not by the job's PATH
    done = subprocess.run(
        [program, *words[1:]],
        input=text,
        env={**os.environ, **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SUBMITS_S,
    )
    if done.returncode:
        tell({"refused": f"{words[0]}: {' '.join(done.stderr.split())[:500]}"})
        raise SystemExit(1)
    return done.stdout


def watch(folder: Path, temporary: list[str]) -> bool:
    """Wait until who asked says that the job has ended, or goes; return whether its files were too many or too big.

    Then the job is cancelled.
    """
    full = False
    while not select.select([sys.stdin], [], [], LOOKS_S)[0]:
        if not full and _is_full([str(folder), *own(temporary)]):
            full = True
            subprocess.run(["scancel", "--quiet", f"--user={os.getuid()}"], capture_output=True, timeout=SUBMITS_S)
    return full


def _is_full(folders: list[str]) -> bool:
    """Return whether the account has written more than it may."""
    size = 0
    for files, path in enumerate(_everything(folders)):
        with suppress(OSError):
            size += Path(path).lstat().st_blocks * 512
        if files > MOST_FILES or size > MOST_BYTES:
            return True
    return False


def _everything(tops: list[str]) -> Iterator[str]:
    """Yield files and folders, with all that is in them; each at once, for a folder may grow without end."""
    folders = list(tops)
    yield from tops
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                yield entry.path
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)


def left(names: list[str], folder: Path) -> dict[str, Any]:
    """Return the beginning of what the script printed, and the files that it left, with what is wrong with others."""
    files: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name in names:
        try:
            files[name] = base64.b64encode(_bytes(folder / name, MOST_FILE)).decode()
        except FileNotFoundError:
            wrong[name] = "is not there"
        except OSError:
            wrong[name] = "is no file that can be read"
        except ValueError:
            wrong[name] = f"has over {MOST_FILE // 1_000_000} MB"
    try:
        said = _bytes(folder / SAID, MOST_SAID, whole=False)
    except OSError:
        said = b""
    return {"files": files, "wrong": wrong, "said": base64.b64encode(said).decode()}


def _bytes(path: Path, most: int, *, whole: bool = True) -> bytes:
    """Return the bytes of a real file. Raises OSError, and ValueError where they are too many."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("no file")
        found = file.read(most + 1)
    if len(found) > most and whole:
        raise ValueError("too big")
    return found[:most]


def clear(place: Path, temporary: list[str]) -> None:
    """Take away all that the account has in its folder, and in the places for temporary files."""
    for path in [*place.iterdir(), *map(Path, own(temporary))]:
        _remove(path)


def own(temporary: list[str]) -> Iterator[str]:
    """Yield what lies in the places for temporary files and belongs to this account."""
    for top in temporary:
        with suppress(OSError):
            for entry in os.scandir(top):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == os.getuid():
                        yield entry.path


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        with suppress(OSError):
            path.chmod(0o700)
        for where, folders, _ in os.walk(path):  # from the top: a folder that its owner has closed is opened
            for one in (where, *(os.path.join(where, name) for name in folders)):  # noqa: PTH118  texts, as os.walk has them
                with suppress(OSError):
                    if not Path(one).is_symlink():
                        os.chmod(one, 0o700)  # noqa: PTH101  likewise
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def tell(what: dict[str, Any]) -> None:
    """Tell one line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
