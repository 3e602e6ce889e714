"""What an `nbgrader_config.py` says to use this exchange: which class does what."""

from typing import Any

TRAINEES = {
    "list": "aula_exchange.list_assignments.List",
    "fetch_assignment": "aula_exchange.fetch_assignment.FetchAssignment",
    "submit": "aula_exchange.submit.Submit",
    "fetch_feedback": "aula_exchange.fetch_feedback.FetchFeedback",
}
COURSE_RUNS = {
    "list": "aula_exchange.list_hand_ins.ListHandIns",
    "release_assignment": "aula_exchange.release_assignment.ReleaseAssignment",
    "collect": "aula_exchange.collect.Collect",
    "release_feedback": "aula_exchange.release_feedback.ReleaseFeedback",
}


def of_trainees(c: Any, url: str) -> None:
    """Let a person's own server hand in over the service at an address."""
    c.AulaExchange.url = url
    c.ExchangeFactory.update(TRAINEES)


def of_course_run(c: Any, handed_in: str, given: str) -> None:
    """Let the account of a course run collect from, and release to, the folders of the service."""
    c.CourseRunExchange.handed_in = handed_in
    c.CourseRunExchange.given = given
    c.ExchangeFactory.update(COURSE_RUNS)
