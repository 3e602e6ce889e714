"""HOSTILE.md 2 and 3: what is sent along with a start, and what servers are called."""

import pytest

from tests.integration.person import Person

OPTIONS = [
    {"req_partition": "batch"},
    {"req_runtime": "9-00:00:00"},
    {"req_memory": "100G"},
    {"req_options": "--uid=0"},
    {"batch_script": "#!/bin/sh\nid"},
    {"partition": "batch"},
    {"cmd": ["id"]},
    {"env": {"LD_PRELOAD": "/home/x.so"}},
    {"environment": {"PATH": "/home"}},
    {"user_environment": "/home"},
    {"profile": "big"},
    {"profile": ["standard"]},
    {"profile": "standard\n#SBATCH --uid=0"},
    {"profile": "large", "walltime": "9-00:00:00"},
    {"walltime": "1:00:00\n"},
    {"walltime": "00:00:00"},
    {"walltime-standard": "1:00:00"},
    {"a\n#SBATCH --partition=batch": "x"},
    {"a": "\n#SBATCH --partition=batch\n"},
    {"{{7*7}}": "{{7*7}}"},
    {"$(id)": "`id`"},
    {"'\";id": "'\";id"},
    {"nul\0": "\0"},
    {"": ""},
    {"__class__": "x"},
    {"x" * 10_000: "x"},
    {"a": "x" * 1_000_000},
    {"<script>alert(1)</script>": "x"},
]

REFUSALS = ("A server cannot be started with the option ", "The option ", "There is no profile ")


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: repr(next(iter(options)))[:30])
def test_an_option_is_refused_in_words(deniz: Person, options: dict[str, object]) -> None:
    """An option that is not allowed is a 400 that names it in plain words, without a traceback, and no job starts."""
    answer = deniz.api("POST", f"users/{deniz.name}/server", options)
    assert answer.status_code == 400
    message = answer.json()["message"]
    assert message.startswith(REFUSALS)
    assert message.endswith("Nothing was started.")
    assert len(message) < 300
    assert "49" not in message
    assert "\n" not in message
    assert "Traceback" not in answer.text
    assert (deniz.server(), deniz.jobs()) == ({}, [])


@pytest.mark.parametrize("body", ["batch", 7, ["req_partition"], [["req_partition", "batch"]], True])
def test_options_that_are_no_object_start_nothing(deniz: Person, body: object) -> None:
    """A body of another shape is a 400, and no job starts."""
    assert deniz.api("POST", f"users/{deniz.name}/server", body).status_code == 400
    assert (deniz.server(), deniz.jobs()) == ({}, [])


def test_an_option_in_an_address_is_refused(deniz: Person) -> None:
    """A link that somebody is lured to, with an option in its address, shows a refusal and starts nothing."""
    page = deniz.session.get(f"{deniz.hub}/spawn", params={"req_partition": "batch"}, timeout=30)
    assert "req_partition" in page.text
    assert "Traceback" not in page.text
    assert (deniz.server(), deniz.jobs()) == ({}, [])


def test_a_form_that_was_tampered_with_starts_nothing(deniz: Person) -> None:
    """A form with another life than its choices, or a profile twice, is refused on the page."""
    for form in ({"profile": "standard", "walltime-standard": "7-00:00:00"}, {"profile": ["standard", "large"]}):
        page = deniz.session.post(f"{deniz.hub}/spawn", params={"_xsrf": deniz.xsrf}, data=form, timeout=30)
        assert page.status_code == 400
        assert "Nothing was started." in page.text
        assert (deniz.server(), deniz.jobs()) == ({}, [])


def test_an_option_in_a_form_is_refused(deniz: Person) -> None:
    """An option that a form sends is refused on the page, in words, and starts nothing."""
    form = {"req_partition": "batch", "_xsrf": deniz.xsrf}
    page = deniz.session.post(f"{deniz.hub}/spawn", data=form, timeout=30)
    assert "req_partition" in page.text
    assert "Traceback" not in page.text
    assert (deniz.server(), deniz.jobs()) == ({}, [])


def test_a_page_from_elsewhere_starts_nothing(deniz: Person) -> None:
    """Another site's page cannot start a server in the person's browser: its form has no word of ours."""
    answer = deniz.session.post(f"{deniz.hub}/spawn", data={}, headers={"Origin": "https://evil.example"}, timeout=30)
    assert answer.status_code == 403
    assert (deniz.server(), deniz.jobs()) == ({}, [])


@pytest.mark.parametrize(
    "name",
    [
        "a;id",
        "..%2Fx",
        "-uroot",
        "a.b",
        "a%2Fb",
        "A",
        "a%20b",
        "%7B%7B7*7%7D%7D",
        "a%0Ab",
        "a%00b",
        "%D0%B0na",
        "a" * 300,
    ],
)
def test_a_servers_name_is_plain(deniz: Person, name: str) -> None:
    """A server's name that could mean something to a shell, a path or a template is refused; no job starts."""
    answer = deniz.api("POST", f"users/{deniz.name}/servers/{name}")
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text
    assert (deniz.model()["servers"], deniz.jobs()) == ({}, [])


def test_no_more_servers_than_allowed(deniz: Person) -> None:
    """Nothing is kept of all this: the person still has no server and no name of one."""
    assert deniz.model()["servers"] == {}
