"""What formgrader shows of submissions that were repaired."""

from pathlib import Path
from typing import Any

from aula.web.aula_formgrader import repaired


class Exporter:
    """Stands in for nbgrader's."""

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, Any]:
        """Return a page as nbgrader's begins."""
        return f"<nav></nav>{repaired.BODY}{Path(filename).name}{repaired.BODY}", resources


def test_those_are_found_that_have_a_page(tmp_path: Path) -> None:
    """Of this assignment, and each once."""
    for path in ("bo/sums/repaired.html", "ana/sums/repaired.html", "carla/sums/sums.ipynb", "bo/more/repaired.html"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert [*repaired.students(tmp_path, "sums")] == ["ana", "bo"]
    assert [*repaired.students(tmp_path / "nowhere", "sums")] == []


def test_a_line_leads_to_the_page(tmp_path: Path) -> None:
    """Once, above the notebook, and only where there is a page; whatever the trainee is called."""
    exporter, file = repaired.Noting(Exporter()), tmp_path / "sums.ipynb"
    said = {"base_url": "/services/run", "assignment_id": "sums", "student": 'a"/b'}
    whole, _ = exporter.from_filename(str(file), said)
    assert "alert" not in whole
    (tmp_path / repaired.NAME).touch()
    page, _ = exporter.from_filename(str(file), said)
    assert page.count("See what was repaired") == 1
    assert page.index("</nav>") < page.index('href="/services/run/formgrader/aula/repaired/sums/a%22%2Fb"')
    assert page.index("See what was repaired") < page.index("sums.ipynb")


def test_nbgraders_page_begins_as_expected() -> None:
    """The line stands where nbgrader's own template has its first panel."""
    from nbgrader.server_extensions import formgrader

    folder = Path(formgrader.__file__).with_name("templates") / "formgrade"
    assert repaired.BODY in (folder / "index.html.j2").read_text()
    assert repaired.BODY not in (folder / "formgrade_macros.html.j2").read_text()
