"""Reading course.yml: every mistake named with file, line and key."""

from pathlib import Path

import pytest

from aula import yaml_file
from aula.course import Contract
from aula.errors import CatalogueError
from tests.aula.small_course import CONTRACT

MISTAKES = {
    "a misspelt key": ("summary:", "sumary:", ":2: unknown key 'sumary': did you mean 'summary'?"),
    "a misspelt nested key": (
        "due_days",
        "due_dais",
        ":22: unknown key 'assignments.1.due_dais': did you mean",
    ),
    "a key like no other": ("skills:", "xyzzy:", "unknown key 'xyzzy': valid keys: title, summary"),
    "a missing key": ("pass_mark: 60\n", "", "key 'pass_mark' is missing"),
    "a missing nested key": ("text: CC-BY-4.0, ", "", ":4: key 'licence.text' is missing"),
    "a number as text": ("minutes: 60", "minutes: '60'", ":8: key 'minutes'"),
    "a limit too high": ("time_limit_s: 30", "time_limit_s: 900", ":15: key 'lessons.1.time_limit_s'"),
    "an unknown path": ("hpc-user", "hpc-users", "key 'paths.1'"),
    "the nearest path": ("hpc-user", "hpc-users", "it says 'hpc-users': did you mean 'hpc-user'?"),
    "a name with a space": ("file: 01-hello", "file: 01 hello", "'lessons.1.file': it must be the name of the lesson"),
    "a name with an accent": ("name: sums", "name: sümme", "as first-job: small letters a-z, digits, hyphens; it"),
    "a language that YAML takes for false": ("[en]", "[no]", "key 'languages.1': Input should be a valid string; it"),
    "what quotes would help": ("title: Small course", "title: 2026", "it says 2026: put it in quotes"),
    "a name that leaves the folder": ("name: sums", "name: ../sums", "key 'assignments.1.name'"),
    "a key given twice": ("minutes: 60", "minutes: 60\nminutes: 70", ":9: key 'minutes' is given twice"),
    "not YAML": ("authors: [Ana]", "authors: [Ana", ":4: is not YAML: while parsing a flow sequence"),
    "a text for a list": ("authors: [Ana]", "authors: Ana", ":3: key 'authors'"),
}


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is an error that names the file, the line and the key."""
    path = tmp_path / "course.yml"
    assert old in CONTRACT
    path.write_text(CONTRACT.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        yaml_file.read(path, Contract, CatalogueError)
    assert str(caught.value).startswith(f"{path}")
    assert message in str(caught.value)


@pytest.mark.parametrize(("old", "new"), [("hpc-user", "hpc-users"), ("due_days", "due_dais")])
def test_one_mistake_is_told_once(tmp_path: Path, old: str, new: str) -> None:
    """What follows from a mistake (a key missing, a list too short) is not told as another."""
    path = tmp_path / "course.yml"
    path.write_text(CONTRACT.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        yaml_file.read(path, Contract, CatalogueError)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n", "title: *nowhere\n", "\x00", "1: {2: 3}\n"])
def test_what_is_no_contract_at_all_is_named_too(tmp_path: Path, text: str) -> None:
    """An empty file, a list, a broken reference: an error with the file's name, never a traceback."""
    path = tmp_path / "course.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"course\.yml"):
        yaml_file.read(path, Contract, CatalogueError)


def test_the_contract_cannot_be_changed_after_reading(tmp_path: Path) -> None:
    """Who reads a contract cannot alter it for others."""
    path = tmp_path / "course.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    contract = yaml_file.read(path, Contract, CatalogueError)
    assert isinstance(contract, Contract)
    with pytest.raises(ValueError, match="frozen"):
        contract.title = "Another"  # type: ignore[misc]  # that it is refused is the point


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """A file in Latin-1, as an old editor saves it, is an error with the remedy."""
    path = tmp_path / "course.yml"
    path.write_bytes(CONTRACT.replace("Ana", "José").encode("latin-1"))
    with pytest.raises(CatalogueError, match=r"course\.yml: cannot be read: it is not UTF-8: save it so"):
        yaml_file.read(path, Contract, CatalogueError)
