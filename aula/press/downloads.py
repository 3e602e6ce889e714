"""What a reader takes home: a lesson as trainees get it, alone or with what lies beside it."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from aula import lessons, notebook
from aula.catalogue import Course
from aula.course import Lesson
from aula.errors import BookError

MADE = (2026, 1, 1, 0, 0, 0)
"""When files in an archive were made, as it says: the same book has the same bytes."""


def name(course: Course, lesson: Lesson) -> str:
    """Return the name of the file: a notebook, or an archive where the lesson reads data or scripts."""
    return f"{lesson.file}.zip" if _beside(course) else f"{lesson.file}.ipynb"


def write(course: Course, lesson: Lesson, folder: Path) -> None:
    """Write the file of a lesson into a folder. Raises BookError where it cannot be read or written."""
    try:
        with TemporaryDirectory(prefix="aula-download-") as place:
            lessons.copy_files(course, Path(place))
            notebook.write(
                notebook.handed_out(course.lesson_file(lesson)), Path(place, "lessons", f"{lesson.file}.ipynb")
            )
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / name(course, lesson)
            alone = Path(place, "lessons", f"{lesson.file}.ipynb")
            target.write_bytes(_archive(course, Path(place)) if target.suffix == ".zip" else alone.read_bytes())
    except OSError as error:
        raise BookError(f"{folder}: the lesson {lesson.file} cannot be put there: {error}") from error


def _archive(course: Course, place: Path) -> bytes:
    """Return the files of a folder as an archive that unpacks into one folder."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            head = ZipInfo(f"{course.id}/{path.relative_to(place).as_posix()}", MADE)
            head.external_attr = 0o644 << 16
            archive.writestr(head, path.read_bytes(), ZIP_DEFLATED)
    return made.getvalue()


def _beside(course: Course) -> bool:
    """Whether a course's lessons have anything beside them."""
    texts = {course.lesson_file(lesson) for lesson in course.lessons}
    files = (path for part in lessons.FOLDERS for path in (course.folder / part).rglob("*") if path.is_file())
    kept = (path for path in files if not path.name.startswith(".") and "__pycache__" not in path.parts)
    return any(path not in texts for path in kept)
