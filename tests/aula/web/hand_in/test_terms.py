"""What the service says of terms to a trainee, and what it takes by them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.aula.submissions.archive import good
from tests.aula.web.hand_in.running import RUN, Running

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def set_terms(service: Running, due: datetime, **more: Any) -> None:
    """Write the terms of sums, as the machine does."""
    late = {"percent_per_day": 10.0, "most_percent": 50.0, "grace_minutes": 15}
    sums = {"title": "Sums", "points": 20.0, "due": due.isoformat(), "late": late, "extensions": {}, **more}
    said = {"version": 1, "title": "HPC", "time_zone": "Europe/Madrid", "assignments": {"sums": sums}}
    (service.given / RUN / "terms.json").write_text(json.dumps(said))


def told(service: Running, name: str = "ana") -> dict[str, Any]:
    """Return what the service says of sums."""
    answer = service.ask("GET", f"runs/{RUN}/assignments", name).json()
    assert NOW <= datetime.fromisoformat(answer["now"]) <= datetime.now(UTC)
    found: dict[str, Any] = answer["assignments"][0]
    return found


def refused(service: Running, text: bytes, name: str = "ana") -> str:
    """Hand in, and return why that is refused."""
    answer = service.send(name, good(text=text))
    assert answer.status_code == 403, answer.text
    return str(answer.json()["message"])


def test_terms_are_told_to_each(service: Running) -> None:
    """Everybody reads their own due date; who has an extension, that it is one."""
    due, later = (NOW + DAY).isoformat(), (NOW + 3 * DAY).isoformat()
    set_terms(service, NOW + DAY, attempts=3, accepted_until=(NOW + 2 * DAY).isoformat(), extensions={"ana": later})
    service.accepted("ana", good())
    of_all = {
        "title": "Sums",
        "points": 20.0,
        "late_rule": {"percent_per_day": 10.0, "most_percent": 50.0, "grace_minutes": 15},
    }
    ana = {"due": later, "extended": True, "accepted_until": (NOW + 4 * DAY).isoformat()}
    bruno = {"due": due, "extended": False, "accepted_until": (NOW + 2 * DAY).isoformat()}
    assert service.ask("GET", f"runs/{RUN}/assignments", "ana").json()["title"] == "HPC"
    for name, used, wanted in (("ana", 1, ana), ("bruno", 0, bruno)):
        said = told(service, name)
        assert said == said | of_all | wanted | {"attempts": {"allowed": 3, "used": used}}


def test_late_follows_from_the_terms_of_today(service: Running) -> None:
    """What was late is in time once an extension says so; nothing is stored with the hand-in."""
    set_terms(service, NOW - DAY)
    service.accepted("ana", good())
    assert DAY <= timedelta(seconds=told(service)["submissions"][0]["late"]) <= datetime.now(UTC) - (NOW - DAY)
    set_terms(service, NOW - DAY, extensions={"ana": (NOW + DAY).isoformat()})
    assert told(service)["submissions"][0]["late"] == 0


def test_attempts_are_used_up(service: Running) -> None:
    """One more than allowed is refused in words; the retry of the last one gets its receipt, and is no attempt."""
    set_terms(service, NOW + DAY, attempts=2)
    service.accepted("ana", good(text=b"1"))
    last = service.accepted("ana", good(text=b"2"))
    assert refused(service, b"3").startswith("you have handed in 2 times, and 2 are allowed: ")
    assert service.accepted("ana", good(text=b"2")) == last
    assert told(service)["attempts"] == {"allowed": 2, "used": 2}
    assert service.accepted("bruno", good()).number == 1


def test_what_is_closed_is_not_taken(service: Running) -> None:
    """The end is told in the run's own time zone; who has longer still hands in."""
    due, closed = NOW - 2 * DAY, NOW - DAY
    extensions = {"bruno": (due + 3 * DAY).isoformat()}
    set_terms(service, due, accepted_until=closed.isoformat(), extensions=extensions)
    assert "(Europe/Madrid), and it is over" in refused(service, b"1")
    assert service.accepted("bruno", good()).number == 1


@pytest.mark.parametrize("text", ["", "{", '{"version": 1, "time_zone": "Mars/Olympus", "assignments": {}}'])
def test_without_terms_everything_is_taken(service: Running, text: str) -> None:
    """Terms that cannot be read lose nobody's work; nothing is called late then."""
    (service.given / RUN / "terms.json").write_text(text)
    service.accepted("ana", good())
    said = told(service)
    assert (said["due"], said["submissions"][0]["late"]) == (None, None)
