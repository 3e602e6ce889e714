"""`aula receipt`: whoever has a receipt and the public key learns whether it is ours, and what it says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aula.cli import main
from aula.submissions.keys import Key
from aula.submissions.store import Store


class Kept:
    """A hand-in, its receipt as its trainee has it, and the key."""

    def __init__(self, folder: Path) -> None:
        self.key = Key.kept(folder / "receipts.key")
        self.public, self.folder, self.receipt = folder / "receipts.key.pub", folder / "store", folder / "sums-1.json"
        (self.folder / "hpc").mkdir(parents=True)
        store = Store(self.folder, self.key)
        room = store.room("hpc")
        (room / "sums.ipynb").write_text("1")
        self.receipt.write_text(store.accept("hpc", "ana", "sums", room, datetime(2026, 11, 28, tzinfo=UTC)).text)
        store.close()
        self.notebook = self.folder / "hpc" / "ana" / "sums" / "0001" / "files" / "sums.ipynb"

    def verify(self, *more: str) -> int:
        """Run the command on the receipt."""
        return main(["receipt", "verify", "--key", str(self.public), str(self.receipt), *more])


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """One hand-in."""
    return Kept(tmp_path)


def test_a_receipt_of_ours_is_verified(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """The receipt alone says who, what and when; with the store, too, that this is what is kept."""
    assert kept.verify() == 0
    words = "ours: ana handed in sums of hpc, number 1, at 2026-11-28T00:00:00.000000+00:00"
    assert capsys.readouterr().out == f"{kept.receipt}: {words}\n"
    assert kept.verify("--store", str(kept.folder)) == 0
    assert capsys.readouterr().out.endswith(f"{words}: what is kept has this hash\n")


def test_a_changed_receipt_is_told_from_ours(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """One that is not ours makes the command end with 1; the others are told all the same."""
    forged = kept.receipt.with_name("forged.json")
    forged.write_text(kept.receipt.read_text().replace('"ana"', '"eva"'))
    assert kept.verify(str(forged)) == 1
    out = capsys.readouterr().out
    assert f"{kept.receipt}: ours: ana" in out
    assert f"{forged}: NOT OURS: the signature is not of this content" in out


def test_a_changed_hand_in_is_told(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """The receipt is ours, and what is kept is something else."""
    kept.notebook.write_text("2")
    assert kept.verify("--store", str(kept.folder), "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)["receipts"]
    assert (told["ours"], told["kept"], told["student"], told["number"]) == (True, False, "ana", 1)
    assert told["why"].endswith("not as it was handed in: sums.ipynb")
    assert kept.verify("--store", str(kept.folder)) == 1
    assert "BUT WHAT IS KEPT IS NOT THIS" in capsys.readouterr().out


def test_what_cannot_be_said_is_not_said(kept: Kept, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Without the key, or without the file, the command ends with 2: that is no verdict."""
    assert kept.verify(str(tmp_path / "nowhere.json")) == 2
    assert "nowhere.json: NOT OURS: cannot be read: No such file" not in capsys.readouterr().out
    kept.public.unlink()
    assert kept.verify() == 2
    assert "the public key cannot be read" in capsys.readouterr().err


def test_the_key_is_shown(kept: Kept, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is what receipts say; the default is a variable of the environment."""
    monkeypatch.setenv("AULA_RECEIPT_KEY", str(kept.public))
    assert main(["receipt", "key"]) == 0
    out = capsys.readouterr().out
    assert out == f"{kept.key.public.id}\n{kept.public.read_text()}"
    assert kept.key.public.id in kept.receipt.read_text()
    assert main(["receipt", "key", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keys"] == [{"id": kept.key.public.id, "key": kept.key.public.pem}]
    monkeypatch.setenv("AULA_RECEIPT_KEY", str(kept.public) + "x")
    assert main(["receipt", "key"]) == 1
