"""Pages follow what is saved: text, outputs, student version, and what is to mend."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.aula.preview.running import Running
from tests.aula.small_course import edit

LESSON, TASK = "courses/small/lessons/01-hello.html", "courses/small/assignments/sums/sums.html"
SOON_S = 20
"""An idle machine needs less than 2 s; a busy one is not what is tested here."""


@contextmanager
def edited(path: Path, old: str, new: str) -> Iterator[None]:
    """Replace old by new in a file, and take it back."""
    edit(path, old, new)
    try:
        yield
    finally:
        edit(path, new, old)


def waits_for(path: Path) -> str:
    """Return the code of a cell that runs until a file is there: nobody is too late to see it run."""
    return f"import pathlib, time\nwhile not pathlib.Path({str(path)!r}).exists(): time.sleep(0.1)\n"


def test_a_page_looks_as_in_the_book(shown: Running) -> None:
    """A lesson has the book's theme, its outputs, folded solutions, and nothing that instructors see."""
    page = shown.see(LESSON, "twice: 6 a,b", "The code of this page last ran on")
    assert "Show solution" in page
    assert "answer_for_the_instructor" not in page
    assert "_static/aula.css" in page


def test_text_is_shown_soon_after_saving(shown: Running) -> None:
    """Saved text is on the page soon; what is told in the news is then the version that the page has."""
    shown.see(LESSON, "twice: 6 a,b")
    before = shown.version(LESSON)
    begun = time.monotonic()
    with edited(shown.course / "lessons/01-hello.md", "# Hello\n", "# Hello\n\nSaved a moment ago.\n"):
        shown.wait(LESSON, lambda now: now["version"] > before)
        page = shown.page(LESSON)
        took = time.monotonic() - begun
        assert "Saved a moment ago." in page
        assert f'data-version="{shown.version(LESSON)}"' in page
        print(f"from saving to the page: {took:.2f} s")  # pytest -rP shows it
        assert took < SOON_S


def test_only_code_that_changed_runs_again(shown: Running, tmp_path: Path) -> None:
    """Outputs of a lesson stay while only its prose changes; when its code changes it runs, and says where it is."""
    text = shown.course / "lessons/01-hello.md"
    moment, seen = 'print("twice:"', tmp_path / "seen"
    with edited(text, moment, f'{waits_for(seen)}print("ran at", time.time_ns())\n{moment}'):
        running = shown.wait(LESSON, lambda now: now["state"] == "running" and "cell" in now["words"])
        assert running["words"].startswith("Running cell ")
        assert running["words"].endswith(" of 3")
        seen.touch()
        shown.wait(LESSON, lambda now: now["state"] == "clean")
        first = shown.page(LESSON).partition("ran at ")[2].split()[0]
        with edited(text, "# Hello\n", "# Hello\n\nMore prose.\n"):
            page = shown.see(LESSON, "More prose.")
            assert f"ran at {first}" in page
            assert shown.wait(LESSON, lambda _: True)["state"] == "clean"


def test_a_cell_that_fails_shows_its_traceback(shown: Running) -> None:
    """The page has the traceback and leads to the cell; the text was there before; mended, all is well again."""
    text = shown.course / "lessons/01-hello.md"
    with edited(text, 'print("solved")', 'raise ValueError("too small")'):
        shown.wait(LESSON, lambda now: now["state"] == "failed")
        page = shown.page(LESSON)
        assert "too small" in page
        assert "Traceback" in page
        assert 'It fails in <a href="#it-fails-here">cell 5</a>' in page
        assert 'id="it-fails-here"' in page
        assert "twice: 6 a,b" in page
    shown.see(LESSON, "solved", "last ran on")


def test_what_the_book_would_refuse_is_told(shown: Running) -> None:
    """A picture that is missing is named beside the page, with its file."""
    with edited(shown.course / "lessons/01-hello.md", "# Hello\n", "# Hello\n\n![none](none.png)\n"):
        told = shown.wait(LESSON, lambda now: bool(now["remarks"]))["remarks"]
        assert told[0]["place"].startswith("lessons/01-hello.md")
        assert "lessons/none.png" in told[0]["sentence"]


def test_a_broken_text_is_told_with_its_line(shown: Running) -> None:
    """In place of the page stand file, line and remedy, until it is mended."""
    with edited(shown.course / "lessons/01-hello.md", "# Hello\n", "# Hello\n\n```\nnever closed\n"):
        page = shown.see(LESSON, "To mend before this page can be shown")
        assert "lessons/01-hello.md, line 3" in page
    shown.see(LESSON, "twice: 6 a,b")


def test_a_broken_contract_is_told_and_goes_away(shown: Running) -> None:
    """Every page and the list say file, line and nearest key; mended, the pages are back."""
    shown.see(LESSON, "twice: 6 a,b")
    with edited(shown.course / "course.yml", "summary:", "sumary:"):
        for address in (LESSON, TASK, ""):
            page = shown.see(address, "course.yml, line 2")
            assert "did you mean &#39;summary&#39;?" in page
        assert shown.wait(LESSON, lambda _: True)["state"] == "refused"
    shown.see(LESSON, "twice: 6 a,b")
    assert "course.yml" not in shown.page("")


def test_pages_come_and_go_with_the_contract(shown: Running) -> None:
    """A lesson that is added is in the list and has a page, without a new start; so does it go."""
    added = shown.course / "lessons/02-more.md"
    added.write_text("# More\n\n```{code-cell}\nprint(6 * 7)\n```\n")
    more = "  - {file: 02-more, minutes_teaching: 1, minutes_exercises: 1}\nassignments:"
    with edited(shown.course / "course.yml", "assignments:", more):
        page = shown.see("", "courses/small/lessons/02-more.html")
        assert "More" in page
        assert ">42" in shown.see("courses/small/lessons/02-more.html", "last ran on")
        added.rename(added.with_suffix(".txt"))
    shown.wait("", lambda now: "courses/small/lessons/02-more.html" not in now.get("pages", {}))
    added.with_suffix(".txt").unlink()


def test_an_assignment_is_shown_as_trainees_get_it(shown: Running) -> None:
    """Neither its solution nor a hidden test is on the page, and public tests are."""
    page = shown.see(TASK, "the student version", "NotImplementedError")
    article = re.sub(r"<[^>]*>", "", page.partition("<article")[2].partition("</article>")[0])
    assert "isinstance(total([1]), int)" in article
    assert "start=0" not in article
    assert "[19, 23]" not in article


def test_a_damaged_marker_stands_in_place_of_the_page(shown: Running) -> None:
    """A marker with a typing error is told with its line, and nothing of the assignment is shown."""
    text = shown.course / "assignments/sums/sums.md"
    with edited(text, "    ### BEGIN SOLUTION", "    ## BEGIN SOLUTION"):
        page = shown.see(TASK, "Malformed marker")
        number = text.read_text().splitlines().index("    ## BEGIN SOLUTION") + 1
        assert f"assignments/sums/sums.md, line {number}" in page
        assert "NotImplementedError" not in page
    shown.see(TASK, "the student version")


def test_a_leak_beside_the_assignment_stands_in_place_of_the_page(shown: Running) -> None:
    """A file that holds a line of the solution is named, with the line."""
    notes = shown.course / "assignments/sums/notes.txt"
    notes.write_text("One could\nreturn sum(numbers, start=0)\n")
    page = shown.see(TASK, "The student version would show: return sum(numbers, start=0)")
    assert "assignments/sums/notes.txt, line 2" in page
    notes.unlink()
    shown.see(TASK, "NotImplementedError")
