"""The press, in a process of its own, as the preview keeps it."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from aula import catalogue
from aula.preview import layout, leaf, press
from tests.aula.preview.running import begin

MARK = "/* not written again */"


def test_styles_are_written_once(tmp_path: Path) -> None:
    """Code has the theme's colours before any page is there; no print writes a style that an open page may ask for."""
    course = catalogue.read(begin(tmp_path / "root"))
    source, built = tmp_path / "source", tmp_path / "built"
    layout.lay_out(tmp_path / "root", [course], source)
    layout.put_beside(course, source)
    page = source / next(one.file for one in leaf.of(course) if one.address.endswith("index.html"))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("# Small course\n\n```python\nimport helper  # here\n```\n", encoding="utf-8")
    static = built / "html/_static"
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pressing:
        pressing.submit(press.begin, source, built).result()
        colours = (static / "pygments.css").read_text(encoding="utf-8")
        assert '[data-theme="light"] .highlight .c1' in colours
        assert pressing.submit(press.pages, [page]).result() == []
        assert (static / "pygments.css").read_text(encoding="utf-8") == colours
        styles = [static / name for name in ("pygments.css", "basic.css", "aula.css")]
        for style in styles:
            style.write_text(MARK, encoding="utf-8")
        assert pressing.submit(press.pages, [page]).result() == []
        assert [style.read_text(encoding="utf-8") for style in styles] == [MARK] * 3
