"""The schema of course.yml for editors, and its reference page: both say what the contract says."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from aula import cli, course_file
from aula.catalogue import CONTRACT
from aula.course import Assignment, Contract, Lesson, Licence, Profile
from tests.aula.small_course import CONTRACT as SMALL

ROOT = Path(__file__).parents[2]
COPY = ROOT / "aula" / course_file.SCHEMA
CONTRACTS = sorted((ROOT / "courses").glob(f"*/{CONTRACT}"))
VALIDATOR = Draft202012Validator(json.loads(course_file.schema()))


def test_the_copy_for_editors_is_current() -> None:
    """The file that editors read is what the contract's schema gives today."""
    assert COPY.read_text(encoding="utf-8") == course_file.schema(), (
        f"write it anew: PYTHONPATH=spawners python -m aula.cli courses --schema > {COPY.relative_to(ROOT)}"
    )


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.parent.name)
def test_an_editor_has_nothing_to_say_against_our_contracts(path: Path) -> None:
    """Each course.yml fits the schema, and where it names a copy for its editor, it names the right one."""
    text = path.read_text(encoding="utf-8")
    named = re.search(r"^# yaml-language-server: \$schema=(\S+)$", text, re.MULTILINE)
    assert named is None or (path.parent / named[1]).resolve() == COPY
    Draft202012Validator.check_schema(VALIDATOR.schema)
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("summary:", "sumary:"),
        ("hpc-user", "hpc-users"),
        ("pass_mark: 60\n", ""),
        ("name: sums", "name: my sums"),
        ("minutes: 60", "minutes: '60'"),
        ("time_limit_s: 30", "time_limit_s: 900"),
    ],
)
def test_an_editor_marks_what_the_catalogue_refuses(old: str, new: str) -> None:
    """By the schema an editor sees the mistakes that the catalogue would tell."""
    assert VALIDATOR.is_valid(yaml.safe_load(SMALL))
    assert not VALIDATOR.is_valid(yaml.safe_load(SMALL.replace(old, new)))


def test_every_key_has_a_description() -> None:
    """No key of the contract is without words for the page and the editor."""
    models = (Contract, Licence, Profile, Lesson, Assignment)
    silent = [f"{one.__name__}.{key}" for one in models for key, f in one.model_fields.items() if not f.description]
    assert silent == []


@pytest.mark.parametrize(
    "row",
    [
        "| `title` | text | must be given |",
        "| `paths` | list: `decision-maker` or `data-scientist` or `developer-engineer` or `hpc-user`; at least 1 |",
        "| `pass_mark` | number, 0 to 100 | must be given |",
        "| `assignments` | list: parts, below | nothing |",
        "| `profile` | keys, below | must be given |",
        "| `memory_gb` | number, more than 0 | must be given |",
        "| `time_limit_s` | whole number, 1 to 300 | `60` |",
        "| `parameters` | keys of your own | nothing |",
    ],
)
def test_the_page_says_kind_default_and_bounds(row: str) -> None:
    """A row of the reference has the kind of value, its bounds or choices, and what follows where it is left out."""
    assert f"\n{row}" in course_file.page()


def test_the_page_has_every_key_of_every_part() -> None:
    """Nothing that the contract takes is missing on the page."""
    page = course_file.page()
    for model in (Contract, Licence, Profile, Lesson, Assignment):
        for key, field in model.model_fields.items():
            assert re.search(rf"^\| `{key}` \|.*\| {re.escape(str(field.description))} \|$", page, re.MULTILINE), key
    assert "None" not in page


def test_the_command_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    """`aula courses` prints schema and reference, also where there are no courses."""
    assert cli.main(["--root", "/nonexistent", "courses", "--schema"]) == 0
    assert capsys.readouterr().out == course_file.schema()
    assert cli.main(["--root", "/nonexistent", "courses", "--reference"]) == 0
    assert capsys.readouterr().out == course_file.page()
