"""The author's guide shows what the commands print."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from aula import cli

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "book/guides/author.md").read_text(encoding="utf-8")
SHOWN = [
    tuple(part.split("\n", 1))
    for block in re.findall(r"^```console\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
]
# In the guide's order; others start kernels or a class.
TRIED = ("new", "courses", "lessons")


def test_the_guide_shows_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed in the guide's order, each command says there what it says here, up to where the checkout lies."""
    (tmp_path / "courses").mkdir()
    monkeypatch.chdir(tmp_path)
    tried = [
        (shlex.split(line), said) for line, said in SHOWN if line.startswith(tuple(f"aula {one}" for one in TRIED))
    ]
    assert len(tried) == 5
    for words, said in tried:
        assert cli.main(words[1:]) == 0
        assert capsys.readouterr().out.replace(f"{tmp_path}/", "") == said.removeprefix("…\n")  # the other courses


def test_every_command_of_the_guide_exists() -> None:
    """No line of the guide has a command or an option that there is not."""
    lines = [shlex.split(line) for line, _ in SHOWN if line.startswith("aula ")]
    assert len(lines) > 8
    for words in lines:
        assert callable(cli.parser(words[1:]).parse_args(words[1:]).action)


def test_the_mistake_of_the_guide_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error that the guide shows is what a misspelt key gives."""
    (tmp_path / "courses").mkdir()
    (tmp_path / "aula").mkdir()
    shutil.copy(ROOT / "aula/course.schema.json", tmp_path / "aula")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "course", "night-forecast"]) == 0
    path = tmp_path / "courses/night-forecast/course.yml"
    path.write_text(path.read_text().replace("minutes_teaching", "minutes_teachng"))
    capsys.readouterr()
    assert cli.main(["courses"]) == 1
    assert f"```text\n{capsys.readouterr().err}```" in GUIDE
