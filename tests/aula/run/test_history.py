"""The history of run times."""

from pathlib import Path

from aula.run.history import MOST, NAME, History
from aula.run.job import Job, Result


def job(out: Path, **parameters: int) -> Job:
    """Return a job with these parameters."""
    executed = out / "executed/small/lessons/01-hello.ipynb"
    return Job("small", "lessons", "01-hello", out, out, executed, 60, dict(parameters))


def result(number: int, state: str = "ok", cached: bool = False) -> Result:
    """Return the result of a run of so many seconds."""
    moment = f"2026-11-03T09:{number:02}:00+00:00"
    return Result("small", "lessons/01-hello", state, number, moment, "n1", "3.11", hardware="2 cores", cached=cached)  # type: ignore[arg-type]  # as tests name it


def test_only_runs_of_today_that_were_clean_are_remembered(tmp_path: Path) -> None:
    """A failure has no run time, and a kept result had its line when it ran."""
    history = History(tmp_path)
    history.add([job(tmp_path)], [result(1, state="error")])
    history.add([job(tmp_path)], [result(2, cached=True)])
    assert not (tmp_path / NAME).exists()
    history.add([job(tmp_path)], [result(3)])
    assert [past.seconds for past in history.like("small/lessons/01-hello", "2 cores", {})] == [3]


def test_like_is_compared_with_like(tmp_path: Path) -> None:
    """Runs with other values, on another machine or of another notebook say nothing."""
    history = History(tmp_path)
    history.add([job(tmp_path, size=7)], [result(1)])
    history.add([job(tmp_path)], [result(2)])
    assert [past.seconds for past in history.like("small/lessons/01-hello", "2 cores", {"size": 7})] == [1]
    assert history.like("small/lessons/01-hello", "4 cores", {}) == []
    assert history.like("small/lessons/02-bye", "2 cores", {}) == []


def test_the_oldest_runs_are_forgotten(tmp_path: Path) -> None:
    """The file does not grow for ever: of each notebook the last runs stay, in their order."""
    history = History(tmp_path)
    for number in range(MOST + 5):
        history.add([job(tmp_path)], [result(number % 60)])
    assert [past.seconds for past in history.like("small/lessons/01-hello", "2 cores", {})] == list(range(5, MOST + 5))


def test_a_broken_line_is_passed_over(tmp_path: Path) -> None:
    """What a power cut left of a line, or somebody wrote by hand, costs that line and nothing else."""
    history = History(tmp_path)
    history.add([job(tmp_path)], [result(1)])
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_text('{"notebook": "sm\n[]\n{"a": 1}\n' + text, encoding="utf-8")
    history.add([job(tmp_path)], [result(2)])
    assert [past.seconds for past in history.like("small/lessons/01-hello", "2 cores", {})] == [1, 2]
