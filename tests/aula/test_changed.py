"""What has changed since a commit: a lesson alone is checked alone."""

import json
import subprocess
from pathlib import Path

import pytest

from aula import changed, cli
from aula.changed import Changes
from aula.errors import CheckError
from tests.aula.check import good_course
from tests.aula.small_course import edit, load, write_course


def git(root: Path, *words: str) -> None:
    """Run git in a checkout."""
    named = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", root, *named, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with two courses, all committed, on a branch of its own."""
    good_course.write_course(tmp_path)
    write_course(tmp_path)
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "Begin")
    git(tmp_path, "checkout", "-b", "mine")
    return tmp_path


def test_what_is_committed_new_edited_or_gone_counts(checkout: Path) -> None:
    """All that is other than where the branch left its base is told; what came there later is not."""
    small = checkout / "courses/small"
    edit(small / "lessons/01-hello.md", "# Hello", "# Good morning")
    git(checkout, "commit", "-am", "Greet")
    (small / "lessons/helper.py").unlink()
    (small / "data/new table.csv").write_text("1\n")
    git(checkout, "checkout", "-q", "main", "--", "courses/good")
    found = changed.since(checkout, "main").files
    assert found == {
        f"courses/small/{name}" for name in ("lessons/01-hello.md", "lessons/helper.py", "data/new table.csv")
    }
    git(checkout, "stash", "-u")
    git(checkout, "checkout", "main")
    edit(checkout / "courses/good/index.md", "Sums", "Totals")
    git(checkout, "commit", "-am", "Rename")
    git(checkout, "checkout", "mine")
    assert changed.since(checkout, "main").files == {"courses/small/lessons/01-hello.md"}


def test_git_that_cannot_say_is_an_error_with_a_remedy(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A base that is not here, an option in its place, and a folder without git are told."""
    with pytest.raises(CheckError, match=r"changed since 'mian'.*git fetch origin main"):
        changed.since(checkout, "mian")
    with pytest.raises(CheckError, match="name a branch or a commit"):
        changed.since(checkout, "--output=x")
    with pytest.raises(CheckError, match="not a git repository"):
        changed.since(tmp_path_factory.mktemp("bare"), "main")


LESSON = "courses/small/lessons/01-hello.md"
ONLY = {
    "a lesson": ([LESSON], ["01-hello"], [], False),
    "the assignment": (["courses/small/assignments/sums/sums.md"], [], ["sums"], True),
    "a mutant": (["courses/small/mutants/sums/none.md"], [], [], True),
    "data": (["courses/small/data/table.csv"], ["01-hello"], [], False),
    "a script": (["courses/small/lessons/helper.py"], ["01-hello"], [], False),
    "the contract": (["courses/small/course.yml"], ["01-hello"], ["sums"], True),
    "another course": (["courses/smaller/lessons/01-hello.md"], [], [], False),
}


@pytest.mark.parametrize(("files", "lessons", "tasks", "graded"), ONLY.values(), ids=ONLY)
def test_only_what_depends_on_a_change_is_left(
    small: Path, files: list[str], lessons: list[str], tasks: list[str], graded: bool
) -> None:
    """Of a course those lessons and assignments stay that a changed file belongs to."""
    changes = Changes(frozenset(files))
    left = changes.only(load(small))
    assert [one.file for one in left.lessons] == lessons
    assert [one.name for one in left.assignments] == tasks
    assert changes.graded("small") is graded


def test_a_changed_lesson_alone_is_checked_without_grading(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other course is left out, and nothing is graded; with no change there is nothing to check."""
    report = checkout / "junit.xml"
    words = ["--root", str(checkout), "check", "--changed", "main", "--junit", str(report)]
    assert cli.main(words) == 0
    assert capsys.readouterr().out == "No course has changed: there is nothing to check.\n"
    edit(checkout / "courses/good/lessons/01-sums.md", "## Key points", "## The end")
    assert cli.main([*words, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["courses"] == ["good"]
    assert "deterministic" not in told["rules"]
    assert "deterministic" not in report.read_text()
    assert "alt-text" in report.read_text()
    assert told["mutation"] == []
    assert [one["rule"] for one in told["findings"]] == ["key-points"]
    assert told["seconds"] < 10
