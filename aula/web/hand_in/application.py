"""The hand-in service put together: its addresses, and what they share."""

import logging
import re
from collections import Counter
from concurrent.futures import Executor
from typing import Any

from tornado.web import Application, RequestHandler

from aula.course import LONGEST_NAME
from aula.people.values import RUN_NAME
from aula.submissions.fetches import Fetches
from aula.submissions.given import Given
from aula.submissions.keys import PublicKey
from aula.submissions.store import Store
from aula.web.hand_in.asker import Askers
from aula.web.hand_in.assignments import Assignment, Assignments, Submission, SubmissionFeedback, SubmissionReceipt
from aula.web.hand_in.handler import Missing
from aula.web.hand_in.public import Health, PublicKeyOf
from aula.web.hand_in.settings import HandInSettings
from aula.web.hand_in.submit import Submissions

log = logging.getLogger("aula.hand_in")
ALL = rf"runs/(?P<run>{RUN_NAME.pattern})/assignments"
ONE = rf"{ALL}/(?P<assignment>[a-z0-9-]{{1,{LONGEST_NAME}}})"
NUMBER = rf"{ONE}/submissions/(?P<number>[0-9]{{1,9}})"
ADDRESSES: dict[str, type[RequestHandler]] = {
    ALL: Assignments,
    ONE: Assignment,
    f"{ONE}/submissions": Submissions,
    NUMBER: Submission,
    f"{NUMBER}/receipt": SubmissionReceipt,
    f"{NUMBER}/feedback": SubmissionFeedback,
    "key": PublicKeyOf,
    "health": Health,
}


def application(
    settings: HandInSettings, store: Store, given: Given, key: PublicKey, threads: Executor, large: Executor
) -> Application:
    """Return the service. What is large is read in threads of its own."""
    prefix = re.escape(settings.prefix)
    rules: list[Any] = [(prefix + address, handler) for address, handler in ADDRESSES.items()]
    return Application(
        rules,
        default_handler_class=Missing,
        store=store,
        fetches=Fetches(store.folder),
        given=given,
        key=key,
        threads=threads,
        large=large,
        askers=Askers(settings),
        busy=Counter[str](),
        tasks=set(),
        log_function=note,
    )


def note(handler: RequestHandler) -> None:
    """Note an answer in the log; health is asked for all the time."""
    if isinstance(handler, Health):
        return
    took = 1000 * handler.request.request_time()
    log.info("%s %s %s %.1f ms", handler.get_status(), handler.request.method, handler.request.path, took)
