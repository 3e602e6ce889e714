"""Asking a service whether it is there."""

import io
import urllib.error
import urllib.request
from email.message import Message

import pytest

from deploy.classroom import http


@pytest.mark.parametrize("code", [404, 503])
def test_an_error_is_an_answer_and_leaves_no_connection(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """A service that answers with an error is there and not well, and each connection is closed at once."""
    errors = []

    def refuse(url: str, **_: object) -> None:
        errors.append(urllib.error.HTTPError(url, code, "no", Message(), io.BytesIO(b"no")))
        raise errors[-1]

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    assert http.answers("http://127.0.0.1:1/")
    assert not http.well("http://127.0.0.1:1/")
    assert [error.closed for error in errors] == [True, True]
