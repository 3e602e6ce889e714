"""The service's addresses: who gets what, and in which words others are turned away."""

import asyncio
import io
import json
import tarfile
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import requests

from aula.submissions import receipts
from aula.submissions.fetches import FETCHED, Fetches
from aula.submissions.keys import PublicKey
from aula.web.portal.hand_ins import HandIns, Points
from tests.aula.submissions.archive import good, notebook
from tests.aula.web.hand_in.answering_hub import token_of
from tests.aula.web.hand_in.running import INSTRUCTOR, PREFIX, RUN, STRANGER, Running

ALL = f"runs/{RUN}/assignments"
OF_RUN = (
    ALL,
    f"{ALL}/sums",
    f"{ALL}/sums/submissions/1",
    *(f"{ALL}/sums/submissions/1/{of}" for of in ("receipt", "feedback")),
)


def files(answer: requests.Response) -> dict[str, bytes]:
    """Return the files in an archive that the service sent."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/x-tar")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        found = {one.name: tar.extractfile(one) for one in tar.getmembers() if one.isfile()}
    return {name: file.read() for name, file in found.items() if file}


def test_what_is_released_can_be_fetched(service: Running) -> None:
    """Who is in the run sees the list, and gets each assignment as it was released."""
    for name in ("ana", INSTRUCTOR):
        told = service.ask("GET", ALL, name).json()
        nothing: dict[str, object] = dict.fromkeys(("title", "points", "due", "accepted_until", "late_rule"))
        nothing |= {"extended": False, "attempts": {"allowed": None, "used": 0}}
        assert told["assignments"] == [
            {"name": "sums", "notebooks": ["sums"], "submissions": [], "at_once": False, **nothing},
            {"name": "words", "notebooks": ["words"], "submissions": [], "at_once": False, **nothing},
        ]
    assert files(service.ask("GET", f"{ALL}/sums", "ana")) == {"sums.ipynb": notebook(), "data.csv": b"1,2\n"}


def test_the_first_fetch_is_noted(service: Running, caplog: pytest.LogCaptureFixture) -> None:
    """Once for each person and assignment, after a restart too; where it cannot be, they get it all the same."""
    for name, task in (("ana", "sums"), ("bruno", "sums"), ("ana", "words"), ("ana", "sums")):
        assert service.ask("GET", f"{ALL}/{task}", name).status_code == 200
    assert service.ask("GET", f"{ALL}/secret", "ana").status_code == 404
    index = service.store.folder / RUN / FETCHED
    told = [json.loads(line) for line in index.read_text().splitlines()]
    assert [(one["student"], one["assignment"]) for one in told] == [
        ("ana", "sums"),
        ("bruno", "sums"),
        ("ana", "words"),
    ]
    assert datetime.fromisoformat(told[0]["at"]) <= datetime.now(UTC)
    with index.open("a") as file:
        file.write('{"student": "b')
    anew = Fetches(service.store.folder)
    anew.note(RUN, "bruno", "sums", datetime.now(UTC))
    assert len(index.read_text().splitlines()) == 4
    index.unlink()
    index.mkdir()
    assert service.ask("GET", f"{ALL}/words", "bruno").status_code == 200
    assert "cannot be written" in caplog.text


def test_everybody_sees_their_own_hand_ins(service: Running) -> None:
    """List, files, receipt: the asker's, and nobody else's."""
    receipt = service.accepted("ana", good(text=b"mine"))
    told = service.ask("GET", ALL, "ana").json()["assignments"]
    wanted = {"number": 1, "at": receipt.at, "digest": receipt.digest, "late": None, "feedback": {}, "points": None}
    assert [one["submissions"] for one in told] == [[wanted], []]
    assert files(service.ask("GET", f"{ALL}/sums/submissions/0001", "ana")) == {
        "sums.ipynb": notebook(),
        "text": b"mine",
    }
    assert receipts.of(service.ask("GET", f"{ALL}/sums/submissions/1/receipt", "ana").text) == receipt
    for name in ("bruno", INSTRUCTOR):
        assert service.ask("GET", ALL, name).json()["assignments"][0]["submissions"] == []
        for more in ("", "/receipt", "/feedback"):
            answer = service.ask("GET", f"{ALL}/sums/submissions/1{more}", name)
            assert (answer.status_code, answer.json()) == (
                404,
                {"message": "there is no hand-in 1 of sums: look at the list of yours."},
            )


def test_feedback_is_for_who_handed_in(service: Running) -> None:
    """It is there once the run's account has put it there."""
    service.accepted("ana", good())
    service.accepted("bruno", good())
    assert service.ask("GET", f"{ALL}/sums/submissions/1/feedback", "ana").status_code == 404
    folder = service.given / RUN / "feedback" / "ana" / "sums" / "0001"
    folder.mkdir(parents=True)
    (folder / "sums.html").write_text("well done")
    assert files(service.ask("GET", f"{ALL}/sums/submissions/1/feedback", "ana")) == {"sums.html": b"well done"}
    pages = {"sums.html": sha256(b"well done").hexdigest()}
    assert service.ask("GET", ALL, "ana").json()["assignments"][0]["submissions"][0]["feedback"] == pages
    assert service.ask("GET", f"{ALL}/sums/submissions/1/feedback", "bruno").status_code == 404


def test_points_are_told_as_they_were_released(service: Running) -> None:
    """With the hand-in that they are for; what is no points, or is not there, is nothing."""
    service.accepted("ana", good())
    folder = service.given / RUN / "feedback" / "ana" / "sums" / "0001"
    folder.mkdir(parents=True)

    def told() -> object:
        return service.ask("GET", ALL, "ana").json()["assignments"][0]["submissions"][0]["points"]

    assert told() is None
    points = {"score": 3.0, "max_score": 5.0, "late_penalty": 0.5}
    (folder / "points.json").write_text(json.dumps(points))
    assert told() == points
    numbers = (json.dumps({**points, "score": odd}) for odd in ("x", float("nan")))
    for odd in ("", "[]", "{", '{"score": 3}', *numbers):
        (folder / "points.json").write_text(odd)
        assert told() is None, odd


def test_the_portal_reads_for_others(service: Running) -> None:
    """By its own token, about the person whom it names: what they have, their feedback, their receipt, and no more."""
    receipt = service.accepted("ana", good())
    folder = service.given / RUN / "feedback" / "ana" / "sums" / "0001"
    folder.mkdir(parents=True)
    (folder / "sums.html").write_text("well done")
    mine = {"X-Aula-For": "ana"}
    (one, _) = service.ask("GET", ALL, "portal", headers=mine).json()["assignments"]
    assert [each["number"] for each in one["submissions"]] == [1]
    path = f"{ALL}/sums/submissions/1"
    assert files(service.ask("GET", f"{path}/feedback", "portal", headers=mine)) == {"sums.html": b"well done"}
    assert service.ask("GET", f"{path}/receipt", "portal", headers=mine).json()["signature"] == receipt.signature
    assert service.ask("GET", f"{path}/receipt", "portal", headers={"X-Aula-For": "bruno"}).status_code == 404


def test_nobody_else_reads_for_others(service: Running) -> None:
    """Neither a person, nor another service, nor the portal with a token that is not for this; and it only reads."""
    service.accepted("ana", good())
    for name, other in (("bruno", "ana"), (INSTRUCTOR, "ana"), ("hpc", "ana"), ("ana", "ana")):
        answer = service.ask("GET", ALL, name, headers={"X-Aula-For": other})
        assert (answer.status_code, "Only the portal" in answer.json()["message"]) == (403, True), name
    answer = service.ask("GET", ALL, "portal", headers={"X-Aula-For": "../ana"})
    assert (answer.status_code, "no name" in answer.json()["message"]) == (400, True)
    assert "Only people" in service.ask("GET", ALL, "portal").json()["message"]
    answer = service.send("portal", good(), **{"X-Aula-For": "ana"})
    assert (answer.status_code, "nothing else" in answer.json()["message"]) == (403, True)
    assert len(service.store.submissions(RUN)) == 1
    service.hub.settings["scope"] = "access:services!service=portal"
    service.app.settings["askers"]._hub.cache.clear()
    assert service.ask("GET", ALL, "portal", headers={"X-Aula-For": "ana"}).status_code == 403


def test_the_portal_understands_the_service(service: Running) -> None:
    """What the service really says becomes what the portal shows; a page and a receipt come whole."""
    service.accepted("ana", good())
    folder = service.given / RUN / "feedback" / "ana" / "sums" / "0001"
    folder.mkdir(parents=True)
    (folder / "sums.html").write_text("well done")
    (folder / "points.json").write_text('{"score": 3, "max_score": 5, "late_penalty": 0.5}')

    async def ask() -> None:
        portal = HandIns(service.address + PREFIX, token_of("portal"))
        told, again = await asyncio.gather(portal.of(RUN, "ana"), portal.of(RUN, "ana"))
        assert told is again is not None
        assert told.assignments["words"].hand_ins == ()
        one = told.assignments["sums"].hand_in(1)
        assert one is not None
        assert (one.pages, one.points) == (("sums.html",), Points(3.0, 5.0, 0.5))
        assert await portal.page(RUN, "ana", "sums", 1, "sums.html") == b"well done"
        assert await portal.page(RUN, "ana", "sums", 1, "other.html") is None
        assert json.loads(await portal.receipt(RUN, "ana", "sums", 1) or b"")["number"] == 1
        assert await portal.receipt(RUN, "ana", "sums", 2) is None
        portal.close()

    asyncio.run(ask())


def test_which_assignments_give_results_at_once_is_told(service: Running) -> None:
    """While the job that gives them says so."""
    (service.given / RUN / "at_once.json").write_text('{"assignments": ["words"]}')
    told = service.ask("GET", ALL, "ana").json()["assignments"]
    assert {one["name"]: one["at_once"] for one in told} == {"sums": False, "words": True}


def test_the_key_is_everybodys(service: Running) -> None:
    """Key and health need no token."""
    told = service.ask("GET", "key").json()
    assert PublicKey.of(told["key"].encode()).id == told["id"] == service.accepted("ana", good()).key
    assert service.ask("GET", "health").status_code == 200


@pytest.mark.parametrize("path", OF_RUN)
def test_others_are_turned_away(service: Running, path: str) -> None:
    """Without a token, with one that the hub does not know, or from another run: refused, in words."""
    service.accepted("ana", good())
    for name, status, words in (
        (None, 401, "no token"),
        ("nobody", 401, "does not know"),
        (STRANGER, 403, "not in the"),
    ):
        answer = service.ask("GET", path, name)
        assert answer.status_code == status
        assert words in answer.json()["message"]


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        ({"kind": "service"}, "Only people can hand in"),
        ({"scopes": ["access:services!service=portal"]}, "not for handing in"),
        ({"groups": []}, "You are not in the course run hpc"),
        ({"groups": ["nbgrader-hp", "hpc", "xnbgrader-hpc"]}, "You are not in the course run hpc"),
    ],
)
def test_a_token_must_be_a_persons_and_for_this(service: Running, otherwise: dict[str, object], words: str) -> None:
    """What the hub says about a token counts, all of it."""
    service.hub.settings["otherwise"]["ana"] = otherwise
    for answer in (service.ask("GET", ALL, "ana"), service.send("ana", good())):
        assert answer.status_code == 403
        assert words in answer.json()["message"]
    assert service.store.submissions(RUN) == []


def test_the_hubs_word_is_remembered_for_a_minute(service: Running) -> None:
    """A class that hands in does not ask the hub for each request."""
    for _ in range(3):
        service.ask("GET", ALL, "ana")
    assert service.hub.settings["asked"] == ["user"]


def test_a_hub_that_is_away_is_said(service: Running) -> None:
    """Nobody's token is believed, or refused for good, while the hub does not answer."""
    service.hub.settings["broken"].append(True)
    answer = service.send("ana", good())
    assert (answer.status_code, "Try again in a minute" in answer.json()["message"]) == (503, True)
    service.hub.settings["broken"].clear()
    assert service.accepted("ana", good()).number == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 404),
        ("GET", "runs", 404),
        ("GET", f"{ALL}/", 404),
        ("GET", f"{ALL}/Sums", 404),
        ("GET", f"{ALL}/%2e%2e", 404),
        ("GET", f"{ALL}/other", 404),
        ("GET", f"{ALL}/sums/submissions/x", 404),
        ("GET", f"{ALL}/sums/submissions/0", 404),
        ("GET", f"{ALL}/sums/submissions/9999999999", 404),
        ("GET", f"{ALL}/sums/submissions", 405),
        ("PUT", f"{ALL}/sums/submissions", 405),
        ("POST", ALL, 405),
        ("DELETE", f"{ALL}/sums", 405),
        ("POST", f"{ALL}/other/submissions", 404),
        ("POST", "runs/late/assignments/sums/submissions", 403),
    ],
)
def test_other_addresses_are_answered_in_words(service: Running, method: str, path: str, status: int) -> None:
    """Whatever is asked, the answer is JSON with a sentence."""
    answer = service.ask(method, path, "ana", data=good() if method != "GET" else None)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".")
    assert "Server" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
