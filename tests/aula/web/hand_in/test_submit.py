"""Handing in over a socket: many at once, slow ones, broken ones, and what is refused before it comes."""

import hashlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aula.submissions import limits, receipts
from aula.submissions.checks import check
from aula.web.hand_in import submit
from tests.aula.submissions.archive import entry, good
from tests.aula.web.hand_in.answering_hub import token_of
from tests.aula.web.hand_in.running import PREFIX, RUN, Running
from tests.aula.web.hand_in.storm import wait_for

PATH = f"{PREFIX}runs/{RUN}/assignments/sums/submissions"


def begun(service: Running, name: str, length: int) -> socket.socket:
    """Begin a hand-in of so many bytes."""
    address = urlsplit(service.address)
    assert address.hostname
    assert address.port
    line = socket.create_connection((address.hostname, address.port), timeout=30)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: token {token_of(name)}\r\nContent-Length: {length}\r\n\r\n"
    )
    line.sendall(head.encode())
    return line


def size_of(room: Path) -> int:
    """Return how much has come of the file that is large."""
    return (room / "large").stat().st_size if (room / "large").exists() else 0


def answer(line: socket.socket) -> tuple[int, bytes]:
    """Return what the service answers."""
    found = http.client.HTTPResponse(line)
    found.begin()
    return found.status, found.read()


def test_a_receipt_is_of_what_was_sent(service: Running) -> None:
    """Who, what, when and the hash of each file, signed; all of it is kept."""
    before = receipts.write(datetime.now(UTC))
    receipt = service.accepted("ana", good(text=b"mine"))
    receipts.verify(receipt, [service.key.public])
    assert before <= receipt.at <= receipts.write(datetime.now(UTC))
    assert (receipt.course_run, receipt.assignment, receipt.student, receipt.number) == (RUN, "sums", "ana", 1)
    assert receipt.files["text"] == hashlib.sha256(b"mine").hexdigest()
    service.store.check(receipt)


def test_all_of_a_class_at_once(service: Running) -> None:
    """Sixty people hand in at the same time: each is kept once, whole, with a receipt of its own."""
    names = [f"trainee-{number}" for number in range(60)]
    service.hub.settings["people"] |= {name: [f"nbgrader-{RUN}"] for name in names}
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda name: service.accepted(name, good(text=name.encode() * 999)), names))
    assert [(one.student, one.number) for one in found] == [(name, 1) for name in names]
    for receipt in found:
        service.store.check(receipt)
    assert len(service.store.submissions(RUN)) == 60


def test_a_slow_one_holds_nobody_up(service: Running) -> None:
    """While somebody's bytes trickle in, others hand in; the slow one is accepted, too, with the time of its end."""
    body = good(text=b"slow")
    with begun(service, "ana", len(body)) as line:
        line.sendall(body[:700])
        quick = [service.accepted("bruno", good(text=bytes([number]))) for number in range(5)]
        line.sendall(body[700:])
        status, text = answer(line)
    assert status == 201
    assert receipts.of(text).at > quick[-1].at


def test_large_ones_hold_only_their_like_up(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are threads take for ever to be read: others hand in meanwhile, and in the end all have."""
    over = threading.Event()

    def checked(folder: Path, notebooks: list[str]) -> None:
        assert not (folder / "large").exists() or over.wait(20)
        check(folder, notebooks)

    monkeypatch.setattr(submit, "check", checked)
    large = [good(large=bytes([number]) * submit.LARGE) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        slow = [threads.submit(service.accepted, ("ana", "clara")[number % 2], one) for number, one in enumerate(large)]
        try:
            wait_for(lambda: [size_of(room) for room in service.rooms()] == 8 * [submit.LARGE])
            time.sleep(0.2)  # all have come, and are to be read now
            assert service.accepted("bruno", good()).number == 1
            assert service.store.submissions(RUN, student="ana") == []
        finally:
            over.set()
        assert sorted(one.result().number for one in slow) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_connection_that_breaks_leaves_nothing(service: Running) -> None:
    """Whoever is gone in the middle has handed in nothing, and nothing of it stays on the disk."""
    body = good(text=b"x" * 100_000)
    for cut in (0, 100, 600, 50_000):
        with begun(service, "ana", len(body)) as line:
            line.sendall(body[:cut])
            time.sleep(0.05)
    wait_for(lambda: not service.rooms() and not service.app.settings["busy"])
    assert service.store.submissions(RUN) == []
    assert service.accepted("ana", body).number == 1


def test_a_retry_gets_the_first_receipt(service: Running) -> None:
    """Whoever did not get the answer sends the same again, and has handed in once."""
    assert service.accepted("ana", good()) == service.accepted("ana", good())
    assert len(service.store.submissions(RUN)) == 1


def test_what_was_damaged_on_its_way_is_sent_again(service: Running) -> None:
    """The hash of what was sent is compared with what came, whatever else is wrong with it."""
    body = good(text=b"mine")
    digest = {"X-Aula-Digest": hashlib.sha256(body).hexdigest()}
    assert service.send("ana", body, **digest).status_code == 201
    for broken in (body.replace(b"mine", b"nine"), body[:-1], body.replace(b"sums.ipynb", b"cums.ipynb")):
        told = service.send("ana", broken, **digest)
        assert told.status_code == 400
        assert "damaged on its way: send it again" in told.json()["message"]


def test_what_came_whole_and_is_refused_is_not_called_damaged(service: Running) -> None:
    """All of a refused archive counts for its hash: else its sender would send the same again, for ever."""
    body = entry(b"solution", kind=b"2") + good(large=bytes(1_000_000))
    told = service.send("ana", body, **{"X-Aula-Digest": hashlib.sha256(body).hexdigest()})
    assert (told.status_code, "solution is a link" in told.json()["message"]) == (422, True)


def test_chunks_without_a_length_are_taken(service: Running) -> None:
    """A client need not know beforehand how much it sends."""

    def pieces() -> Iterator[bytes]:
        body = good()
        yield from (body[at : at + 1000] for at in range(0, len(body), 1000))

    assert service.send("ana", pieces()).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"Content-Length": str(limits.MOST_BYTES + 5_000_000)}, 413, "over 100 MB"),
        ({"Content-Length": "9" * 30}, 413, "over 100 MB"),
        ({"Content-Encoding": "gzip"}, 415, "without compression"),
    ],
)
def test_some_is_refused_before_it_comes(service: Running, headers: dict[str, str], status: int, words: str) -> None:
    """What cannot be accepted is said when only its head is there."""
    address = urlsplit(service.address)
    line = http.client.HTTPConnection(address.netloc, timeout=30)
    line.putrequest("POST", PATH)
    for name, value in {"Authorization": f"token {token_of('ana')}", **headers}.items():
        line.putheader(name, value)
    line.endheaders()
    found = line.getresponse()
    assert found.status == status
    assert words in found.read().decode()
    line.close()


def test_nobody_has_many_open_at_once(service: Running) -> None:
    """Four hand-ins of one person may be on their way; a fifth waits, others need not."""
    lines = [begun(service, "ana", 10_000) for _ in range(4)]
    wait_for(lambda: service.app.settings["busy"]["ana"] == 4)
    told = service.send("ana", good())
    assert (told.status_code, "You are handing in already" in told.json()["message"]) == (429, True)
    assert service.accepted("bruno", good()).number == 1
    for line in lines:
        line.close()


def test_a_disk_that_is_full_is_said(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sender reads that nothing was accepted, and whom to tell."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("aula.submissions.syncing.settle", full)
        told = service.send("ana", good())
    assert (told.status_code, told.json()["message"]) == (
        507,
        "There is no space left to keep your work. Nothing was accepted. Tell your instructor, and try again later.",
    )
    assert service.accepted("ana", good()).number == 1
