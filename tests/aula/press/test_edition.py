"""The edition that a book bears."""

import subprocess
from pathlib import Path

import pytest

from aula.press import edition


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ("40217f0", "1.2.3-g40217f0"),
        ("40217f0-dirty", "1.2.3-g40217f0-dirty"),
        ("v1.2.2-4-g40217f0", "1.2.2-4-g40217f0"),
    ],
)
def test_the_commit_is_in_the_edition(tmp_path: Path, described: str, said: str) -> None:
    """A commit after a tag bears its name, and one in a clone without tags the version and its own digest."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    assert edition.of(tmp_path, described) == said


def test_a_clone_is_asked_and_a_copy_has_the_version(tmp_path: Path) -> None:
    """In a clone git says which commit it is; a copy without git has its version and no more."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    assert edition.of(tmp_path) == "1.2.3"
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "First"], ["tag", "v1.3.0"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    assert edition.of(tmp_path) == "1.3.0"
