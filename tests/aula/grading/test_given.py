"""What a notebook left in its box is read as hostile: a real file's beginning, and nothing else."""

import base64
import os
from pathlib import Path

import pytest

from aula.grading.inside import given


def test_a_files_beginning_is_read(tmp_path: Path) -> None:
    """As many bytes as were asked for, and no more."""
    (tmp_path / "job.sh").write_bytes(b"#!/bin/sh\n" * 10)
    assert base64.b64decode(given.back(tmp_path / "job.sh", 12) or "") == b"#!/bin/sh\n#!"


@pytest.mark.parametrize("kind", ["nothing", "pipe", "link", "loop", "folder", "device"])
def test_what_is_no_file_is_none(tmp_path: Path, kind: str) -> None:
    """A pipe, a link, a folder or a device holds nobody up, and gives nothing away."""
    path = tmp_path / "job.sh"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "link":
            path.symlink_to("/etc/passwd")
        case "loop":
            path.symlink_to(path)
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/zero")
    assert given.back(path, 100) is None
