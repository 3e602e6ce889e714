"""What is kept of hand-ins, and that nothing of it is lost, doubled or half."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aula.submissions import receipts, syncing
from aula.submissions.errors import ClosedError, NotThereError, ReceiptError, StoreError, TooOftenError
from aula.submissions.keys import Key
from aula.submissions.noting import lines
from aula.submissions.receipts import Receipt
from aula.submissions.store import INDEX, Store
from aula.submissions.terms import Terms

KEY = Key.made()
AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
LATER = timedelta(minutes=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of two course runs."""
    for run in ("hpc", "data"):
        (tmp_path / run).mkdir()
    one = Store(tmp_path, KEY)
    yield one
    one.close()


def keep(store: Store, content: str = "1", student: str = "ana", at: datetime = AT, run: str = "hpc") -> Receipt:
    """Keep a hand-in of one file."""
    room = store.room(run)
    (room / "data").mkdir()
    (room / "data" / "sums.ipynb").write_text(content)
    return store.accept(run, student, "sums", room, at)


def test_a_hand_in_is_kept_with_its_receipt(store: Store) -> None:
    """Its files, its time and who it is from are there for whoever may read them, and nothing else is."""
    receipt = keep(store)
    receipts.verify(receipt, [KEY.public])
    (one,) = store.submissions("hpc")
    assert (one.run, one.student, one.assignment, one.number, one.at) == ("hpc", "ana", "sums", 1, AT)
    assert one.folder == store.folder / "hpc" / "ana" / "sums" / "0001"
    assert (one.files / "data" / "sums.ipynb").read_text() == "1"
    assert sorted(path.name for path in one.folder.iterdir()) == ["files", "receipt.json"]
    assert store.receipt(one) == receipt == receipts.read(one.folder / "receipt.json")
    assert store.get("hpc", "ana", "sums", 1) == one
    store.check(receipt)
    assert list((store.folder / "hpc" / ".new").iterdir()) == []


def test_each_hand_in_is_noted_in_a_line(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks often reads on there; a retry is no second line, and where none can be written nothing is lost."""
    made = [keep(store), keep(store, student="bruno")]
    keep(store, at=AT + timedelta(seconds=5))
    index = store.folder / "hpc" / INDEX
    told = [json.loads(line) for line in index.read_text().splitlines()]
    assert told == [one.model_dump(include={"student", "assignment", "number", "at"}) for one in made]
    assert index.stat().st_mode & 0o777 == 0o640
    index.unlink()
    index.mkdir()
    assert keep(store, student="carla").number == 1
    assert "there are no results at once" in caplog.text


def test_hand_ins_are_counted_for_each_person_and_assignment(store: Store) -> None:
    """Numbers follow each other; a list can be of one assignment, one person, or both."""
    assert [keep(store, text, at=AT + number * LATER).number for number, text in enumerate("123")] == [1, 2, 3]
    assert keep(store, student="bruno").number == 1
    assert keep(store, run="data").number == 1
    assert [(one.student, one.number) for one in store.submissions("hpc")] == [
        ("ana", 1),
        ("ana", 2),
        ("ana", 3),
        ("bruno", 1),
    ]
    assert len(store.submissions("hpc", "sums")) == 4
    assert len(store.submissions("hpc", student="ana")) == 3
    assert len(store.submissions("hpc", "sums", "ana")) == 3
    assert store.submissions("hpc", "words") == store.submissions("hpc", "words", "ana") == []
    assert store.submissions("nothing") == []


def test_a_retry_is_no_second_hand_in(store: Store) -> None:
    """The same again within a minute gets the first one's receipt; later, or something else between, it counts."""
    first = keep(store)
    assert keep(store, at=AT + timedelta(seconds=59)) == first
    assert keep(store, at=AT + timedelta(seconds=60)).number == 2
    assert keep(store, "other", at=AT + timedelta(seconds=61)).number == 3
    assert keep(store, at=AT + timedelta(seconds=62)).number == 4
    assert keep(store, student="bruno").number == 1


def test_a_clock_that_is_set_back_changes_no_order(store: Store) -> None:
    """A later hand-in has a later time, by a little, and the times before stay."""
    first, second = keep(store), keep(store, "2", at=AT - timedelta(hours=1))
    assert (first.moment, second.moment) == (AT, AT + timedelta(microseconds=1))
    assert keep(store, "3", student="bruno", at=AT - timedelta(hours=1)).moment == AT - timedelta(hours=1)


def test_nobody_hands_in_without_end(store: Store) -> None:
    """After 64 times within a day somebody waits; others do not."""
    start = AT + timedelta(minutes=65)
    last = [keep(store, str(number), at=AT + timedelta(minutes=number)) for number in range(64)][-1]
    soon = last.moment + timedelta(seconds=59)
    store.check_often("hpc", "ana", "sums", soon)  # it may be the last one again
    assert keep(store, "63", at=soon) == last
    with pytest.raises(TooOftenError, match="64 times within a day: try again tomorrow"):
        keep(store, "more", at=start)
    with pytest.raises(TooOftenError):
        store.check_often("hpc", "ana", "sums", start)
    store.check_often("hpc", "bruno", "sums", start)
    assert keep(store, "tomorrow", at=AT + timedelta(days=1)).number == 65


def test_many_at_once_get_numbers_of_their_own(store: Store) -> None:
    """Threads neither lose nor overwrite each other's."""
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: keep(store, str(number)), range(40)))
    assert sorted(one.number for one in found) == list(range(1, 41))
    for one in found:
        store.check(one)


def test_the_last_attempt_is_taken_once(store: Store) -> None:
    """Twenty at the same moment, with one attempt left: one is kept, the others are refused."""
    terms = Terms(title="Sums", points=1, due=AT, attempts=1)

    def hand_in(number: int) -> bool:
        room = store.room("hpc")
        (room / "sums.ipynb").write_text(str(number))
        try:
            store.accept("hpc", "ana", "sums", room, AT, lambda used: terms.check("ana", used, AT, "UTC"))
        except ClosedError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(hand_in, range(20))) == 1
    assert len(store.submissions("hpc")) == 1


def test_folders_keep_their_group(store: Store) -> None:
    """The run's account reads by the group that its folder gives to all below; others get nothing."""
    run = store.folder / "hpc"
    os.chown(run, -1, 12345)
    run.chmod(0o2750)
    before = os.umask(0o027)
    try:
        keep(store)
    finally:
        os.umask(before)
    for path in (run / "ana").rglob("*"):
        status = path.stat()
        wanted = 0o2750 if path.is_dir() else 0o640
        assert (status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, wanted), path


def test_one_process_writes(store: Store) -> None:
    """A second writer is turned away with words; when the first has ended it may."""
    keep(store)
    second = Store(store.folder, KEY)
    with pytest.raises(StoreError, match="another hand-in service writes here: stop it first"):
        second.claim_all()
    with pytest.raises(StoreError, match="another hand-in service"):
        keep(second, "2")
    assert len(second.submissions("hpc")) == 1
    store.close()
    second.claim_all()
    assert keep(second, "2").number == 2
    second.close()


def test_what_a_killed_writer_left_is_cleared_away(store: Store) -> None:
    """A hand-in that was not whole is no hand-in: it is gone after the next start, and all others stay."""
    receipt, noted = keep(store), store.folder / "hpc" / INDEX
    keep(store, student="bruno")
    (store.room("hpc") / "half").write_text("x")
    before = noted.read_text()
    noted.write_text(before[: before.index("bruno")])  # killed while it noted this one
    store.close()
    again = Store(store.folder, KEY)
    again.claim_all()
    assert list((store.folder / "hpc" / ".new").iterdir()) == []
    again.check(receipt)
    for _ in range(2):
        assert [one["student"] for one in lines(noted)].count("bruno") == 1
        again.claim_all()
    again.close()


def test_a_run_that_is_made_later_needs_no_new_start(store: Store) -> None:
    """The folder of a new course run is found when the first person hands in."""
    with pytest.raises(NotThereError, match="takes no hand-ins yet"):
        store.room("late")
    (store.folder / "late").mkdir()
    assert keep(store, run="late").number == 1


@pytest.mark.parametrize("name", ["..", "", ".new", "a/b", "Ana", "a b", "a\n", "a" * 101, "\0"])
def test_names_that_are_none_lead_nowhere(store: Store, name: str) -> None:
    """Whatever a caller has not checked, no path is made of it."""
    with pytest.raises(NotThereError):
        store.room(name)
    for run, student, assignment in ((name, "ana", "sums"), ("hpc", name, "sums"), ("hpc", "ana", name)):
        with pytest.raises(NotThereError):
            store.get(run, student, assignment, 1)
        with pytest.raises(NotThereError):
            store.accept(run, student, assignment, store.room("hpc"), AT)


def test_what_is_changed_is_found(store: Store) -> None:
    """Changed, added, removed or replaced by a link: the receipt tells."""
    receipt = keep(store)
    files = store.folder / "hpc" / "ana" / "sums" / "0001" / "files"
    notebook = files / "data" / "sums.ipynb"
    notebook.write_text("2")
    with pytest.raises(ReceiptError, match=r"not as it was handed in: data/sums\.ipynb"):
        store.check(receipt)
    notebook.rename(files / "elsewhere")
    notebook.symlink_to(files / "elsewhere")
    (files / "elsewhere").write_text("1")
    with pytest.raises(ReceiptError, match=r"data/sums\.ipynb, elsewhere"):
        store.check(receipt)
    notebook.unlink()
    (files / "elsewhere").rename(notebook)
    store.check(receipt)
    notebook.unlink()
    with pytest.raises(ReceiptError, match="not as it was handed in"):
        store.check(receipt)
    with pytest.raises(ReceiptError, match="there is no such hand-in"):
        store.check(receipt.model_copy(update={"number": 2}))


def test_a_broken_receipt_holds_nobody_up(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The operator reads of it; lists have the others, and its person can hand in again."""
    keep(store)
    keep(store, student="bruno")
    (store.folder / "hpc" / "ana" / "sums" / "0001" / "receipt.json").write_text("{")
    assert [one.student for one in store.submissions("hpc")] == ["bruno"]
    assert "0001/receipt.json: this is no receipt" in caplog.text
    assert keep(store).number == 2
    with pytest.raises(NotThereError, match="no hand-in 1 of sums"):
        store.get("hpc", "ana", "sums", 1)


def test_a_full_disk_keeps_nothing_half(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the receipt cannot be written there is no hand-in, and none of its files."""
    keep(store)

    def full(path: Path, content: bytes, mode: int) -> None:
        del content, mode
        raise OSError(28, "No space left on device", path)

    with monkeypatch.context() as patched:
        patched.setattr(syncing, "write", full)
        with pytest.raises(OSError, match="No space left"):
            keep(store, "2", at=AT + LATER)
    assert len(store.submissions("hpc")) == 1
    assert list((store.folder / "hpc" / ".new").iterdir()) == []
    assert keep(store, "2", at=AT + LATER).number == 2


def test_it_is_on_the_disk_before_it_has_its_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file and each folder is synced before the rename, and the folder with the new name after it."""
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(handle: int) -> None:
        fsync(handle)
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    def renamed(path: Path, to: Path) -> Path:
        if to.name == "0001":
            done.append("named")
        return rename(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    keep(store)
    before, after = done[: done.index("named")], done[done.index("named") + 1 :]
    assert {"sums.ipynb", "data", "ana", "hpc"} <= set(before)
    assert any(name.startswith(".receipt.json.") for name in before)
    assert after == ["sums"]


def test_who_only_reads_needs_no_key(store: Store) -> None:
    """Graders read the store without a key, and cannot add to it."""
    keep(store)
    reader = Store(store.folder)
    assert len(reader.submissions("hpc")) == 1
    with pytest.raises(StoreError, match="needs the key"):
        reader.accept("hpc", "ana", "sums", store.room("hpc"), AT)


def test_reading_needs_no_cryptography() -> None:
    """The environment that graders run in does not have it."""
    text = "import sys; sys.modules['cryptography'] = None; from aula.submissions import store, receipts, given, checks"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", text], env=environment, check=True)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The operator reads which folder is missing."""
    with pytest.raises(StoreError, match="nowhere: cannot be read: No such file"):
        Store(tmp_path / "nowhere", KEY).claim_all()
