"""The lessons as trainees get them: notebooks without outputs, with the data and scripts beside them."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from aula import notebook
from aula.catalogue import Course
from aula.errors import NotebookError
from aula.kernelspec import KERNEL_NAME, Kernel
from aula.release import versions

FOLDERS = ("lessons", "data")
HISTORIES = ".versions"


def deliver(
    course: Course, to: Path, *, run: str | None = None, kernel: Kernel | None = None, note: str = ""
) -> list[Path]:
    """Write the course's lessons under to/<course>, or to/<run>, all or nothing; return the notebooks.

    They name the kernel, if one is given. Where they are not those of the last delivery they are a new version, kept
    with the note on what changed in to/.versions/<run>/lessons.
    """
    note = versions.checked_note(note)
    if run is not None and not KERNEL_NAME.fullmatch(run):
        raise NotebookError(f"'{run[:60]}' is no course run's name: use small letters, digits and hyphens")
    target = to.resolve() / (run or course.id)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as place:
            fresh, old = Path(place) / "new", Path(place) / "old"
            copy_files(course, fresh)
            for lesson in course.lessons:
                node = notebook.handed_out(course.lesson_file(lesson))
                if kernel:
                    notebook.set_kernel(node, kernel)
                notebook.write(node, fresh / "lessons" / f"{lesson.file}.ipynb")
            _open_to_all(fresh)
            if target.exists():
                target.rename(old)
            fresh.rename(target)
        versions.record(target.parent / HISTORIES / target.name / "lessons", versions.files_of(target, FOLDERS), note)
    except OSError as error:
        raise NotebookError(f"{target}: cannot be written: {error}") from error
    return [target / "lessons" / f"{lesson.file}.ipynb" for lesson in course.lessons]


def copy_files(course: Course, to: Path) -> None:
    """Copy what lies beside the lessons, and the course's data, without the text notebooks."""
    texts = {course.lesson_file(lesson).name for lesson in course.lessons}
    for name in FOLDERS:
        if (course.folder / name).is_dir():
            ignored = shutil.ignore_patterns(".*", "__pycache__", *(texts if name == "lessons" else ()))
            shutil.copytree(course.folder / name, to / name, ignore=ignored)


def _open_to_all(folder: Path) -> None:
    """Let everybody read, whatever the umask and the checkout's modes are."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
