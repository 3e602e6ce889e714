"""Answers that look alike: copies are flagged whatever was done to them, and who thought for themselves is not."""

import json
from pathlib import Path

import pytest

from aula import cli
from aula.errors import GlanceError
from aula.glance import alike
from aula.glance.alike import Alike, compare
from aula.glance.folders import Folders
from aula.glance.tokens import statements
from tests.aula.glance.answers_of_many import ANA, COPIED, INDEPENDENT, SHORT, SOLUTION, TASK, USUAL

GIVEN = [{"waits": TASK}, {"waits": SOLUTION}]


def compared(**answers: str) -> Alike:
    """Return what is flagged among the class and further answers."""
    return compare("queue", GIVEN, {name: {"waits": text} for name, text in {**INDEPENDENT, **answers}.items()})


def pairs(found: Alike) -> list[tuple[str, str]]:
    """Return who is flagged."""
    return [(one.a, one.b) for one in found.pairs]


def test_who_wrote_it_themselves_is_not_flagged() -> None:
    """Six right answers to one task, each by another idea, and one as the author's solution."""
    found = compared()
    assert (found.compared, pairs(found)) == (6, [])


def test_a_dressed_up_copy_is_flagged() -> None:
    """Other names, another order of statements, comments, blank lines, no description."""
    assert pairs(compared(bo=COPIED)) == [("ana", "bo")]


@pytest.mark.parametrize(
    "changed",
    [
        ANA.replace("ends", "e").replace("arrival", "a"),
        ANA.replace("    ", "\t"),
        ANA.replace("\n        ", "\n\n        # and now\n        "),
        ANA.replace("result = []", "result = list()").replace("result += [wait]", "result.append(wait)"),
        ANA.replace("return result", "print('done'); return result"),
    ],
    ids=["names", "white space", "comments", "two other lines", "one more statement"],
)
def test_one_change_at_a_time_hides_nothing(changed: str) -> None:
    """Each kind of change alone."""
    assert changed != ANA
    assert pairs(compared(bo=changed)) == [("ana", "bo")]


def test_what_everybody_writes_says_nothing() -> None:
    """The author's solution under other names, a short answer, and what many of the class have."""
    assert pairs(compared(uwe=USUAL)) == []
    assert pairs(compared(s1=SHORT, s2=SHORT)) == []
    assert pairs(compared(**{f"n{number}": ANA for number in range(6)})) == []


def test_the_look_shows_both_side_by_side() -> None:
    """Whole answers, with the lines that the other one has too."""
    (pair,) = compared(bo=COPIED).pairs
    (cell,) = pair.cells
    assert pair.share == 1.0
    assert "\n".join(line.text for line in cell.a) == ANA
    assert [line.text.strip() for line in cell.b if line.text.strip() and not line.alike] == [
        "def waits(tasks, n):",
        "# my own idea: remember the end of each task",
        "out = []",
        "return out",
    ]


def test_any_text_has_statements() -> None:
    """A statement may go over lines, or share one; a description is none; broken code ends somewhere."""
    source = '"""What it does."""\nx = [1,\n     2]  # two\ny = f(x); z = a.b\n'
    assert [(one.first, one.last, len(one.tokens)) for one in statements(source)] == [(1, 2, 7), (3, 3, 6), (3, 3, 5)]
    for text in ("", "(((", "'", '"""' * 3333, "x = \\", "é = 1\u2028", "!ls; %time", "\x00" * 50):
        assert len(statements(text)) <= 2
    assert len(statements("f(" * 100_000)) == 1


def write(folder: Path, source: str, **more: object) -> None:
    """Write the notebook `queue` with an answer."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = {"grade_id": "waits", "solution": True, **more}
    cell = {"cell_type": "code", "metadata": {"nbgrader": marks}, "source": source.splitlines(keepends=True)}
    (folder / "queue.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown"}, cell]}))


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A run with the class's answers collected, but for two that are newer or damaged."""
    made = Folders(tmp_path / "run", "run", tmp_path / "handed-in")
    write(made.run_dir / "release/queue", TASK)
    write(made.run_dir / "source/queue", SOLUTION)
    for name, text in INDEPENDENT.items():
        write(made.run_dir / "submitted" / name / "queue", text)
    for number, text in enumerate((ANA, COPIED), 1):  # two attempts of one person
        write(tmp_path / f"handed-in/bo/queue/{number:04}/files", text)
        (tmp_path / f"handed-in/bo/queue/{number:04}/receipt.json").touch()
    for number, text in enumerate((ANA, SHORT), 1):  # who has thought better of it
        write(tmp_path / f"handed-in/carl/queue/{number:04}/files", text)
        (tmp_path / f"handed-in/carl/queue/{number:04}/receipt.json").touch()
    for name, text in (("deep", "[" * 100_000), ("odd", '{"cells": [1, {"metadata": 2}]}'), ("list", "[]")):
        write(made.run_dir / "submitted" / name / "queue", "")
        (made.run_dir / "submitted" / name / "queue/queue.ipynb").write_text(text)
    return made


def test_the_last_hand_ins_are_compared(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody's earlier attempt counts, own or not; what cannot be read is passed over; the command tells the pairs."""
    found = alike.look(folders, "queue")
    assert (found.compared, pairs(found)) == (7, [("ana", "bo")])
    words = ["class", str(folders.run_dir), f"--handed-in={folders.handed_in}", "--alike", "queue"]
    assert cli.main(words) == 0
    assert "ana  bo  100% alike  waits" in capsys.readouterr().out
    assert cli.main([*words, "--json"]) == 0
    assert Alike.model_validate_json(capsys.readouterr().out) == found
    with pytest.raises(GlanceError, match="look at its name"):
        alike.look(folders, "other")
