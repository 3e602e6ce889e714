"""HOSTILE.md 16: what cannot be handed in is refused with a reason for its sender, and nobody else notices."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aula.submissions import limits
from tests.aula.submissions.archive import BLOCK, END, entry, good, notebook, packed, pax, pax_of, sums
from tests.aula.web.hand_in.running import Running, running
from tests.aula.web.hand_in.storm import wait_for

DEEP = b'{"nbformat": 4, "metadata": {"a": ' + b"[" * 200 + b"]" * 200 + b'}, "cells": []}'
TWICE = b'{"nbformat": 4, "nbformat": 4, "metadata": {}, "cells": []}'
MARK = '"metadata": {}'
BIG = b'{"cells": [' + b" " * limits.MOST_NOTEBOOK_BYTES + b"]}"

# What is sent, and what its sender reads.
CASES = {
    "a pipe": (sums() + entry(b"pipe", kind=b"6"), "pipe is a pipe"),
    "a character device": (sums() + entry(b"zero", kind=b"3"), "zero is a device"),
    "a block device": (sums() + entry(b"disk", kind=b"4"), "disk is a device"),
    "a link": (sums() + entry(b"solution", kind=b"2"), "solution is a link"),
    "a link as the notebook": (entry(b"sums.ipynb", kind=b"2"), "sums.ipynb is a link"),
    "a hard link": (sums() + entry(b"other", kind=b"1"), "other is a hard link"),
    "a sparse file of GNU": (sums() + entry(b"holes", kind=b"S"), "holes is a file with holes"),
    "a sparse file of PAX": (pax(GNU_sparse_major="1") + sums(), "says more than names and times (GNU.sparse.major)"),
    "a kind that nobody knows": (sums() + entry(b"odd", kind=b"Z"), "odd is of an unknown kind"),
    "a global header": (entry(b"all", kind=b"g") + sums(), "all is of an unknown kind"),
    "a long link": (entry(b"././@LongLink", b"x\0", b"K") + sums(), "is a link"),
    "an absolute path": (sums() + entry(b"/etc/passwd", b"x"), "/etc/passwd is an absolute path"),
    "an absolute path in PAX": (sums() + pax(path="/etc/passwd") + entry(b"x", b"x"), "is an absolute path"),
    "a path out of the folder": (sums() + entry(b"../../x", b"x"), "leads out of the folder"),
    "a path out by a detour": (sums() + entry(b"a/b/../../../x", b"x"), "leads out of the folder"),
    "a path out in PAX": (sums() + pax(path="../x") + entry(b"x", b"x"), "leads out of the folder"),
    "a path out by a long name": (sums() + entry(b"L", b"../x\0", b"L") + entry(b"x", b"x"), "leads out of the folder"),
    "an empty part": (sums() + entry(b"a//b", b"x"), "a path has an empty part"),
    "an empty name": (sums() + entry(b"", b"x"), "A file has no name"),
    "a control character": (sums() + entry(b"a\nb", b"x"), "invisible characters"),
    "an escape sequence": (sums() + entry(b"\x1b[2J", b"x"), "invisible characters"),
    "a name written from right to left": (packed({"a\u202egnp.ipynb": b"x"}), "invisible characters"),
    "a backslash": (sums() + entry(b"..\\x", b"x"), "a backslash"),
    "a blank at the end": (sums() + entry(b"sums.ipynb ", b"x"), "a blank at its end"),
    "a name that is not UTF-8": (sums() + entry(b"caf\xe9", b"x"), "is not UTF-8"),
    "a NUL in a name": (sums() + pax(path="a\0b") + entry(b"x", b"x"), "has a NUL in it"),
    "a name of 201 bytes": (packed({"sums.ipynb": notebook(), "é" * 100 + "x": b"x"}), "has over 200 bytes"),
    "names that differ in capitals": (
        packed({"sums.ipynb": notebook(), "Sums.ipynb": b"x"}),
        "differ only in capitals",
    ),
    "folders that differ in capitals": (packed({"Data/a": b"x", "data/b": b"x"}), "differ only in capitals"),
    "names that look alike": (packed({"e\u0301": b"x", "é": b"x"}), "differ only in capitals"),
    "a name twice": (sums() + sums(), "sums.ipynb is there twice"),
    "a file as a folder": (packed({"a": b"x", "a/b": b"x"}), "a is a file and a folder at once"),
    "a folder as a file": (packed({"a/b": b"x", "a": b"x"}), "a is there twice"),
    "a folder as the notebook": (packed({"sums.ipynb": None, "sums.ipynb/x": b"x"}), "sums.ipynb is missing"),
    "a folder with content": (sums() + entry(b"data", b"hidden", b"5"), "a folder has content"),
    "11 folders deep": (packed({"sums.ipynb": notebook(), "a/" * 11 + "x": b"x"}), "over 10 folders deep"),
    "1001 files": (packed({f"{number}": b"" for number in range(1001)}), "over 1000 files"),
    "1001 folders": (packed({f"{number}": None for number in range(1001)}), "over 1000 files or folders"),
    "a file that says it is huge": (sums() + entry(b"huge", size=b"77777777777\0"), "over 100 MB"),
    "a size below nothing": (sums() + entry(b"minus", size=b"\xff" * 12), "a size that no hand-in has"),
    "a size of GNU's kind": (sums() + entry(b"big", size=b"\x80" + bytes(11)), "a size that no hand-in has"),
    "a size in PAX": (pax(size="3") + sums(), "says more than names and times (size)"),
    "a size that is too small": (sums() + entry(b"x", b"y" * 2 * BLOCK, size=b"00000000001\0"), "longer than it says"),
    "a size that is too big": (sums() + entry(b"x", b"y", size=b"00000003000\0"), "cut on its way"),
    "two names of one file": (pax(path="a") + entry(b"L", b"b\0", b"L") + sums(), "two headers"),
    "a name twice in PAX": (pax_of(b"9 path=a\n9 path=b\n") + sums(), "more than names and times (path)"),
    "a length in PAX that lies": (pax_of(b"99 path=a\n") + sums(), "a header of the archive cannot be read"),
    "a length in PAX of nothing": (pax_of(b"5 path=a\n") + sums(), "a header of the archive cannot be read"),
    "a header of PAX that is too long": (pax(path="a" * 9000) + sums(), "a header of the archive is too long"),
    "a wrong checksum": (sums()[:148] + b"0000000\0" + sums()[156:], "The archive is damaged"),
    "no tar at all": (b"PK\3\4" + b"x" * 2000, "The archive is damaged"),
    "an archive of the old kind": (entry(b"sums.ipynb", notebook(), magic=b""), "an old kind of tar archive"),
    "something behind the end": (sums() + END + sums(), "something follows the end"),
    "nothing": (b"", "cut on its way"),
    "an empty archive": (b"", "no file in it"),
    "only folders": (packed({"data": None}), "no file in it"),
    "another notebook": (packed({"words.ipynb": notebook()}), "There is words.ipynb: a notebook keeps the name"),
    "a notebook in a folder": (packed({"sums/sums.ipynb": notebook()}), "sums.ipynb is missing"),
    "an empty notebook": (sums(b""), "sums.ipynb is empty"),
    "deep JSON": (sums(DEEP), "over 100 lists and objects in one another"),
    "deep JSON without an end": (sums(b"[" * 1_000_000), "over 100 lists and objects in one another"),
    "a text without an end": (sums(b'"' + b'\\"' * 1_000_000), "it is not JSON"),
    "very many values": (sums(b"[" + b"0," * 2_000_001 + b"0]"), "values"),
    "a notebook of 20 MB": (sums(BIG), "sums.ipynb has over 20 MB"),
    "a number without an end": (sums(b"9" * 10_000), "it is not JSON"),
    "a key twice": (sums(TWICE), "says 'nbformat' twice"),
    "NaN": (sums(notebook().replace(MARK.encode(), b'"metadata": {"a": NaN}', 1)), "holds NaN"),
    "infinity": (sums(notebook().replace(MARK.encode(), b'"metadata": {"a": 1e999}', 1)), "holds the number 1e999"),
    "half a character": (sums(notebook(metadata={"a": "\ud800"})), "half a character"),
    "a notebook that is not UTF-8": (sums(json.dumps({"nbformat": 4}).encode("utf-16")), "it is not JSON"),
    "a notebook that is a picture": (sums(b"\x89PNG\r\n"), "it is not JSON"),
    "a notebook of format 3": (sums(notebook(nbformat=3)), "its format is 3"),
    "a notebook of format true": (sums(notebook(nbformat=True)), "its format is true"),
    "a notebook of format 4.0": (sums(notebook(nbformat=4.0)), "its format is 4.0"),
    "a notebook without cells": (sums(notebook(cells=...)), "it has no list of cells"),
    "a cell that is none": (sums(notebook(cells=[1])), "cell 1 is no object"),
    "a cell of another kind": (sums(notebook(cells=[{"cell_type": "heading", "source": ""}])), "cell 1 is none of"),
    "a cell without text": (sums(notebook(cells=[{"cell_type": "raw", "source": 1}])), "cell 1 has no text"),
    "outputs that are none": (sums(notebook(cells=[{"cell_type": "code", "source": "", "outputs": [1]}])), "outputs"),
    "metadata that is none": (sums(notebook(metadata=[])), "its metadata is no object"),
    "10,001 cells": (sums(notebook(cells=[1] * 10_001)), "over 10000 cells"),
    "a time stamp of its own": (good(**{"timestamp.txt": b"2020-01-01"}), "a name that the platform uses itself"),
    "a time stamp in capitals": (good(**{"Timestamp.TXT": b"2020-01-01"}), "a name that the platform uses itself"),
    "a receipt of its own": (good(**{"receipt.json": b"{}"}), "a name that the platform uses itself"),
    "nbgrader's secret": (good(**{"submission_secret.txt": b"x"}), "a name that the platform uses itself"),
    "a recording of its own": (good(**{"a/.aula-recording": b"x"}), "a name that the platform uses itself"),
}
OTHERS = ("bruno", "clara", "ines")
"""Nobody may hand in more than 64 times a day."""
NO_END = {"nothing", "a size that is too big"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all of them: what one sends does not hurt it."""
    with running(tmp_path_factory.mktemp("hostile")) as one:
        yield one


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_a_reason(service: Running, case: str) -> None:
    """Its sender reads why and what to do; nothing of it is kept; somebody else's hand-in is accepted after it."""
    sent, words = CASES[case]
    before = everything(service.given.parent)
    answer = service.send("ana", sent + (b"" if case in NO_END else END))
    assert 400 <= answer.status_code < 430, answer.text
    message = answer.json()["message"]
    assert words.lower() in message.lower()
    assert message.isprintable()
    assert len(message) < 500
    wait_for(lambda: not service.rooms())
    assert everything(service.given.parent) == before
    other = OTHERS[list(CASES).index(case) % len(OTHERS)]
    assert service.accepted(other, good(text=case.encode())).student == other


def everything(folder: Path) -> set[str]:
    """Return the paths of all that lies below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
