"""The standing job: who hands in reads what the visible tests say, as often as the course grants it, and no more."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aula.grading.errors import SandboxError
from aula.grading.limits import Limits
from aula.grading.standing import answers, warm
from aula.grading.standing import standing as module
from aula.release import release
from tests.aula.grading.class_of import ENDLESS, RIGHT, WRONG
from tests.aula.grading.standing.inbox import Inbox, work
from tests.aula.small_course import edit, load

UNFINISHED = "def total(numbers):\n    return 'none yet'\n"


def test_what_the_visible_tests_say_and_no_more(inbox: Inbox) -> None:
    """A right answer passes, another fails with the author's test; the hidden test is neither run nor shown."""
    right, wrong = inbox.hand_in(RIGHT), inbox.hand_in(UNFINISHED, "bruno")
    hidden_fails = inbox.hand_in(WRONG, "carla")
    with inbox.standing() as standing:
        work(standing)
    pages = [inbox.page(made) for made in (right, wrong, hidden_fails)]
    assert "1 of 1 visible test passed" in pages[0]
    assert "0 of 1 visible test passed" in pages[1]
    assert "assert isinstance" in pages[1]
    assert "1 of 1 visible test passed" in pages[2]  # a person who guesses 1 fails the hidden test alone
    for page in pages:
        assert "hidden tests" in page
        assert "not your mark" in page
        assert "19, 23" not in page
        assert "HIDDEN" not in page
    assert not (inbox.run_dir / "submitted").exists()
    assert not (inbox.run_dir / "autograded").exists()


def test_a_trainee_gets_as_many_as_the_course_grants_after_a_restart_too(inbox: Inbox) -> None:
    """The third hand-in of two reads that results are used up; another trainee's own are untouched."""
    first, second = inbox.hand_in(RIGHT), inbox.hand_in(RIGHT)
    with inbox.standing() as standing:
        work(standing)
    assert "1 more result at once" in inbox.page(first) + inbox.page(second)
    assert "your last result at once" in inbox.page(first) + inbox.page(second)
    third, other = inbox.hand_in(RIGHT), inbox.hand_in(RIGHT, "bruno")
    with inbox.standing() as standing:
        work(standing)
    assert "had all your results" in inbox.page(third)
    assert "1 of 1" not in inbox.page(third)
    assert "1 of 1" in inbox.page(other)


def test_an_endless_loop_gets_no_result_and_keeps_nobody_waiting(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads that it was too slow; who hands in after it has a result before that."""
    monkeypatch.setattr(warm, "LIMITS", Limits(turn_s=3, turn_wall_s=6))
    endless, again = inbox.hand_in(ENDLESS), inbox.hand_in(ENDLESS)
    with inbox.standing() as standing:
        standing.look()
        honest = inbox.hand_in(RIGHT, "bruno")
        end = time.monotonic() + 3
        while not inbox.page(honest):
            standing.look()
            assert time.monotonic() < end
        assert not inbox.page(endless) + inbox.page(again)
        work(standing)
    assert "longer than a result at once may take" in inbox.page(endless)
    assert "longer than a result at once may take" in inbox.page(again)


def test_the_gradings_own_feedback_stays(inbox: Inbox) -> None:
    """Where feedback lies already, nothing is written over it, and no result is used up."""
    made = inbox.hand_in(RIGHT)
    inbox.place(made).parent.mkdir(parents=True)
    inbox.place(made).write_text("well done")
    with inbox.standing() as standing:
        work(standing)
    assert inbox.page(made) == "well done"
    assert '"counts": false' in (inbox.run_dir / module.FOLDER / "journal.jsonl").read_text()


def test_what_is_released_anew_is_what_is_tried(inbox: Inbox, small: Path) -> None:
    """A correction of the visible test holds for the next hand-in, without a restart."""
    with inbox.standing() as standing:
        work(standing)
        edit(small / "assignments/sums/sums.md", "assert isinstance(total([1]), int)", "assert total([1, 2]) == 3")
        release.release(load(small), inbox.run_dir)
        made = inbox.hand_in(WRONG)
        work(standing)
    assert "0 of 1 visible test passed" in inbox.page(made)


def test_a_reference_that_does_not_pass_gives_no_results(inbox: Inbox, small: Path) -> None:
    """The operator reads why, in the run's closed folder; trainees' servers are told not to wait, and read nothing."""
    edit(small / "assignments/sums/sums.md", "assert isinstance(total([1]), int)", "assert total([1]) == 7")
    release.release(load(small), inbox.run_dir)
    made = inbox.hand_in(RIGHT)
    with inbox.standing() as standing:
        work(standing)
        said = json.loads((inbox.given / "at_once.json").read_text())
        state = json.loads((inbox.run_dir / module.FOLDER / "state.json").read_text())
    assert said == {"assignments": []}
    assert "does not pass total-test" in state["troubles"]["sums"]
    assert not inbox.page(made)


def test_it_says_that_it_is_there_while_it_is(inbox: Inbox) -> None:
    """Trainees' servers find which assignments give results; at its end the sign is gone."""
    sign = inbox.given / "at_once.json"
    with inbox.standing() as standing:
        work(standing)
        assert json.loads(sign.read_text()) == {"assignments": ["sums"]}
    assert not sign.exists()


def test_what_nobody_waits_for_any_more_is_left(inbox: Inbox) -> None:
    """A hand-in of yesterday, as when a course begins to grant results, uses up none."""
    made = inbox.hand_in(RIGHT, at=datetime.now(UTC) - timedelta(days=1))
    with inbox.standing() as standing:
        work(standing)
    assert not inbox.page(made)


def test_who_has_had_fewest_comes_first(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hands in again and again waits behind who has not had a result yet."""
    monkeypatch.setattr(module, "AT_ONCE", 1)
    said: list[str] = []
    with inbox.standing(said.append) as standing:
        inbox.hand_in(RIGHT)
        work(standing)
        inbox.hand_in(RIGHT)
        inbox.hand_in(RIGHT, "bruno")
        work(standing)
    assert [line.split(":")[0] for line in said if "/sums/" in line] == ["ana/sums/1", "bruno/sums/1", "ana/sums/2"]


@pytest.mark.parametrize("error", [SandboxError("it has ended"), RuntimeError("so")])
def test_what_breaks_off_is_said_and_the_next_has_a_result(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A sandbox that died is loaded anew; whatever else goes wrong with one hand-in ends nothing."""

    def fail(*_: object) -> str:
        raise error

    loaded: list[str] = []
    with inbox.standing(loaded.append) as standing:
        with monkeypatch.context() as patch:
            patch.setattr(answers, "answer", fail)
            first = inbox.hand_in(RIGHT)
            work(standing)
        second = inbox.hand_in(RIGHT)
        work(standing)
    assert "the tests broke off" in inbox.page(first)
    assert "1 of 1 visible test passed" in inbox.page(second)
    assert loaded.count("sums is ready") == (2 if isinstance(error, SandboxError) else 1)


def test_a_page_is_never_put_over_another(tmp_path: Path) -> None:
    """Of two that come at the same moment the grading's own stays; nothing else is left in the folder."""
    target = tmp_path / "ana" / "page.html"
    assert answers.put("first", target)
    assert not answers.put("second", target)
    assert [*target.parent.iterdir()] == [target]
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("first", 0o640)


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 10), ("MOST_FILES", 0)])
def test_what_is_too_much_for_now_is_said(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    """Too many files, and too big ones, get no result at once, with the reason for the trainee."""
    monkeypatch.setattr(answers, limit, most)
    made = inbox.hand_in(RIGHT)
    with inbox.standing() as standing:
        work(standing)
    assert "too much for a result now" in inbox.page(made)
