"""The archive of a backup: what it keeps, and what of a stranger's archive is refused."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import archive
from deploy.errors import DeployError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files, modes, a link, a pipe and two names of one file."""
    found = tmp_path / "tree"
    (found / "open").mkdir(parents=True)
    (found / "open").chmod(0o1777)
    (found / "open" / "text").write_text("hello")
    (found / "secret").write_bytes(os.urandom(3_000_000))
    (found / "secret").chmod(0o600)
    (found / "link").symlink_to("/etc/passwd")
    os.mkfifo(found / "pipe")
    os.link(found / "secret", found / "same")
    return found


def test_what_is_written_comes_back(folder: Path, tmp_path: Path) -> None:
    """Contents, modes and links come back; a pipe is left out; the archive is its owner's alone."""
    target = tmp_path / "a.tar.gz"
    assert archive.write(target, {"tree": folder}, {}, {"name": "x"}) == 3
    assert target.stat().st_mode & 0o777 == 0o600
    assert archive.check(target, {"tree"})["about"] == {"name": "x"}
    archive.extract(target, tmp_path / "out")
    back = tmp_path / "out" / "tree"
    assert (back / "secret").read_bytes() == (folder / "secret").read_bytes() == (back / "same").read_bytes()
    assert [(back / name).stat().st_mode & 0o7777 for name in ("open", "secret")] == [0o1777, 0o600]
    assert (back / "link").readlink() == Path("/etc/passwd")
    assert not (back / "pipe").exists()


def test_a_database_is_replaced_by_its_copy(folder: Path, tmp_path: Path) -> None:
    """Where a consistent copy is given, its content is kept under the name of the original."""
    (tmp_path / "copy").write_text("consistent")
    archive.write(tmp_path / "a.tar.gz", {"tree": folder}, {folder / "secret": tmp_path / "copy"}, {})
    archive.extract(tmp_path / "a.tar.gz", tmp_path / "out")
    assert (tmp_path / "out" / "tree" / "secret").read_text() == "consistent"


def forged(path: Path, change: Callable[[tarfile.TarInfo], None]) -> Path:
    """Write an archive of one file that a stranger made up, with a manifest that fits."""
    entry = tarfile.TarInfo("tree/file")
    entry.uname = entry.gname = "root"
    change(entry)
    with tarfile.open(path, "w:gz") as out:
        out.addfile(entry, io.BytesIO(b""))
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        digests = {entry.name: empty} if entry.isreg() else {}
        manifest = json.dumps({"format": 1, "about": {}, "sha256": digests}).encode()
        last = tarfile.TarInfo(archive.MANIFEST)
        last.size = len(manifest)
        out.addfile(last, io.BytesIO(manifest))
    return path


FORGERIES: dict[str, tuple[Callable[[tarfile.TarInfo], None], str]] = {
    "a path that leads out": (lambda entry: setattr(entry, "name", "tree/../../etc/cron.d/x"), "leads out"),
    "an absolute path": (lambda entry: setattr(entry, "name", "/etc/cron.d/x"), "leads out"),
    "a folder that is none of ours": (lambda entry: setattr(entry, "name", "slurm/munge/key"), "leads out"),
    "a device": (lambda entry: setattr(entry, "type", tarfile.CHRTYPE), "neither file"),
    "a hard link": (lambda entry: setattr(entry, "type", tarfile.LNKTYPE), "neither file"),
}


@pytest.mark.parametrize(("change", "why"), FORGERIES.values(), ids=FORGERIES)
def test_a_strangers_archive_is_refused(tmp_path: Path, change: Callable[[tarfile.TarInfo], None], why: str) -> None:
    """Each way to write where a backup has no business is refused before anything is written."""
    with pytest.raises(DeployError, match=why):
        archive.check(forged(tmp_path / "a.tar.gz", change), {"tree"})


def test_an_owner_whom_nobody_knows(tmp_path: Path) -> None:
    """Before anything is laid out, the message names the account that must be made."""
    strange = forged(tmp_path / "a.tar.gz", lambda entry: setattr(entry, "uname", "who-is-this"))
    archive.check(strange, {"tree"})
    with pytest.raises(DeployError, match=r"who-is-this.*Make it first"):
        archive.check_owners(strange)


def test_a_damaged_archive_is_refused(folder: Path, tmp_path: Path) -> None:
    """An archive that is cut off, changed or none at all is refused in words."""
    good = tmp_path / "a.tar.gz"
    archive.write(good, {"tree": folder}, {}, {})
    for data in (good.read_bytes()[:-5000], b"nonsense", b""):
        (tmp_path / "bad.tar.gz").write_bytes(data)
        with pytest.raises(DeployError, match=r"bad\.tar\.gz"):
            archive.check(tmp_path / "bad.tar.gz", {"tree"})


def test_no_file_comes_back_with_anothers_rights(tmp_path: Path) -> None:
    """A set-user-id bit in an archive does not survive."""
    path = forged(tmp_path / "a.tar.gz", lambda entry: setattr(entry, "mode", 0o6755))
    archive.check(path, {"tree"})
    with tarfile.open(path) as made:
        assert made.getmember("tree/file").mode == 0o6755
    (tmp_path / "out").mkdir()
    if os.geteuid() == 0:
        source = tmp_path / "b.tar.gz"
        (tmp_path / "tree").mkdir()
        (tmp_path / "tree" / "file").write_text("")
        (tmp_path / "tree" / "file").chmod(0o6755)
        archive.write(source, {"tree": tmp_path / "tree"}, {}, {})
        archive.extract(source, tmp_path / "back")
        assert (tmp_path / "back" / "tree" / "file").stat().st_mode & 0o7777 == 0o755
