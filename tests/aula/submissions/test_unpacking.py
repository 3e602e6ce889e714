"""What an honest client sends arrives as it was, in whatever pieces."""

import io
import os
import stat
import tarfile
from pathlib import Path

import pytest

from aula.submissions.errors import DamagedError, TooBigError
from aula.submissions.unpacking import Unpacker
from tests.aula.submissions.archive import END, entry, good, notebook, packed, sums

FILES = {
    "sums.ipynb": notebook(),
    "data/année 2026.csv": b"1,2\n" * 5000,
    "d" * 100 + "/" + "e" * 90 + "/f.txt": b"deep",
    "empty.txt": b"",
    "-rf": b"a name like an option",
}


def unpacked(folder: Path, archive: bytes, piece: int = 100_000) -> dict[str, bytes]:
    """Unpack an archive that comes in pieces; return the files."""
    with Unpacker(folder) as unpacker:
        for at in range(0, len(archive), piece):
            unpacker.feed(archive[at : at + piece])
        unpacker.finish()
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_all_kinds_of_tar_are_read(tmp_path: Path, kind: int) -> None:
    """What Python or GNU tar packs is unpacked: long names, names that are not ASCII, times with fractions."""
    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode="w", format=kind) as tar:
        for name, content in FILES.items():
            one = tarfile.TarInfo(f"./{name}")
            one.size, one.mtime = len(content), 1_800_000_000
            one.uname = "ána"
            tar.addfile(one, io.BytesIO(content))
    assert unpacked(tmp_path, to.getvalue()) == FILES


@pytest.mark.parametrize("piece", [1, 511, 512, 513, 10_000])
def test_pieces_of_any_size_make_the_same(tmp_path: Path, piece: int) -> None:
    """Where the network cuts an archive makes no difference."""
    assert unpacked(tmp_path, packed({**FILES, "nothing/in/it": None}), piece) == FILES
    assert (tmp_path / "nothing" / "in" / "it").is_dir()


def test_files_are_the_services_alone_to_write(tmp_path: Path) -> None:
    """What an archive says about modes and owners is not done."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        one = tarfile.TarInfo("x")
        one.mode, one.uid = 0o4777, 12345
        tar.addfile(one)
    unpacked(tmp_path, archive.getvalue())
    status = (tmp_path / "x").stat()
    assert (stat.S_IMODE(status.st_mode) & ~0o640, status.st_uid) == (0, os.getuid())


@pytest.mark.parametrize("cut", [1, 512, 700, 1500])
def test_a_cut_archive_is_to_be_sent_again(tmp_path: Path, cut: int) -> None:
    """Whoever loses the connection is told to send the same again, wherever it was cut."""
    with pytest.raises(DamagedError, match="send it again"):
        unpacked(tmp_path, (sums() + END)[:cut])


def test_the_sizes_of_all_files_count_together(tmp_path: Path) -> None:
    """A hundred megabytes are allowed, and no more, however they are parted; it is said before they come."""
    half = b"%011o\0" % 50_000_001
    with Unpacker(tmp_path) as unpacker:
        unpacker.feed(entry(b"a", size=half))
        for _ in range(50):
            unpacker.feed(bytes(1_000_000))
        with pytest.raises(TooBigError, match="over 100 MB together"):
            unpacker.feed(bytes(1 + (-50_000_001) % 512) + entry(b"b", size=half))


def test_nothing_is_written_where_something_is(tmp_path: Path) -> None:
    """A file that is there is not written over: the folder must be empty."""
    (tmp_path / "sums.ipynb").write_text("mine")
    with pytest.raises(FileExistsError):
        unpacked(tmp_path, good())
    assert (tmp_path / "sums.ipynb").read_text() == "mine"
