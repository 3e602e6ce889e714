"""Corrections reach a trainee's home, lessons come back to how they were, and nothing of theirs is lost."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from aula_versions import Material, home
from aula_versions.history import Part, parts

from aula.release.versions import record

WORDS = {"full": "full"}


def notebook(*cells: tuple[str, str]) -> bytes:
    """Return a notebook with an answer for each name, and an ordinary cell where there is none."""
    made = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"nbgrader": {"grade_id": name, "solution": True}} if name else {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for number, (name, text) in enumerate(cells, start=1)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def texts(path: Path) -> list[str]:
    """Return what the cells of a notebook say."""
    return [cell["source"] for cell in json.loads(path.read_bytes())["cells"]]


FIRST = {"lessons/one.ipynb": notebook(("", "intro"), ("", "exercise")), "data/t.csv": b"a\n", "lessons/same.py": b"1"}
SECOND = {**FIRST, "lessons/one.ipynb": notebook(("", "better intro"), ("", "exercise")), "data/t.csv": b"a,b\n"}


class Class:
    """A course run with two versions of its lessons and of an assignment, and one trainee's home."""

    def __init__(self, folder: Path) -> None:
        self.lessons, self.home = folder / "lessons" / "demo", folder / "home"
        self.history = folder / "lessons/.versions/demo"
        record(self.history / "lessons", FIRST)
        record(self.history / "assignments/sums", {"sums.ipynb": notebook(("", "sums"), ("total", "stub"))})
        self.give(self.home / "courses/demo", FIRST)
        self.material = Material([self.lessons], self.home, WORDS)

    def give(self, place: Path, files: dict[str, bytes]) -> None:
        """Write files, as a start or nbgrader's fetch does."""
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)

    def correct(self) -> None:
        """Release the second versions."""
        record(self.history / "lessons", SECOND, "The intro was wrong.")
        corrected = {"sums.ipynb": notebook(("", "better sums"), ("total", "stub"))}
        record(self.history / "assignments/sums", corrected, "Clearer.")

    def lesson(self, name: str = "lessons/one.ipynb") -> Path:
        """Return a file of the trainee's lessons."""
        return self.home / "courses/demo" / name

    def everything(self) -> dict[str, bytes]:
        """Return all that the trainee has."""
        return {str(path): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}


@pytest.fixture
def there(tmp_path: Path) -> Class:
    """A class in which nothing was corrected yet."""
    return Class(tmp_path)


def full(*_: object, **__: object) -> None:
    """Fail as a full home folder does."""
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def test_without_a_correction_nothing_happens(there: Class) -> None:
    """What somebody wrote, or took away, stays as it is."""
    there.lesson().write_bytes(notebook(("", "mine")))
    there.lesson("data/t.csv").unlink()
    before = there.everything()
    there.material.update_first()
    assert there.everything() == before
    assert there.material.look()["waiting"] == there.material.look()["taken"] == []


def test_what_nobody_touched_is_replaced(there: Class) -> None:
    """An untouched file is the new one, also where JupyterLab wrote the same in its own way; nothing is set aside."""
    there.lesson().write_text(json.dumps(json.loads(there.lesson().read_bytes()), indent=1))
    there.correct()
    done = there.material.update()
    assert there.lesson().read_bytes() == SECOND["lessons/one.ipynb"]
    assert there.lesson("data/t.csv").read_bytes() == b"a,b\n"
    assert (done["kept"], sorted(done["files"])) == ([], ["courses/demo/data/t.csv", "courses/demo/lessons/one.ipynb"])
    assert not (there.home / "demo").exists(), "an assignment that was not fetched does not come by itself"


def test_work_stays_and_a_copy_is_set_aside(there: Class) -> None:
    """A lesson with work in it becomes the corrected one with that work; the old file is kept under the date."""
    mine = notebook(("", "intro"), ("", "my answer"))
    there.lesson().write_bytes(mine)
    there.lesson("data/t.csv").write_bytes(b"my own data\n")
    there.correct()
    done = there.material.update()
    assert texts(there.lesson()) == ["better intro", "my answer"]
    (kept,) = done["kept"]
    assert (there.home / kept).read_bytes() == mine
    assert kept.startswith("courses/demo/kept/20")
    assert kept.endswith("/lessons/one.ipynb")
    assert there.lesson("data/t.csv").read_bytes() == b"my own data\n"
    assert there.lesson("data/t (version 2).csv").read_bytes() == b"a,b\n"
    before = there.everything()
    assert there.material.update() == {"taken": [], "files": [], "kept": []}
    assert there.everything() == before


def test_a_correction_is_taken_once(there: Class) -> None:
    """Whatever somebody makes of a corrected notebook, it is not corrected again; the next version is taken."""
    there.lesson().write_bytes(notebook(("", "intro"), ("", "my answer")))
    there.correct()
    there.material.update()
    mine = json.loads(there.lesson().read_bytes())
    mine["cells"] = [{**mine["cells"][0], "id": "copy", "source": "intro"}, {**mine["cells"][1], "source": "exercise"}]
    there.lesson().write_text(json.dumps(mine))
    assert there.material.update()["files"] == []
    record(there.history / "lessons", {**SECOND, "lessons/one.ipynb": notebook(("", "third"), ("", "exercise"))})
    there.material.update()
    assert texts(there.lesson()) == ["intro", "third", "exercise"]


def test_an_assignment_keeps_the_answer(there: Class) -> None:
    """A fetched assignment is corrected around the answer; what is kept is not in the folder that is handed in."""
    there.give(there.home / "demo/sums", {"sums.ipynb": notebook(("", "sums"), ("total", "42"))})
    there.correct()
    done = there.material.update()
    assert texts(there.home / "demo/sums/sums.ipynb") == ["better sums", "42"]
    assert [path.name for path in (there.home / "demo/sums").iterdir()] == ["sums.ipynb"]
    assert [one for one in done["kept"] if one.startswith("courses/demo/kept/") and one.endswith("/sums/sums.ipynb")]


def test_they_are_told(there: Class) -> None:
    """While somebody works a correction waits, with its note and files; taken, it waits no more."""
    assert there.material.look()["waiting"] == []
    there.correct()
    (told,) = there.material.look()["waiting"]
    assert (told["title"], told["notes"]) == ("demo", ["The intro was wrong."])
    assert "courses/demo/lessons/one.ipynb" in told["files"]
    there.give(there.home / "demo/sums", {"sums.ipynb": notebook(("", "sums"), ("total", "stub"))})
    assert [one["title"] for one in there.material.look()["waiting"]] == ["demo", "sums"]
    assert there.material.look()["homes"] == ["courses/demo", "demo/sums"]
    there.material.update()
    assert there.material.look()["waiting"] == []


def test_what_they_took_away_stays_away(there: Class) -> None:
    """A correction brings back no file that somebody deleted; a file that is new in it comes."""
    there.lesson("data/t.csv").unlink()
    record(there.history / "lessons", {**SECOND, "data/new.csv": b"x\n"})
    there.material.update()
    assert not there.lesson("data/t.csv").exists()
    assert there.lesson("data/new.csv").read_bytes() == b"x\n"


def test_a_look_reads_once(there: Class) -> None:
    """Pages ask twice a minute: while nothing is released and nothing fetched, no file is read again."""
    there.correct()
    first = there.material.look()
    for file in (there.history / "lessons/files").iterdir():
        file.unlink()
    assert there.material.look() == first


@pytest.mark.parametrize("damage", [b"{", b'{"cells": [{"cell_type": "code"}]}', b'{"cells": 1}', b"\xff\x00", b"[]"])
def test_a_damaged_notebook_is_left_alone(there: Class, damage: bytes) -> None:
    """What cannot be read as a notebook stays as it is, and the corrected one lies beside it."""
    there.lesson().write_bytes(damage)
    there.correct()
    there.material.update()
    assert there.lesson().read_bytes() == damage
    assert there.lesson("lessons/one (version 2).ipynb").read_bytes() == SECOND["lessons/one.ipynb"]


def test_what_a_start_took_is_told_too(there: Class) -> None:
    """Who was away reads what came, and where their own version is."""
    there.lesson().write_bytes(notebook(("", "intro"), ("", "my answer")))
    there.correct()
    there.material.update_first()
    (told,) = there.material.look()["taken"]
    assert told["notes"] == ["The intro was wrong."]
    assert len(told["kept"]) == 1


def test_what_was_saved_meanwhile_is_not_lost(there: Class) -> None:
    """A file that changes between look and writing is left alone; the correction waits for the next time."""
    there.correct()
    (part,) = [one for one in parts([there.lessons], there.home) if one.name == "lessons"]
    steps = home.updates(part)
    there.lesson().write_bytes(notebook(("", "intro"), ("", "saved just now")))
    home.take(steps)
    assert texts(there.lesson()) == ["intro", "saved just now"]
    there.material.update()
    assert texts(there.lesson()) == ["better intro", "saved just now"]


@pytest.mark.parametrize("when", ["NamedTemporaryFile", "os.fsync", "os.link"])
def test_a_full_home_changes_nothing(there: Class, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Where there is no room, whenever that shows, correction and new start leave all as it was, and say so."""
    there.lesson().write_bytes(notebook(("", "intro"), ("", "my answer")))
    there.correct()
    before = there.everything()
    monkeypatch.setattr(home if "." not in when else os, when.removeprefix("os."), full)
    monkeypatch.setattr(home.shutil, "copy2", full)
    with pytest.raises(home.CannotWriteError):
        there.material.update()
    with pytest.raises(home.CannotWriteError):
        there.material.reset("courses/demo/lessons/one.ipynb")
    assert there.everything() == before
    assert not (there.home / "courses/demo/kept").exists() or not any((there.home / "courses/demo/kept").iterdir())


def test_without_second_names_a_copy_is_set_aside(there: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows no links keeps the work all the same."""
    there.lesson().write_bytes(b"mine")
    monkeypatch.setattr(os, "link", full)
    (kept,) = there.material.reset("courses/demo/lessons/one.ipynb")["kept"]
    assert (there.home / kept).read_bytes() == b"mine"


def test_a_lesson_starts_again(there: Class) -> None:
    """The original and its data are back, each version is kept, other lessons are left alone; no damage stops it."""
    there.correct()
    there.lesson().write_bytes(b"no notebook at all")
    there.lesson("lessons/same.py").unlink()
    there.lesson("lessons/own.ipynb").write_bytes(b"mine")
    one = there.material.reset("courses/demo/lessons/one.ipynb")
    assert there.lesson().read_bytes() == SECOND["lessons/one.ipynb"]
    assert there.lesson("lessons/same.py").read_bytes() == b"1"
    there.lesson().write_bytes(b"again")
    two = there.material.reset("courses/demo/lessons/one.ipynb")
    kept = [there.home / path for path in (*one["kept"], *two["kept"]) if path.endswith("one.ipynb")]
    assert [path.read_bytes() for path in kept] == [b"no notebook at all", b"again"]
    assert there.lesson("lessons/own.ipynb").read_bytes() == b"mine"
    assert there.material.reset("courses/demo/lessons/one.ipynb") == {"files": [], "kept": []}


def test_an_assignment_starts_again(there: Class) -> None:
    """An assignment comes back as it was fetched; the work is in the folder kept."""
    there.give(there.home / "demo/sums", {"sums.ipynb": notebook(("", "sums"), ("total", "42"))})
    (kept,) = there.material.reset("demo/sums/sums.ipynb")["kept"]
    assert texts(there.home / "demo/sums/sums.ipynb") == ["sums", "stub"]
    assert texts(there.home / kept) == ["sums", "42"]


@pytest.mark.parametrize("path", ["courses/demo/lessons/own.ipynb", "notes.ipynb", "courses/other/one.ipynb", "../x"])
def test_what_came_with_no_course(there: Class, path: str) -> None:
    """There is no original of it."""
    with pytest.raises(home.NoOriginalError):
        there.material.reset(path)


def test_a_link_is_not_followed(there: Class, tmp_path: Path) -> None:
    """Where somebody has put a link, nothing is written through it and nothing replaces it."""
    (tmp_path / "else.csv").write_bytes(b"a\n")
    there.lesson("data/t.csv").unlink()
    there.lesson("data/t.csv").symlink_to(tmp_path / "else.csv")
    there.correct()
    there.material.update()
    there.material.reset("courses/demo/lessons/one.ipynb")
    assert there.lesson("data/t.csv").is_symlink()
    assert (tmp_path / "else.csv").read_bytes() == b"a\n"


@pytest.mark.parametrize("path", ["../../../.bashrc", "/etc/x", ".bashrc", "lessons/.ssh/x", ""])
def test_no_history_leads_elsewhere(there: Class, path: str) -> None:
    """A history that names a file outside its part, or a hidden one, is none: nothing is written by it."""
    there.correct()
    file = there.history / "lessons/versions.json"
    said = json.loads(file.read_text())
    said["versions"][-1]["files"][path] = said["versions"][-1]["files"]["data/t.csv"]
    file.write_text(json.dumps(said))
    before = there.everything()
    there.material.update()
    assert there.everything() == before


def test_a_damaged_file_is_not_handed_out(there: Class) -> None:
    """What is not what its hash says reaches nobody, and nothing has changed."""
    there.correct()
    for file in (there.history / "lessons/files").iterdir():
        file.write_bytes(b"other")
    before = there.everything()
    with pytest.raises(OSError, match="is damaged"):
        there.material.update()
    assert there.everything() == before


def test_a_history_that_cannot_be_read_is_none(there: Class) -> None:
    """A damaged or missing history changes nothing at home."""
    (there.history / "lessons/versions.json").write_text("{")
    (there.home / "courses/nothing").mkdir()
    before = there.everything()
    there.material.update()
    assert there.everything() == before
    nowhere: dict[str, Any] = Material([there.lessons.with_name("nothing")], there.home, WORDS).look()
    assert (nowhere["waiting"], nowhere["taken"], nowhere["homes"]) == ([], [], [])
    assert Part("lessons", there.home, there.home, there.home).versions() == []
