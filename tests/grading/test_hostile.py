"""The hostile submissions are what they say they are: notebooks, of every class, and free of what nobody planted."""

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests.grading import assignments, planted
from tests.grading.attacks.every import ATTACKS, aimed_at
from tests.grading.hostile import HIDDEN, WALL_S, Hostile
from tests.grading.planted import Planted

LINES = {12: 20, 13: 8, 14: 12, 15: 8, 19: 8}
"""How many of each line of the list there are at least."""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """What the attacks are aimed at."""
    place = Planted(tmp_path_factory.mktemp("planted"), 5555)
    place.plant()
    return place


@pytest.fixture(scope="module")
def attacks(target: Planted) -> list[Hostile]:
    """All attacks."""
    return aimed_at(target)


def test_every_line_of_the_list_is_covered() -> None:
    """Each of the lines has its attacks, and no two attacks have one name or do the same."""
    counted = Counter(attack.line for attack in ATTACKS)
    assert set(counted) == set(LINES)
    assert {line: counted[line] for line, least in LINES.items() if counted[line] < least} == {}
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert len({(attack.first, attack.last, str(attack.answers)) for attack in ATTACKS}) == len(ATTACKS)


def test_every_attack_is_a_notebook(attacks: list[Hostile]) -> None:
    """Each one is a notebook that can be handed in, differs from what was released, and changes cells that exist."""
    for attack in attacks:
        released = assignments.source(attack.task)
        node = attack.node(released)
        nbformat.validate(node)
        assert nbformat.reads(nbformat.writes(node), as_version=4) == node
        assert [cell.source for cell in node.cells] != [cell.source for cell in released.cells], attack.name
        assert set(attack.answers) <= {*assignments.tests(attack.task), "advice"}, attack.name


def test_every_attack_is_python(attacks: list[Hostile]) -> None:
    """An attack that fails for its own typing error attacks nothing: lines for the shell aside, each is Python."""
    for attack in attacks:
        for grade_id, text in {**attack.answers, "first": attack.first, "last": attack.last}.items():
            if grade_id != "advice":
                ast.parse(re.sub(r"^!.*$", "", text, flags=re.MULTILINE))


def test_what_is_aimed_at_is_named(target: Planted, attacks: list[Hostile]) -> None:
    """Every planted place is some attack's aim, and no placeholder is left."""
    texts = ["\n".join([attack.first, attack.last, *attack.answers.values()]) for attack in attacks]
    for path, _ in planted.FILES.values():
        assert any(str(target.root / path) in text for text in texts), path
    assert any(str(target.port) in text for text in texts)
    assert any(planted.VARIABLE[0] in text for text in texts)
    assert not [text for text in texts if re.search(r"@[A-Z]+@", text)]


def test_no_attack_brings_what_it_should_find(attacks: list[Hostile]) -> None:
    """A word that betrays an escape stands in no attack itself: an output that echoes its own source is no escape."""
    for attack in attacks:
        text = "\n".join([attack.first, attack.last, *attack.answers.values()])
        assert [word for word in (*planted.WORDS, *HIDDEN) if word in text] == []


def test_the_hidden_words_are_hidden() -> None:
    """What betrays a hidden test stands in hidden tests of these assignments, and nowhere else in them."""
    cells = [cell.source for task in assignments.TASKS for cell in assignments.source(task).cells]
    hidden = [text for text in cells if "### BEGIN HIDDEN TESTS" in text]
    for word in HIDDEN:
        assert any(word in text for text in hidden), word
        assert not [text for text in cells if word in text and text not in hidden], word


def test_outcomes_can_be_told(attacks: list[Hostile]) -> None:
    """Each attack may earn less than there is, ends in bounded time, and a script has a title to know it by."""
    for attack in attacks:
        worth = sum(sum(one.values()) for one in assignments.tests(attack.task).values())
        assert 0 <= attack.at_most < worth / 2, attack.name
        assert 0 < attack.within_s <= 10 * WALL_S, attack.name
        text = "\n".join([attack.first, *attack.answers.values()])
        assert bool(attack.title) is (attack.line == 19), attack.name
        assert attack.title in text, attack.name


def test_planted_files_are_seen_to_change(tmp_path: Path) -> None:
    """A changed, new or missing file under the planted folder is noticed."""
    place = Planted(tmp_path, 1)
    place.plant()
    before = place.state()
    assert before == place.state()
    (tmp_path / "late").write_text("3.0")
    assert place.state() != before
    (tmp_path / "late").unlink()
    (tmp_path / planted.FILES["GRADEBOOK"][0]).write_text("100")
    assert place.state() != before
