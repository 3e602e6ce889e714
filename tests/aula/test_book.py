"""The book is built from what ran and what was released, whole, offline, and shows nothing it must not."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aula import book, catalogue, course_file, notebook, pages
from aula.errors import BookError
from aula.run.job import Result
from aula.run.plan import plan
from aula.site import reference
from tests.aula.small_course import write_course

EXECUTED = "executed/small/lessons/01-hello.ipynb"
CHECKOUT = Path(__file__).parents[2]
RUN = {
    "course": "small",
    "notebook": "lessons/01-hello",
    "started": "2026-11-03T09:05:00+00:00",
    "seconds": 3.21,
    "state": "ok",
    "host": "node1",
    "python": "3.11.2",
    "hardware": "2 x86_64 cores, 8 GB of memory",
    "libraries": {"PyYAML": "6.0", "numpy": "2.1.0", "scikit-learn": "1.5.2"},
    "memory_mb": 120,
}
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"([^\"]*)\"")
LINKED = re.compile(r"<a\b[^>]*?href=\"([^\"]*)\"")


def sources_of_today(root: Path) -> dict[str, str]:
    """Return the digest of what each notebook of a checkout is made of."""
    return {job.title: job.source for job in plan(catalogue.load(root).courses, root / "planned")}


def solved(source: str) -> notebook.NotebookNode:
    """Return the small course's assignment as papermill leaves it, solved."""
    run = {**RUN, "notebook": "assignments/sums", "source": source, "seconds": 1.5, "memory_mb": 0}
    return new_notebook(cells=[new_markdown_cell("# Sums")], metadata={"aula": run})


def executed_lesson(source: str) -> notebook.NotebookNode:
    """Return the small course's lesson as papermill leaves it, run with another size."""
    printed = new_output("stream", name="stdout", text="ran on the node\n")
    solved = new_output("stream", name="stdout", text="the answer\n")
    cells = [
        new_markdown_cell("# Hello\n\nFirst words. The task: [sums](../assignments/sums/sums.md)."),
        new_code_cell("size = 3", metadata={"tags": ["parameters"]}),
        new_code_cell("# Parameters\nsize = 7", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("print('ran on the node')", outputs=[printed], execution_count=1),
        new_code_cell("print('the answer')", metadata={"tags": ["solution"]}, outputs=[solved]),
        new_code_cell("for_the_instructor = 1", metadata={"tags": ["instructor"]}),
        new_code_cell("left_out = 1", metadata={"tags": ["remove-cell"]}),
    ]
    metadata = {
        "aula": {**RUN, "source": source},
        "papermill": {"parameters": {"size": 7}},
        "kernelspec": notebook.KERNEL,
    }
    return new_notebook(cells=cells, metadata=metadata)


def released_copy() -> notebook.NotebookNode:
    """Return the small course's assignment as trainees get it."""
    cells = [new_markdown_cell("# Sums\n\nAdd."), new_code_cell("def total(numbers):\n    # YOUR CODE HERE")]
    return new_notebook(cells=cells, metadata={"kernelspec": notebook.KERNEL})


def lay_out(root: Path) -> None:
    """Make root a checkout with our book, beside what was executed and released for it."""
    (root / "book").symlink_to(CHECKOUT / "book")
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    (root / "CHANGELOG.md").write_text("# What changed\n\nThe first version.\n", encoding="utf-8")
    (root / "courses/small/index.md").write_text(
        "# Small course\n\nBegin [here](lessons/01-hello.md).\n", encoding="utf-8"
    )
    sources = sources_of_today(root)
    notebook.write(executed_lesson(sources["small/lessons/01-hello"]), root / EXECUTED)
    notebook.write(solved(sources["small/assignments/sums"]), root / "executed/small/assignments/sums.ipynb")
    notebook.write(released_copy(), root / "released/sums/sums.ipynb")
    (root / "released/sums/numbers.txt").write_text("1 2 3\n", encoding="utf-8")


@pytest.fixture
def checkout(small: Path) -> Path:
    """Return a checkout with the small course, ready to build."""
    root = small.parents[1]
    lay_out(root)
    return root


def build(root: Path) -> Path:
    """Build the book of root; return the folder of its pages."""
    book.build(root, root / "executed", root / "released", root / "html")
    return root / "html"


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of a book that the tests only read: building it takes seconds."""
    root = tmp_path_factory.mktemp("book")
    write_course(root)
    lay_out(root)
    return build(root)


def local_target(html: Path, page: Path, link: str) -> Path | None:
    """Return the file a link of a page leads to; None if it leads out of the book."""
    parts = urlsplit(link)
    if parts.scheme or link.startswith("/") or not parts.path:
        return None
    target = (page.parent / unquote(parts.path)).resolve()
    return target / "index.html" if target == html else target


def test_every_page_that_the_book_links_to_exists(html: Path) -> None:
    """Links and files of every page lead to something that is there, the generated ones too."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for link in LOADED.findall(text) + LINKED.findall(text):
            target = local_target(html, page, link)
            assert target is None or target.is_file(), f"{page.relative_to(html)}: {link}"


def test_nothing_is_loaded_from_another_host(html: Path) -> None:
    """A reader without the internet sees everything: no script, style, font or picture is elsewhere."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not [link for link in LOADED.findall(text) if urlsplit(link).netloc], page
        assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|mathjax", text, re.IGNORECASE), page
    for style in html.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), style


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


def test_no_page_names_a_host(html: Path) -> None:
    """The book is public: what a centre calls its nodes is not."""
    for page in html.rglob("*.html"):
        assert RUN["host"] not in page.read_text(encoding="utf-8") or "guides" in page.parts, page


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
        ["Small course", "Hello", "2026-11-03", "3.2 s", "120 MB", "clean"],
        ["Small course", "Assignment · Sums", "2026-11-03", "1.5 s", "", "clean"],
    ]
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


def test_a_lesson_opens_on_the_readers_own_server(html: Path) -> None:
    """The button leads through the hub to this lesson in the reader's JupyterLab."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    assert 'href="/services/portal/open/small/01-hello"' in text


def test_solutions_are_folded_and_what_is_not_for_readers_is_gone(html: Path) -> None:
    """A solution waits behind its toggle; injected, removed and instructors' cells are nowhere."""
    text = (html / "courses/small/lessons/01-hello.html").read_text(encoding="utf-8")
    folded = re.search(r"<details.*?</details>", text, re.DOTALL)
    assert folded
    assert "Show solution" in folded[0]
    assert text.count("the answer") == folded[0].count("the answer") > 0
    for gone in ("# Parameters", "for_the_instructor", "left_out"):
        assert gone not in re.sub(r"<[^>]*>", "", text)
    assert not list(html.rglob("*.ipynb"))


def test_an_assignment_comes_from_the_released_copy(html: Path) -> None:
    """The page says that it is handed in on the platform, and holds no solution of the source."""
    text = (html / "courses/small/assignments/sums/sums.html").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    assert "You hand it in on the platform" in text
    everything = "".join(
        path.read_text(encoding="utf-8") for path in html.rglob("*") if path.suffix in (".html", ".js")
    )
    assert "start=0" not in everything
    assert "19, 23" not in everything


def test_start_page_search_and_footer(html: Path) -> None:
    """The start page has a card for the course, search knows its words, every page bears the version."""
    start = (html / "index.html").read_text(encoding="utf-8")
    assert 'href="courses/small/index.html"' in start
    assert "A course for the tests." in start
    for page in html.rglob("*.html"):
        foot = page.read_text(encoding="utf-8").rpartition("bd-footer-content")[2]
        assert "Aula 1.2.3." in foot, page
        assert "CC-BY-4.0" in foot, page
    assert '"courses/small/lessons/01-hello"' in (html / "searchindex.js").read_text(encoding="utf-8")


def test_words_are_explained_on_a_page(html: Path) -> None:
    """Words of the field that a reader may not know stand in alphabetical order, and lead to each other."""
    text = (html / "glossary.html").read_text(encoding="utf-8")
    terms = re.findall(r'<dt id="term-[^"]*">([^<]+)<', text)
    assert len(terms) > 15
    assert terms == sorted(terms, key=str.lower)
    assert 'href="#term-Slurm"' in text
    assert 'href="glossary.html"' in (html / "index.html").read_text(encoding="utf-8")


def test_building_twice_gives_the_same_book(html: Path) -> None:
    """The same sources give the same bytes, and the new book takes the place of the old."""
    before = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    build(html.parent)
    after = {path: path.read_bytes() for path in html.rglob("*") if path.is_file()}
    assert sorted(before) == sorted(after)
    assert [path for path in before if before[path] != after[path]] == []
    assert not [path.name for path in html.parent.iterdir() if path.name.startswith(".")]


def test_a_broken_link_names_page_and_cell_and_keeps_the_old_book(checkout: Path) -> None:
    """A link to nowhere fails the build; the message names the lesson's text, and readers keep their book."""
    node = nbformat.read(checkout / EXECUTED, as_version=4)
    node.cells[0].id = "cell-1"
    node.cells[0].source += "\n\nSee [more](../nowhere.md)."
    notebook.write(node, checkout / EXECUTED)
    (checkout / "html").mkdir()
    (checkout / "html/index.html").write_text("the old book", encoding="utf-8")
    with pytest.raises(BookError, match=r"courses/small/lessons/01-hello\.md: cell 1, line \d+: WARNING"):
        build(checkout)
    assert (checkout / "html/index.html").read_text(encoding="utf-8") == "the old book"


def test_a_folder_that_is_not_a_book_is_never_replaced(checkout: Path) -> None:
    """A wrong --out cannot make a folder of something else disappear."""
    (checkout / "html").mkdir()
    (checkout / "html/thesis.txt").write_text("three years", encoding="utf-8")
    with pytest.raises(BookError, match="holds something that is not a book"):
        build(checkout)
    assert (checkout / "html/thesis.txt").is_file()


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("executed/small/lessons/01-hello.ipynb", "run `aula notebooks` first"),
        ("executed/small/assignments/sums.ipynb", "run `aula notebooks` first"),
        ("released/sums/sums.ipynb", "run `aula release` first"),
        ("courses/small/index.md", "every course needs this first page"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(checkout: Path, path: str, remedy: str) -> None:
    """A page whose source is missing is an error that names the file and what to do."""
    (checkout / path).unlink()
    with pytest.raises(BookError, match=f"{re.escape(path)}.*{remedy}"):
        build(checkout)


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [({}, "does not say when it ran"), ({"aula": {**RUN, "state": "error"}}, r"did not run clean \(error\)")],
)
def test_a_lesson_that_did_not_run_clean_is_refused(
    checkout: Path, metadata: dict[str, object], complaint: str
) -> None:
    """Nothing is published that did not run."""
    node = executed_lesson("")
    node.metadata = metadata
    notebook.write(node, checkout / EXECUTED)
    with pytest.raises(BookError, match=complaint):
        build(checkout)


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("### BEGIN SOLUTION\nreturn 1\n### END SOLUTION"),
        new_code_cell("### BEGIN HIDDEN TESTS\nassert total([1]) == 1\n### END HIDDEN TESTS"),
        new_code_cell("total([1])", outputs=[new_output("stream", text="1")]),
    ],
)
def test_an_assignment_with_its_solution_is_refused(checkout: Path, cell: notebook.NotebookNode) -> None:
    """Named the source folder in place of the released one, the build stops before it publishes answers."""
    node = released_copy()
    node.cells.append(cell)
    notebook.write(node, checkout / "released/sums/sums.ipynb")
    with pytest.raises(BookError, match="cell 3 shows a solution, a hidden test or an output"):
        build(checkout)


def test_released_may_hold_a_run_for_each_course(checkout: Path) -> None:
    """Several courses' released copies lie side by side, each in its course run's folder."""
    (checkout / "released").rename(checkout / "run")
    (checkout / "runs/small").mkdir(parents=True)
    (checkout / "run").rename(checkout / "runs/small/release")
    course = catalogue.load(checkout).course("small")
    result = Result(**{**RUN, "source": ""})  # type: ignore[arg-type]  # of many kinds
    node = pages.assignment(course, course.assignments[0], checkout / "runs", solved(""), result)
    assert "YOUR CODE HERE" in node.cells[1].source


def test_contents_follow_the_catalogue(checkout: Path) -> None:
    """The table of contents is the catalogue's: a course adds its part, and nothing else names it."""
    courses = catalogue.load(checkout).courses
    part = book.contents(courses, changes=False)["parts"][0]  # type: ignore[index]  # a plain YAML structure
    assert part["caption"] == "Small course"
    assert [chapter["file"] for chapter in part["chapters"]] == [
        "courses/small/index",
        "courses/small/lessons/01-hello",
        "courses/small/assignments/sums/sums",
    ]


def test_what_a_course_says_is_escaped(small: Path) -> None:
    """Names and summaries of a contract are text, never markup, on the pages that we make of them."""
    contract = small / "course.yml"
    text = contract.read_text(encoding="utf-8").replace("A course for the tests.", "'Is 1 < 2? <b>x</b>'")
    contract.write_text(text.replace("[Ana]", "['<i>Ana</i>']"), encoding="utf-8")
    (small / "index.md").write_text("# Small\n", encoding="utf-8")
    course = catalogue.load(small.parents[1]).course("small")
    assert "&lt;b&gt;x&lt;/b&gt;" in pages.start("<!-- courses -->", (course,))
    assert "&lt;i&gt;Ana&lt;/i&gt;" in pages.course(course)


def test_the_reference_pages_are_written_anew(checkout: Path, tmp_path: Path) -> None:
    """What site.yml and course.yml may say stands in the book as this version's schemas have it."""
    courses = catalogue.load(checkout).courses
    book.assemble(checkout, courses, checkout / "executed", checkout / "released", tmp_path / "source")
    for page, written in (("site-file", reference.page()), ("course-file", course_file.page())):
        assert (tmp_path / f"source/guides/{page}.md").read_text(encoding="utf-8") == written
        assert f"guides/{page}" in book.GUIDES
