"""The hand-in service, as a trainee's server asks it. A broken connection is tried again."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import quote

import requests

from . import tars
from .errors import ServiceError
from .tars import Packed

WAITS_S = (0.3, 1.0, 2.0, 4.0)
"""Seconds before each further try: a service that is started anew is back within them."""
CONNECTS_S, ANSWERS_S = 5.0, 60.0
OK, CREATED, DAMAGED, NONE = 200, 201, 400, 404
AGAIN = (DAMAGED, 502, 503, 504)
"""What a try that broke on the way is answered with."""
PART = 1 << 20
TAR = {"Content-Type": "application/x-tar"}
Json = dict[str, Any]


class Service:
    """The service at an address, asked with a session that bears its owner's token."""

    def __init__(self, url: str, asking: requests.Session) -> None:
        if not url:
            raise ServiceError("no hand-in service is configured here: tell your instructor (c.AulaExchange.url)")
        self._url, self._asking = url.rstrip("/"), asking

    def address(self, *names: str) -> str:
        """Return the address of something of a course run."""
        return "/".join([self._url, "runs", *(quote(name, safe="") for name in names)])

    def told(self, run: str) -> Json:
        """Return all that is told of a course run: its `assignments`, and the service's clock.

        Raises ServiceError, as all here do, where it cannot be had.
        """
        return _read(self._ask("GET", run, "assignments"))

    def assignments(self, run: str) -> list[Json]:
        """Return what is released of a course run, with the asker's own hand-ins."""
        found: list[Json] = self.told(run)["assignments"]
        return found

    def assignment(self, run: str, name: str) -> Json:
        """Return one of them."""
        found = {task["name"]: task for task in self.assignments(run)}
        if name not in found:
            there = ", ".join(sorted(found)) or "none yet"
            raise ServiceError(f"{run} has no assignment '{name}'; it has: {there}", NONE)
        return found[name]

    def fetch(self, run: str, name: str, to: Path) -> None:
        """Write the files of an assignment, as it is released, into a folder."""
        with self._ask("GET", run, "assignments", name) as body:
            tars.unpack(body, to)

    def hand_in(self, run: str, name: str, packed: Packed) -> Json:
        """Hand in; return the receipt. Tried again, it is the same hand-in: the service knows it by its hash."""
        headers = {**TAR, "X-Aula-Digest": packed.digest}
        receipt = _read(self._ask("POST", run, "assignments", name, "submissions", body=packed.body, headers=headers))
        if receipt["files"] != packed.files:
            raise ServiceError("the receipt names other files than were handed in: hand in again, tell your instructor")
        return receipt

    def feedback(self, run: str, name: str, number: int) -> BinaryIO | None:
        """Return the tar of the pages of feedback on a hand-in; nothing where there are none yet."""
        try:
            return self._ask("GET", run, "assignments", name, "submissions", str(number), "feedback")
        except ServiceError as error:
            if error.status == NONE:
                return None
            raise

    def _ask(
        self, method: str, *names: str, body: BinaryIO | None = None, headers: Mapping[str, str] | None = None
    ) -> BinaryIO:
        """Return the body of the answer."""
        for wait_s in WAITS_S:
            try:
                return self._once(method, self.address(*names), body, headers)
            except requests.RequestException:
                pass
            except ServiceError as error:
                if error.status not in AGAIN:
                    raise
            time.sleep(wait_s)
        try:
            return self._once(method, self.address(*names), body, headers)
        except requests.RequestException as error:
            raise ServiceError(f"the hand-in service does not answer: try again in a minute ({error})") from error

    def _once(self, method: str, address: str, body: BinaryIO | None, headers: Mapping[str, str] | None) -> BinaryIO:
        if body:
            body.seek(0)
        limits = (CONNECTS_S, ANSWERS_S)
        options: Json = {"data": body, "headers": headers, "timeout": limits, "stream": True, "allow_redirects": False}
        with self._asking.request(method, address, **options) as answer:
            if answer.status_code not in (OK, CREATED):
                raise ServiceError(_said(answer), answer.status_code)
            kept = TemporaryFile()  # noqa: SIM115  it is the caller's
            try:
                for part in answer.iter_content(PART):
                    kept.write(part)
            except BaseException:
                kept.close()
                raise
        kept.seek(0)
        return kept


def _said(answer: requests.Response) -> str:
    """Return what the service says of an error; where that is not the service, what the answer was."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"the hand-in service answered {answer.status_code} {answer.reason}: tell your instructor"


def _read(body: BinaryIO) -> Json:
    """Return what an answer says."""
    try:
        with body:
            found: Json = json.load(body)
    except ValueError as error:
        raise ServiceError(f"the hand-in service gave an answer that cannot be read: try again ({error})") from error
    return found
