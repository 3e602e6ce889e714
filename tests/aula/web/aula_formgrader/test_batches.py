"""Tests of grading in the background of the formgrader's server, with programs in place of `aula grade`."""

import asyncio
import sys

from aula.web.aula_formgrader.batches import MOST, Batches

SAYS = """
import sys
print("[1/2] ana: 3 of 4\\n[2/2] bo: 4 of 4")
print(sys.argv[1:])
sys.exit(len(sys.argv) - 2)
"""


def python(program: str) -> list[str]:
    """Return the words that run a program."""
    return [sys.executable, "-c", program]


async def ended(batches: Batches, assignment: str) -> None:
    """Wait for the end of a batch."""
    while (batch := batches.find(assignment)) and batch.status is None:
        await asyncio.sleep(0.01)


def test_a_batch_tells_how_far_it_is() -> None:
    """What the command says is kept, its steps are counted, and its exit status tells whether all went well."""

    async def grade() -> dict[str, object]:
        batches = Batches(python(SAYS))
        assert batches.find("sums") is None
        begun = batches.begin("sums")
        assert begun.told == {"kind": "grade", "running": True, "success": False, "done": 0, "of": 0, "lines": []}
        await ended(batches, "sums")
        return begun.told

    lines = ["[1/2] ana: 3 of 4", "[2/2] bo: 4 of 4", "['sums']"]
    told = {"kind": "grade", "running": False, "success": True, "done": 2, "of": 2, "lines": lines}
    assert asyncio.run(grade()) == told


def test_two_who_ask_share_a_batch_and_later_ones_begin_another() -> None:
    """While an assignment is being graded there is one batch of it; another assignment has its own."""

    async def grade() -> None:
        batches = Batches(python("input"))
        first = batches.begin("sums")
        assert batches.begin("sums") is first
        assert batches.begin("others") is not first
        await ended(batches, "sums")
        assert batches.begin("sums") is not first
        await ended(batches, "sums")
        await ended(batches, "others")

    asyncio.run(grade())


def test_who_asks_for_something_else_gets_what_runs() -> None:
    """Feedback is not released of marks that are just being made: there is one batch of an assignment, of any kind."""

    async def both() -> None:
        batches = Batches(python("input"), python("input"))
        first = batches.collect_and_grade("sums")
        assert batches.feedback("sums") is first
        await ended(batches, "sums")
        second = batches.feedback("sums")
        assert (second is first, second.told["kind"]) == (False, "feedback")
        assert batches.begin("sums") is second
        await ended(batches, "sums")

    asyncio.run(both())


def test_one_after_the_other_whatever_fails() -> None:
    """A hand-in that cannot be collected keeps no other from being graded, and the batch has failed all the same."""
    nbgrader = python("import sys; print(*sys.argv[1:]); sys.exit(3)")

    async def all_of_it() -> list[tuple[int | None, str]]:
        batches = Batches(python("import sys; print('[1/1] ana: graded', *sys.argv[1:])"), nbgrader)
        grading = batches.collect_and_grade("sums", "ines")
        await ended(batches, "sums")
        releasing = batches.feedback("sums", "ines")
        await ended(batches, "sums")
        return [(one.status, one.log) for one in (grading, releasing)]

    assert asyncio.run(all_of_it()) == [
        (3, "collect --update sums\n[1/1] ana: graded sums"),
        (3, "generate_feedback --force sums\nrelease_feedback sums"),
    ]


def test_pages_of_feedback_are_counted() -> None:
    """nbgrader does not say of how many; its own words count the pages."""
    line = "[GenerateFeedbackApp | INFO] Converting notebook /run/autograded/ana/sums/sums.ipynb"

    async def pages() -> tuple[int, int]:
        batches = Batches([], python(f"print({line!r})"))
        begun = batches.feedback("sums")
        while begun.log.count("\n") < 1:
            await asyncio.sleep(0.01)
        await ended(batches, "sums")
        return begun.told["done"], begun.told["of"]

    assert asyncio.run(pages()) == (1, 0)


def test_one_submission_is_graded_beside_a_batch() -> None:
    """The command gets the trainee's name; what fails is told with what was said."""
    batch = asyncio.run(Batches(python(SAYS)).grade("sums", "ana"))
    assert batch.status == 1
    assert batch.log.endswith("['sums', 'ana']")


def test_the_command_is_told_who_asked() -> None:
    """The audit log has the name of who pressed the button, for one submission and for all."""

    async def grade() -> list[str]:
        batches = Batches(python("import os; print(os.environ['AULA_ACTOR'])"))
        begun = batches.begin("sums", "ines")
        await ended(batches, "sums")
        return [begun.log, (await batches.grade("sums", "ana", "joao")).log]

    assert asyncio.run(grade()) == ["ines", "joao"]


def test_whatever_the_command_does_the_batch_ends() -> None:
    """No such command, a line without an end, and more lines than anybody reads."""
    missing = asyncio.run(Batches(["/nonexistent/aula"]).grade("sums", "ana"))
    assert missing.status == 1
    assert "/nonexistent/aula" in missing.log
    endless = asyncio.run(Batches(python("print('x' * 10**6)")).grade("sums", "ana"))
    assert endless.status == -9
    many = asyncio.run(Batches(python(f"print('\\n'.join(map(str, range({MOST} + 5))))")).grade("sums", "ana"))
    assert many.status == 0
    assert len(many.told["lines"]) == MOST
