"""The second size of a lesson, and the second seed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from aula.check import sizes
from aula.check.page import Page
from aula.course import Lesson, Value
from tests.aula.check.good_course import LESSON

SETS: dict[str, tuple[dict[str, dict[str, Value]], Mapping[str, Value]]] = {
    "none": ({}, {}),
    "the same size": ({"second": {"size": 3}}, {}),
    "no size": ({"second": {"name": "a"}}, {}),
    "another": ({"node": {"size": 7}}, {"size": 7}),
    "the one that is meant": ({"node": {"size": 700}, "second": {"size": 4}}, {"size": 4}),
    "one for a GPU": ({"gpu": {"size": 9, "device": "cuda"}}, {}),
    "the first for two cores": ({"gpu": {"size": 9, "device": "cuda"}, "node": {"size": 7}}, {"size": 7}),
}


def page(folder: Path, parameters: str) -> Page:
    """Return a lesson with these parameters."""
    path = folder / "01-sums.md"
    path.write_text(LESSON.replace("size = 3  # how many numbers", parameters), encoding="utf-8")
    return Page.read(path)


@pytest.mark.parametrize(("stated", "chosen"), SETS.values(), ids=SETS)
def test_the_second_size_is_chosen(
    tmp_path: Path, stated: dict[str, dict[str, Value]], chosen: Mapping[str, Value]
) -> None:
    """It is the set `second`, or the first that changes a size and asks for nothing that two cores lack."""
    lesson = Lesson(file="01-sums", minutes_teaching=1, minutes_exercises=1, parameters=stated)
    assert sizes.second(lesson, page(tmp_path, "size: int = 3\nname = 'b'")) == chosen


def test_only_a_seed_is_seeded(tmp_path: Path) -> None:
    """Another seed is set where the cell of parameters sets one: in a lesson by papermill, else in the cell."""
    assert sizes.seeded(page(tmp_path, "size = 3")) == {}
    seeded = page(tmp_path, "seed = 1")
    assert sizes.seeded(seeded) == {"seed": sizes.OTHER_SEED}
    texts = [sizes.reseeded(cell, cell.source) for cell in seeded.code]
    assert texts == [f"seed = 1\nseed = {sizes.OTHER_SEED}", *(cell.source for cell in seeded.code[1:])]
