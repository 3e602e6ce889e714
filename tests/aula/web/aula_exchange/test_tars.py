"""A folder as a tar, and back: the same files make the same tar; what leads elsewhere is not taken."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from aula.web.aula_exchange import tars
from aula.web.aula_exchange.errors import ServiceError


def nothing(_: str, __: list[str]) -> list[str]:
    """Leave nothing out."""
    return []


def test_the_same_files_make_the_same_tar(tmp_path: Path) -> None:
    """Whenever, by whomever: a second try is known by its hash."""
    for name in ("a", "b"):
        folder = tmp_path / name / "sums"
        (folder / "data").mkdir(parents=True)
        (folder / "data" / "ñ.txt").write_text("1")
        (folder / "sums.ipynb").write_text("{}")
    os.utime(tmp_path / "b" / "sums" / "sums.ipynb", (0, 0))
    (tmp_path / "b" / "sums" / "sums.ipynb").chmod(0o600)
    with (
        tars.packed(tmp_path / "a" / "sums", nothing, 1000) as one,
        tars.packed(tmp_path / "b" / "sums", nothing, 1000) as other,
    ):
        assert one.digest == other.digest
        assert one.files == other.files
        one.body.seek(0)
        tars.unpack(one.body, tmp_path / "c")
    assert (tmp_path / "c" / "data" / "ñ.txt").read_text() == "1"


def test_a_file_that_changes_meanwhile_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is never handed in."""
    path = tmp_path / "sums.ipynb"
    path.write_bytes(bytes(100))
    real = os.fstat

    def longer(handle: int) -> os.stat_result:
        found = [*real(handle)]
        found[6] += 1
        return os.stat_result(found)

    monkeypatch.setattr("aula.web.aula_exchange.tars.os.fstat", longer)
    with (
        pytest.raises(ServiceError, match=r"sums\.ipynb changed while it was read"),
        tars.packed(tmp_path, nothing, 1000),
    ):
        pass


@pytest.mark.parametrize("kind", ["above", "absolute", "link", "pipe", "no tar"])
def test_what_leads_elsewhere_is_not_taken(tmp_path: Path, kind: str) -> None:
    """Nothing is written outside the folder, and nothing but files and folders into it."""
    entry = tarfile.TarInfo({"above": "../up.txt", "absolute": f"{tmp_path}/up.txt"}.get(kind, "in.txt"))
    entry.type = {"link": tarfile.SYMTYPE, "pipe": tarfile.FIFOTYPE}.get(kind, tarfile.REGTYPE)
    entry.linkname = "/etc/passwd"
    body = io.BytesIO(b"x" * 2000)
    if kind != "no tar":
        with tarfile.open(fileobj=(body := io.BytesIO()), mode="w") as tar:
            tar.addfile(entry)
    body.seek(0)
    to = tmp_path / "to"
    to.mkdir()
    with pytest.raises(ServiceError, match="cannot be read" if kind == "no tar" else "not taken"):
        tars.unpack(body, to)
    assert [*to.iterdir()] == []
    assert not (tmp_path / "up.txt").exists()
