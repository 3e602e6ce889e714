"""Honest submissions: right and wrong answers as trainees hand them in, made by program, the same for the same seed."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from random import Random

import nbformat
from nbformat import NotebookNode

from aula import marks
from tests.grading import rewrite
from tests.grading.answer import Answer
from tests.grading.assignments import ANSWERS

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2], label='try')\nplt.legend()\nplt.show()"
CELLS = (
    PLOT,
    "import sys\nprint('Python', sys.version_info[0])",
    "%time sum(range(1000))",
    "1 / 0  # what happens?",
    "print('warning', file=sys.stderr)",
    "for i in range(3):\n    print(i, end=' ')",
    "x = [1, 2, 3]\nx",
    "from IPython.display import HTML\nHTML('<b>done</b>')",
    "",
)
NOTES = ("I am not sure about task 2.", "**Nota:** he preguntado a *Marta*.", "- one\n- two\n\n$x^2$", "")
MEMOS = (
    "The room warms slowly. I would look at the door first, then at the sensor.",
    "Her şey yolunda; kapıyı kontrol edin. ¿Y el sensor? Temperatura crește încet: 0,01 °C pe oră.",
    "",
)


@dataclass(frozen=True)
class Honest:
    """A submission: its notebook, and for each answer in code whether it is right."""

    name: str
    task: str
    node: NotebookNode
    right: Mapping[str, bool]
    mistakes: Mapping[str, str]
    """What is wrong with each wrong answer, in a word or two."""


def _unclosed(source: str, _chance: Random) -> str:
    return source.rstrip() + "\nprint((1, 2)\n"


def _raising(_source: str, _chance: Random) -> str:
    return "raise RuntimeError('I could not do it')\n"


def _empty(_source: str, chance: Random) -> str:
    return chance.choice(["", "\n", "# nothing\n", "pass\n", "..."])


def _misnamed(source: str, _chance: Random) -> str:
    """Delete the answer's names again, as a misspelling does."""
    words = [line.split("(")[0].split(":")[0].split() for line in source.splitlines()]
    names = [line[1] for line in words if len(line) == 2 and line[0] in ("def", "class")] or ["drift"]
    return source.rstrip() + "".join(f"\n{name}_ = globals().pop({name!r}, None)" for name in names) + "\n"


SPOILT: dict[str, Callable[[str, Random], str]] = {
    "unclosed": _unclosed,
    "raising": _raising,
    "empty": _empty,
    "misnamed": _misnamed,
}
UNTOUCHED = "untouched"
Decks = Mapping[str, Iterator[str]]


def submissions(released: Mapping[str, NotebookNode], count: int = 200, seed: int = 7) -> Iterator[Honest]:
    """Yield so many submissions of the released notebooks in turn: a third of them all right, some without any work."""
    chance = Random(seed)  # noqa: S311 - a test's variety, no secret
    decks = {grade_id: _deck(one, chance) for grade_id, one in ANSWERS.items()}
    tasks = list(released)
    for number in range(count):
        task = tasks[number % len(tasks)]
        kind = number // len(tasks) % 6
        error_rate = 0.0 if kind in (0, 3) else 1.0 if kind == 5 else 0.35
        yield _submission(f"honest-{number:03}", task, released[task], error_rate, decks, chance)


def _deck(answer: Answer, chance: Random) -> Iterator[str]:
    """Return the mistakes of an answer in some order, again and again, so that each occurs."""
    mistakes = [*answer.wrong, *SPOILT, UNTOUCHED]
    return cycle(chance.sample(mistakes, len(mistakes)))


def _submission(
    name: str, task: str, released: NotebookNode, error_rate: float, decks: Decks, chance: Random
) -> Honest:
    node = copy.deepcopy(released)
    right: dict[str, bool] = {}
    mistakes: dict[str, str] = {}
    cells: list[NotebookNode] = []
    for cell in node.cells:
        grade_id = str(marks.of(cell).get("grade_id", ""))
        cells.append(cell)
        if grade_id in ANSWERS:
            mistake = next(decks[grade_id]) if chance.random() < error_rate else ""
            _answer(cell, grade_id, mistake, chance)
            right[grade_id] = not mistake
            if mistake:
                mistakes[grade_id] = mistake
            cells += _beside(grade_id, right[grade_id], chance)
        elif cell.cell_type == "markdown" and marks.of(cell).get("grade"):
            cell.source = chance.choice(MEMOS) or cell.source
    node.cells = cells
    return Honest(name, task, node, right, mistakes)


def _answer(cell: NotebookNode, grade_id: str, mistake: str, chance: Random) -> None:
    """Fill in an answer: a right one, or one with the mistake."""
    if mistake == UNTOUCHED:
        return
    answer = ANSWERS[grade_id]
    source = answer.wrong.get(mistake) or chance.choice(answer.right)
    for way in chance.sample(rewrite.WAYS, chance.randrange(4)):
        source = way(source, chance)
    cell.source = SPOILT[mistake](source, chance) if mistake in SPOILT else source


def _beside(grade_id: str, right: bool, chance: Random) -> Iterator[NotebookNode]:
    """Yield cells that somebody adds behind an answer: tries, plots, notes."""
    new = nbformat.v4
    for _ in range(chance.choice((0, 0, 1, 2))):
        sources = (*CELLS, *ANSWERS[grade_id].tries) if right else CELLS
        cell = new.new_code_cell(chance.choice(sources))
        cell.outputs = [new.new_output("stream", text="what it printed at home\n")] if chance.random() < 0.5 else []
        yield _told_apart(cell, chance)
    if chance.random() < 0.2:
        yield _told_apart(new.new_markdown_cell(chance.choice(NOTES)), chance)


def _told_apart(cell: NotebookNode, chance: Random) -> NotebookNode:
    """Give a cell an id that the seed decides, too."""
    cell.id = f"own-{chance.randrange(16**8):08x}"
    return cell
