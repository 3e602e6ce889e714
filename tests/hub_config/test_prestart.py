"""Whether a server was used, and what may be asked for a group of people."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from hub_config.prestart import SETTLES_S, Wish, used

READY = 1_800_000_000.0


def route(moment: float) -> dict[str, object]:
    """Return a proxy's route as it notes that something went through it last."""
    written = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"routespec": "/user/ana/", "data": {"user": "ana", "last_activity": written}}


def test_a_server_is_used_from_the_first_page_on() -> None:
    """What the proxy notes when a server gets its route is nobody's use; anything later is somebody's."""
    assert not used(READY, route(READY + 1))
    assert not used(READY, route(READY + SETTLES_S - 1))
    assert used(READY, route(READY + SETTLES_S + 1))


def test_what_is_not_known_counts_as_used() -> None:
    """Nobody's server is stopped because the proxy, or a hub that started anew, knows nothing of it."""
    assert used(READY, None)
    assert used(READY, {"data": {}})
    assert used(0.0, route(READY))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"names": "ana"},
        {"names": ["../ana"]},
        {"names": ["ana\n"]},
        {"names": [1]},
        {"names": ["ana"] * 2001},
        {"names": ["ana"], "profile": "A B"},
        {"names": ["ana"], "options": {"memory": "99G"}},
    ],
)
def test_only_names_and_a_profile_can_be_asked_for(wrong: object) -> None:
    """Everything else is refused before anything is done."""
    with pytest.raises(ValidationError):
        Wish.model_validate(wrong)
