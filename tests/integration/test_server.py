"""A person's server: started as a Slurm job, reached through the proxy, stopped."""

from tests.classroom import Classroom
from tests.integration.person import Person, held


def test_a_server_is_a_job_of_its_owner(classroom: Classroom, bruno: Person) -> None:
    """A started server is one job, in the owner's name and company, on a node, and answers through the proxy."""
    server = bruno.start()
    assert server["url"] == f"/user/{bruno.name}/"
    (job,) = bruno.jobs()
    assert (job.user, job.account) == (bruno.name, classroom.name("nortada"))
    assert job.partition == "interactive"
    assert job.node in (classroom.name("node1"), classroom.name("node2"))
    status = bruno.at_server("api/status")
    assert status.status_code == 200
    assert status.json()["kernels"] == 0


def test_its_lessons_are_there(bruno: Person) -> None:
    """The start has copied the lessons to the home folder."""
    found = bruno.at_server("api/contents/courses/hpc-and-slurm-demo/lessons").json()["content"]
    assert [one["name"] for one in found if one["type"] == "notebook"]


def test_its_lessons_can_start_again(bruno: Person) -> None:
    """The server knows what was released to its run: a lesson can be brought back, other files not."""
    told = bruno.at_server("aula/versions").json()
    assert "courses/hpc-and-slurm-demo" in told["homes"]
    found = bruno.at_server("api/contents/courses/hpc-and-slurm-demo/lessons").json()["content"]
    lesson = next(one["path"] for one in found if one["type"] == "notebook")
    for path, status in ((lesson, 200), ("courses/hpc-and-slurm-demo/lessons/none.ipynb", 404)):
        answer = bruno.create_at_server("aula/versions", {"does": "reset", "path": path})
        assert answer.status_code == status, answer.text


def test_only_its_owner_gets_in(classroom: Classroom, bruno: Person) -> None:
    """A stranger, and a trainee with a token of their own, are turned away from somebody else's server."""
    assert bruno.at_server("api/contents", token="").status_code in (302, 403)
    other = Person(classroom, "deniz")
    assert bruno.at_server("api/contents", token=other.token).status_code in (302, 403)
    assert bruno.at_server("api/contents").status_code == 200


def test_a_second_start_is_the_same_server(bruno: Person) -> None:
    """Starting a server that runs submits no second job."""
    before = bruno.jobs()
    assert bruno.api("POST", f"users/{bruno.name}/server").status_code == 400
    assert bruno.jobs() == before


def test_nobody_stops_or_starts_anothers_server(classroom: Classroom, bruno: Person) -> None:
    """A trainee's token can neither see, start nor stop another person's server."""
    other = Person(classroom, "deniz")
    for method in ("GET", "POST", "DELETE"):
        path = f"users/{bruno.name}" + ("" if method == "GET" else "/server")
        assert other.api(method, path).status_code in (403, 404)
    assert bruno.server()["ready"]


def test_stopping_it_ends_the_job(bruno: Person) -> None:
    """Stopping the server ends its job at once, and the address leads to nothing."""
    bruno.stop()
    assert bruno.jobs() == []
    assert bruno.at_server("api/status").status_code in (302, 424)


def test_giving_up_while_it_waits_ends_the_job(bruno: Person) -> None:
    """A start that is given up in the queue leaves neither a job nor a server, and the next start works."""
    with held(bruno):
        bruno.begin()
        bruno.stop()
    assert (bruno.jobs(), bruno.server()) == ([], {})
    assert bruno.start()["ready"]
