"""When and how each notebook ran: on its page, on the page of all, and never stale."""

import re
from pathlib import Path

import pytest

from aula.errors import BookError
from tests.aula.press.book_checkout import build


def facts(page: Path) -> dict[str, str]:
    """Return what the foot of a page says of how it ran."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.read_text(encoding="utf-8")))


def test_a_lesson_shows_what_it_printed_and_when_it_ran(html: Path) -> None:
    """The page holds the outputs of the run, and says when, on what, how long and with which values and libraries."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    assert "ran on the node" in text
    assert "last ran on 3 November 2026, in 3.2 s." in text
    assert facts(html / "courses/small/lessons/01-hello.html") == {
        "When": "3 November 2026, 09:05 UTC",
        "Run time": "3.2 s",
        "Memory": "120 MB",
        "Machine": "2 x86_64 cores, 8 GB of memory",
        "Python": "3.11.2",
        "Libraries": "numpy 2.1.0, PyYAML 6.0, scikit-learn 1.5.2",
        "Parameters": "size = 7",
    }


def test_an_assignment_says_how_its_solution_ran(html: Path) -> None:
    """An assignment's page has no outputs, but its solution ran, and what is not known of that is not said."""
    said = facts(html / "courses/small/assignments/sums/sums.html")
    assert said["Run time"] == "1.5 s"
    assert "Memory" not in said


def test_one_page_lists_all_notebooks(html: Path) -> None:
    """Each notebook has a row with a link to its page; the contents and each page's foot lead there."""
    text = (html / "notebooks.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)[1:]
    cells = [[re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<td>.*?</td>", row)] for row in rows]
    assert cells == [
        ["Hello", "3.2\xa0s, 120\xa0MB", "slower than usual (1.3 s)", "2026-11-03"],
        ["Assignment · Sums", "1.5\xa0s", "first run", "2026-11-03"],
    ]
    assert "Small course" in re.findall(r"<h2>(.*?)<", text)
    assert 'aria-label="4 runs, from 1.2 to 3.2 s, the last one 3.2 s"' in rows[0]
    assert "Slower than usual: 1." in text
    assert 'href="courses/small/lessons/01-hello.html"' in rows[0]
    assert 'href="courses/small/assignments/sums/sums.html"' in rows[1]
    for page in ("lessons/01-hello.html", "assignments/sums/sums.html"):
        foot = (html / "courses/small" / page).read_text(encoding="utf-8").partition('class="aula-status"')[2]
        assert re.search(r'href="(\.\./)+notebooks\.html">All notebooks</a>', foot)
    assert 'href="notebooks.html"' in (html / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ("lessons/01-hello.md", "lessons/01-hello"),
        ("lessons/helper.py", "lessons/01-hello"),
        ("data/table.csv", "lessons/01-hello"),
        ("assignments/sums/sums.md", "assignments/sums"),
        ("assignments/sums/numbers.txt", "assignments/sums"),
    ],
)
def test_a_stale_status_stops_the_book(checkout: Path, changed: str, stale: str) -> None:
    """What ran before its text, its data or a script changed is not published as if it were today's."""
    path = checkout / "courses/small" / changed
    path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    with pytest.raises(BookError, match=f"{stale}.ipynb: is stale: it ran on 3 November 2026, .*run `aula notebooks`"):
        build(checkout)
