"""A receipt can be checked by anybody, and nothing in it can be changed."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aula.submissions import receipts
from aula.submissions.errors import ReceiptError
from aula.submissions.keys import Key

KEY = Key.made()
AT = datetime(2026, 11, 28, 9, 0, 0, 120, UTC)
HASH = "ab" * 32


def made(**changes: Any) -> receipts.Receipt:
    """Return a receipt of ours."""
    told = {
        "course_run": "hpc",
        "assignment": "sums",
        "student": "ana",
        "number": 3,
        "at": receipts.write(AT),
        "files": {"sums.ipynb": HASH, "data/é.csv": "cd" * 32},
    }
    return receipts.sign(KEY, **told | changes)


def test_a_receipt_says_what_was_handed_in() -> None:
    """It survives being written and read, with the time to the microsecond."""
    receipt = made()
    assert receipts.of(receipt.text) == receipt
    assert (receipt.at, receipt.moment) == ("2026-11-28T09:00:00.000120+00:00", AT)
    assert receipt.digest == receipts.digest_of({"data/é.csv": "cd" * 32, "sums.ipynb": HASH})
    receipts.verify(receipt, [Key.made().public, KEY.public])


@pytest.mark.parametrize(
    "change",
    [
        {"course_run": "hpd"},
        {"assignment": "words"},
        {"student": "bruno"},
        {"number": 4},
        {"at": "2026-11-28T09:00:00.000121+00:00"},
        {"digest": HASH},
        {"files": {"sums.ipynb": HASH}},
        {"files": {}},
        {"signature": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_receipt_is_not_ours(change: dict[str, Any]) -> None:
    """Whatever somebody changes in it, the signature tells."""
    changed = receipts.of(json.dumps({**made().model_dump(), **change}))
    with pytest.raises(ReceiptError, match="the signature is not of this content"):
        receipts.verify(changed, [KEY.public])


def test_another_key_is_named() -> None:
    """A receipt that somebody signed with a key of their own names a key that is not ours."""
    theirs = Key.made()
    forged = receipts.sign(theirs, **made().model_dump(exclude={"key", "digest", "signature"}))
    with pytest.raises(ReceiptError, match=f"names the key {theirs.public.id}, which is none of ours"):
        receipts.verify(forged, [KEY.public])
    with pytest.raises(ReceiptError, match="the signature"):
        receipts.verify(forged.model_copy(update={"key": KEY.public.id}), [KEY.public])


def test_a_digest_must_be_that_of_the_files() -> None:
    """A receipt of ours whose digest is wrong would be a mistake of ours: it is seen."""
    wrong = made().model_copy(update={"digest": HASH})
    wrong = wrong.model_copy(update={"signature": KEY.sign(wrong.signed)})
    with pytest.raises(ReceiptError, match="its digest is not that of its files"):
        receipts.verify(wrong, [KEY.public])


@pytest.mark.parametrize(
    "change",
    [
        {"student": "../ana"},
        {"number": 0},
        {"number": "3"},
        {"number": True},
        {"at": "yesterday"},
        {"at": "2026-11-28T09:00:00.000121+01:00"},
        {"version": 2},
        {"files": {"a": "b"}},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_receipt_is_said(change: dict[str, Any]) -> None:
    """A file that has something else in it is no receipt, and the key that is wrong is named."""
    with pytest.raises(ReceiptError, match=f"this is no receipt: {next(iter(change))}"):
        receipts.of(json.dumps({**made().model_dump(), **change}))


def test_a_long_file_is_not_read(tmp_path: Path) -> None:
    """Somebody may name any file to the command."""
    with (tmp_path / "long").open("wb") as file:
        file.truncate(receipts.MOST_BYTES + 1)
    with pytest.raises(ReceiptError, match="too long"):
        receipts.read(tmp_path / "long")


def test_openssl_agrees(tmp_path: Path) -> None:
    """Nobody needs us to check a receipt: a standard tool says the same of signature and content."""
    from base64 import b64decode

    receipt = made()
    (tmp_path / "key").write_text(KEY.public.pem)
    told = {key: value for key, value in receipt.model_dump().items() if key != "signature"}
    content = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (tmp_path / "signature").write_bytes(b64decode(receipt.signature))
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "content"]
    for text, right in ((content, True), (content.replace(b"ana", b"eva"), False)):
        (tmp_path / "content").write_bytes(text)
        ended = subprocess.run([*words, "-sigfile", "signature"], cwd=tmp_path, check=False, capture_output=True)
        assert (ended.returncode == 0) is right
