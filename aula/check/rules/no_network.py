"""Nothing is fetched from the network, and nothing is installed."""

import ast
import re
from collections.abc import Iterator

from aula.check import code
from aula.check.page import Cell, Page
from aula.check.rule import Problem, Rule
from aula.check.view import View

CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib", "pooch", "wget"}
LOADERS = ("load_dataset", "fetch_openml", "hf_hub_download", "snapshot_download", "urlretrieve", "urlopen")
ADDRESS = re.compile(r"(https?|ftp)://(?!localhost\b|127\.|\[::1\])")
COMMAND = re.compile(
    r"^\s*(?:[!%]|\w+\s*=\s*[!%])\s*(?:\S*/)?(pip3?|conda|mamba|apt(?:-get)?|wget|curl|git)\b", re.MULTILINE
)
INSTALL = re.compile(r"\b(pip3?|conda|mamba)['\", ]+install\b")


def _find(view: View) -> Iterator[Problem]:
    for page in view.every_page:
        for cell in page.code:
            yield from _in_cell(page, cell)


def _in_cell(page: Page, cell: Cell) -> Iterator[Problem]:
    for pattern in (COMMAND, INSTALL):
        for found in pattern.finditer(cell.source):
            line = cell.line + cell.source.count("\n", 0, found.start(1))
            yield Problem(page.path, f"A cell calls {found[1]}.", line, cell.number)
    tree = code.tree(cell)
    for name, node in code.imports(tree):
        for client in (one for one in CLIENTS if f"{name}.".startswith(f"{one}.")):
            yield Problem(page.path, f"A cell imports {client}.", code.line(cell, node), cell.number)
    for text, node in code.texts(tree):
        if ADDRESS.match(text):
            yield Problem(page.path, f"A cell uses the address {text[:60]}.", code.line(cell, node), cell.number)
    for node in ast.walk(tree):
        if code.called(node).rpartition(".")[2] in LOADERS:
            yield Problem(page.path, f"A cell downloads by {code.called(node)}.", code.line(cell, node), cell.number)


RULE = Rule(
    name="no-network",
    title="nothing is downloaded or installed while a notebook runs",
    why="Nodes of a cluster have no network. A download that works today is gone, or another, next year.",
    bad="!pip install pandas\nframe = pandas.read_csv('https://example.org/a.csv')",
    good="import pandas\nframe = pandas.read_csv('../data/a.csv')",
    remedy="Put small data into data/ with its card, take larger data from a package of the user environment.",
    find=_find,
)
