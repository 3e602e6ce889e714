"""Adding an entry to course.yml: every comment and the layout stay, or nothing is changed."""

import pytest
import yaml

from aula.authoring import contract

LESSON = {"file": "02-more", "minutes_teaching": 5}
BLOCK = """\
# The first comment.
title: "A title"   # in quotes

lessons:           # in order
  # the first week
  - file: 01-one
    minutes_teaching: 5   # too short?
    # time_limit_s: 300

  - file: 03-three
    minutes_teaching: 5

# What is graded.
assignments: []    # none yet
minutes: 60  # all
"""
ENTRY = "  - file: 02-more\n    minutes_teaching: 5\n"


@pytest.mark.parametrize(
    ("position", "after"),
    [
        (0, "  # the first week\n"),
        (1, "    # time_limit_s: 300\n"),
        (2, "  - file: 03-three\n    minutes_teaching: 5\n"),
    ],
)
def test_an_entry_goes_where_it_belongs_and_all_else_stays(position: int, after: str) -> None:
    """Only the entry's own lines are new: comments, blank lines and quotes are where they were."""
    wanted = BLOCK.replace(after, after + ENTRY).replace("60  # all", "165 # all")
    assert contract.add(BLOCK, "lessons", LESSON, position, 165) == wanted


def test_an_empty_list_begins() -> None:
    """`[]` gives way to the first item; the comment beside it stays."""
    new = contract.add(BLOCK, "assignments", {"name": "sums"}, 0, 60)
    assert new == BLOCK.replace("assignments: []    # none yet\n", "assignments:    # none yet\n  - name: sums\n")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("title: x\nminutes: 1\n", "title: x\nminutes: 1\n\nlessons:\n" + ENTRY),
        ("minutes: 1", "minutes: 1\n\nlessons:\n" + ENTRY),
        (
            "minutes: 1\nlessons:\n- file: 01-one",
            "minutes: 1\nlessons:\n- file: 01-one\n- file: 02-more\n  minutes_teaching: 5\n",
        ),
        (
            "lessons: [{file: 01-one}]  # short\nminutes: 1\n",
            "lessons: [{file: 01-one}, {file: 02-more, minutes_teaching: 5}]  # short\nminutes: 1\n",
        ),
        ("minutes: 1\nlessons:\n  - {file: 01-one}  # x\n", "minutes: 1\nlessons:\n  - {file: 01-one}  # x\n" + ENTRY),
        ("lessons:\n  - file: >-\n      01-one\n\nminutes: 1\n", None),
        (
            "minutes: 1\r\nlessons:\r\n  - file: 01-one\r\n",
            "minutes: 1\r\nlessons:\r\n  - file: 01-one\r\n" + ENTRY.replace("\n", "\r\n"),
        ),
    ],
)
def test_every_way_to_write_a_list(text: str, wanted: str | None) -> None:
    """No list, no last line end, no indent, brackets, Windows line ends, folded text: the entry is the list's last."""
    position = len(yaml.safe_load(text).get("lessons", []))
    new = contract.add(text, "lessons", LESSON, position, 1)
    assert new is not None
    assert yaml.safe_load(new)["lessons"][-1] == LESSON
    assert wanted in (None, new)


def test_brackets_take_an_entry_in_front() -> None:
    """In a list in brackets, too, the number decides the place."""
    new = contract.add("lessons: [{file: 03-three}]\nminutes: 1\n", "lessons", {"file": "02-more"}, 0, 1)
    assert new == "lessons: [{file: 02-more}, {file: 03-three}]\nminutes: 1\n"


@pytest.mark.parametrize(
    "text",
    [
        "lessons: words\nminutes: 1\n",
        "lessons:\nminutes: 1\n",
        "- a\n",
        "all: &all\n  - file: 01-one\nlessons: *all\nminutes: 1\n",  # the other list would grow too
        "title: x\nminutes: 1\n...\n",
        "{title: x, minutes: 1}\n",
    ],
)
def test_in_doubt_nothing_is_changed(text: str) -> None:
    """Where the new text would not say exactly the old and the entry, there is no new text."""
    assert contract.add(text, "lessons", LESSON, text.count("01-one"), 1) is None
