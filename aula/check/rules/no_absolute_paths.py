"""No absolute path stands in code or prose."""

import re
from collections.abc import Iterator

from aula.check import code
from aula.check.page import Cell, Page
from aula.check.rule import Problem, Rule
from aula.check.view import View

HOMES = "home|Users|gpfs|lustre|scratch|project|projects|work|mnt|srv|opt|apps|nfs|root"
ANYWHERE = re.compile(rf"(?<![\w.:/~}}>-])/(?:{HOMES})/[\w.${{}}-]+[\w./${{}}-]*|\b[A-Z]:\\\w+")
WHOLE_TEXT = re.compile(r"(?:/[\w.-]+){2,}/?")
SYSTEM = ("/bin/", "/usr/bin/", "/dev/", "/proc/", "/sys/")


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        for cell in page.cells:
            yield from _in_cell(page, cell)


def _in_cell(page: Page, cell: Cell) -> Iterator[Problem]:
    paths = {}
    for found in ANYWHERE.finditer(cell.source):
        paths[found[0]] = cell.line + cell.source.count("\n", 0, found.start())
    for text, node in code.texts(code.tree(cell)) if cell.code else ():
        if WHOLE_TEXT.fullmatch(text) and not text.startswith(SYSTEM):
            paths.setdefault(text, code.line(cell, node))
    for path, line in paths.items():
        yield Problem(page.path, f"The path {path} is absolute.", line, cell.number)


RULE = Rule(
    name="no-absolute-paths",
    title="no absolute path in code or prose",
    why="A path of one machine is missing on every other, and with it the lesson.",
    bad="open('/home/marta/orders.csv')",
    good="open('../data/orders.csv')",
    remedy="Name files from the notebook's folder on; make scratch files with the module tempfile.",
    find=_find,
)
