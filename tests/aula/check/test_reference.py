"""The author guide's page of rules says what the rules say; every rule is registered and explains itself."""

import re
from pathlib import Path

import aula.check.rules
from aula.check import reference
from aula.check.rules import ALL

PAGE = Path(__file__).parents[3] / "book/guides/course-rules.md"


def test_every_rule_explains_itself() -> None:
    """Names are words with hyphens, each once; a reason and a remedy are sentences, and there are two examples."""
    names = [rule.name for rule in ALL]
    assert len(names) == len(set(names))
    for rule in ALL:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.why.endswith(".")
        assert rule.remedy.endswith(".")
        assert rule.bad != rule.good
        assert "\n" not in rule.title


def test_every_file_of_a_rule_is_registered() -> None:
    """A rule is a file of its name, and all files are in the list."""
    files = {path.stem for path in Path(aula.check.rules.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == {rule.name.replace("-", "_") for rule in ALL}


def test_slow_rules_come_last() -> None:
    """What can be told at once is told first."""
    slow = [rule.slow for rule in ALL]
    assert slow == sorted(slow)


def test_the_books_page_is_up_to_date() -> None:
    """The page in the book is what the package says now."""
    assert PAGE.read_text(encoding="utf-8") == reference.page(), (
        f"write it anew: PYTHONPATH=.:spawners python -m aula.check.reference > {PAGE.relative_to(PAGE.parents[2])}"
    )
