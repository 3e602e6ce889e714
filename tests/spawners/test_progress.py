"""What a waiting person reads."""

import pytest
from aula_spawner.progress import describe, ending
from aula_spawner.slurm.squeue import Job
from aula_spawner.words import speaker, untranslated

ENGLISH = speaker(untranslated, "")


@pytest.mark.parametrize(
    ("job_id", "job", "port_known", "words"),
    [
        ("", None, False, "Asking Slurm"),
        ("7", None, False, "number 7"),
        ("7", Job("7", "PENDING", None, "Resources"), False, "the nodes are busy"),
        ("7", Job("7", "PENDING", None, "SomethingNew"), False, "Job 7 waits in the queue."),
        ("7", Job("7", "RUNNING", "node1", None), False, "runs on node1"),
        ("7", Job("7", "RUNNING", "node1", None), True, "almost ready"),
        ("7", Job("7", "OUT_OF_MEMORY", "node1", None), False, "out of memory"),
    ],
)
def test_each_step_has_a_sentence(job_id: str, job: Job | None, port_known: bool, words: str) -> None:
    """Every step from the request to the server is told in words, unknown reasons included."""
    assert words in describe(job_id, job, port_known, ENGLISH)[1]


def test_a_job_that_waits_has_its_place_told() -> None:
    """Who waits reads their place, where the hub can see it."""
    job = Job("7", "PENDING", None, "Priority")
    assert describe("7", job, False, ENGLISH, 3)[1] == (
        "Job 7 waits in the queue: other jobs come first. It is number 3 there."
    )
    assert "number" not in describe("7", job, False, ENGLISH)[1].removeprefix("Job 7")


def test_the_bar_never_goes_back() -> None:
    """Each step is further than the one before."""
    steps = [
        describe("", None, False, ENGLISH),
        describe("7", None, False, ENGLISH),
        describe("7", Job("7", "PENDING", None, None), False, ENGLISH),
        describe("7", Job("7", "RUNNING", "node1", None), False, ENGLISH),
        describe("7", Job("7", "RUNNING", "node1", None), True, ENGLISH),
    ]
    assert [share for share, _ in steps] == sorted({share for share, _ in steps})


def test_a_site_may_say_it_in_its_owners_language() -> None:
    """A sentence and the reason in it are translated each, and values are filled in afterwards."""
    words = {
        "Job {job} waits in the queue: {reason}.": "El trabajo {job} espera: {reason}.",
        "the nodes are busy; yours starts when one is free": "los nodos están ocupados",
    }
    spanish = speaker(lambda language, template: words[template] if language == "es" else template, "es")
    _, said = describe("7", Job("7", "PENDING", None, "Resources"), False, spanish)
    assert said == "El trabajo 7 espera: los nodos están ocupados."


def test_every_ending_is_said_in_words() -> None:
    """A state of Slurm's is told in words of its reader's language, and one that we do not know as it is."""
    spanish = speaker(lambda _, template: {"out of memory": "sin memoria"}.get(template, template), "es")
    assert ending("OUT_OF_MEMORY", spanish) == "sin memoria"
    assert ending("SOMETHING_NEW", spanish) == "something new"
