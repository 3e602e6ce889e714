"""Thousands of odd requests with a trainee's token: nothing changes but what is the trainee's own, and nothing breaks.

AULA_FUZZ_REQUESTS says how many; a small number here, 10,000 in the hostile run.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from aula.web.portal.guesses import Guesses
from tests.aula.web.portal.answering_hub import token_of
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.dump import dump, without
from tests.aula.web.portal.running import running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the fuzzer's own libraries deprecate is not ours
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings, strategies

REQUESTS = int(os.environ.get("AULA_FUZZ_REQUESTS", "300"))
ME = "ana"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")


class Noted(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(f"{record.name}: {record.getMessage()} {record.exc_info}")


@contextmanager
def noted() -> Iterator[Noted]:
    """Keep what anything logs as an error while the block lasts."""
    handler = Noted()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.timeout(3000)
def test_a_trainee_changes_nothing_but_their_own(school: Class) -> None:
    """Whatever is sent: no answer of 500 or above, no traceback, no row changed that is not the trainee's."""
    before = dump(school.database)
    many = Guesses(of_person=10**6, of_address=10**6)  # the limit would hide what lies behind it
    with running(school.database, guesses=many) as portal, noted() as errors:
        document = portal.ask("GET", "/openapi.json").json()
        sent = fuzz(document, portal.url(""), real_values(school))
    assert sent >= REQUESTS
    assert errors.said == []
    assert without(dump(school.database), ME) == without(before, ME)


def real_values(school: Class) -> dict[str, list[str]]:
    """Return what is really there, which no fuzzer would guess: a trainee may have seen it."""
    return {
        "run": ["hpc-lisbon", "hpc-izmir"],
        "course": ["hpc-and-slurm"],
        "company": ["nortada", "ege-veri"],
        "person": ["ana", "bora", "ines", "olga"],
        "number": [str(number) for number in school.people.numbers.values()],
        "code": [school.people.codes["hpc-lisbon"]],
        "assignment": ["slurm-basics"],
        "file": ["01-first-job", "slurm-basics"],
        "token": ["x"],
    }


def fuzz(document: dict[str, Any], address: str, real: dict[str, list[str]]) -> int:
    """Send odd requests to every operation, and every method to every address; return how many."""
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()]
    each = -(-REQUESTS // len(operations))
    count = 0
    with requests.Session() as session:
        session.headers["Authorization"] = f"token {token_of(ME)}"
        for operation in operations:

            @settings(
                max_examples=each,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(),
                values=strategies.fixed_dictionaries(
                    {name: strategies.one_of(strategies.none(), strategies.sampled_from(real[name])) for name in real}
                ),
                method=strategies.sampled_from((None, None, None, None, None, *METHODS)),
            )
            def send(case: Any, values: dict[str, str | None], method: str | None) -> None:
                nonlocal count
                for name in case.path_parameters or {}:
                    case.path_parameters[name] = values.get(name) or case.path_parameters[name]
                words = case.as_transport_kwargs(base_url=address)
                words["method"] = method or words["method"]
                words["headers"] = {**words["headers"], **session.headers}
                answer = session.request(**words, timeout=60, allow_redirects=False)
                count += 1
                assert answer.status_code < 500, (words, answer.text)

            send()
    return count
