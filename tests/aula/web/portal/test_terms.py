"""The page of due dates: changed by those who lead the run, looked at by tutors, and nothing typed is lost."""

import re

import pytest

from aula.people import runs, terms
from tests.aula.web.portal.conftest import Class

PAGE = "/runs/hpc-lisbon/terms"
RULES = {
    "due": "2099-11-30T23:59",
    "accepted_until": "2099-12-02T12:00",
    "attempts": "3",
    "percent_per_day": "12,5",
    "most_percent": "50",
    "grace_minutes": "15",
}


def kept(school: Class, name: str = "scaling") -> dict[str, object]:
    """Return what the machine is told of an assignment in Lisbon."""
    with school.database.session() as session:
        return next(one for one in terms.state(runs.get(session, "hpc-lisbon")) if one["name"] == name)


def values(page: str, name: str = "scaling") -> dict[str, str]:
    """Return what stands in the fields of an assignment."""
    return {field: text for field, text in re.findall(rf'id="{name}-\w+" name="(\w+)" value="([^"]*)"', page)}


def test_an_instructor_sets_the_terms(school: Class) -> None:
    """Times are by the run's clocks; the page shows what is kept, and the machine is told, with who it was."""
    page = school.portal.browser("ines").submit(f"{PAGE}/scaling", **RULES)
    assert page.url == school.portal.url(f"{PAGE}?saved=scaling")
    assert "Saved. It is in force within seconds." in page.text
    assert values(page.text) == RULES | {"percent_per_day": "12.5", "until": "", "why": ""}
    found = kept(school)
    assert (found["due"], found["accepted_until"]) == ("2099-11-30T23:59:00+00:00", "2099-12-02T12:00:00+00:00")
    assert (found["attempts"], found["by"]) == (3, {"": "ines"})
    assert found["late"] == {"percent_per_day": 12.5, "most_percent": 50.0, "grace_minutes": 15}
    page = school.portal.browser("ines").submit(f"{PAGE}/scaling", due=RULES["due"])
    assert (kept(school)["attempts"], kept(school)["accepted_until"]) == (None, None)


def test_an_extension_is_given_and_taken_back(school: Class) -> None:
    """The page says who has it, until when and why; markup in it is only text."""
    ines, why = school.portal.browser("ines"), "<b>was ill</b>"
    page = ines.submit(f"{PAGE}/scaling/extension", person="ana", until="2099-12-01T12:00", why=why)
    assert "&lt;b&gt;was ill&lt;/b&gt; (ines)" in page.text
    assert kept(school)["extensions"] == {"ana": "2099-12-01T12:00:00+00:00"}
    assert kept(school, "slurm-basics")["extensions"] == {}
    ines.submit(f"{PAGE}/scaling/people/ana/take-back")
    assert kept(school)["extensions"] == {}


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [
        ("scaling", {"due": ""}, "Write a date and a time"),
        ("scaling", {"due": "0001-01-01T00:00"}, "Write a date and a time"),
        ("scaling", {"due": "2099-11-30T23:59Z"}, "Write a date and a time"),
        ("scaling", {"accepted_until": "2099-11-01T00:00"}, "cannot close before it is due"),
        ("scaling", {"attempts": "many"}, "Write a number."),
        ("scaling", {"attempts": "0"}, "from 1 to 1000"),
        ("scaling", {"percent_per_day": "nan"}, "from 0 to 100"),
        ("scaling", {"grace_minutes": "-1"}, "from 0 to 10080"),
        ("scaling/extension", {"person": "bora"}, "Choose a trainee"),
        ("scaling/extension", {"until": "2001-01-01T00:00"}, "ends after the due date"),
        ("scaling/extension", {"why": ""}, "Write why"),
    ],
)
def test_what_is_wrong_is_told_beside_it(school: Class, path: str, wrong: dict[str, str], said: str) -> None:
    """Nothing is kept, and what was typed stands there still."""
    before = kept(school)
    form = (RULES if path == "scaling" else {"person": "ana", "until": "2099-12-01T12:00", "why": "was ill"}) | wrong
    answer = school.portal.ask("POST", f"{PAGE}/{path}", "ines", data=form)
    (field,) = wrong
    assert answer.status_code == 400
    assert re.search(rf'id="scaling-{field}-hint" role="alert">[^<]*{said}', answer.text)
    shown = values(answer.text)
    assert all(shown[name] == text for name, text in form.items() if name != "person")
    assert ('value="ana" selected' in answer.text) == (form.get("person") == "ana")
    assert kept(school) == before


def test_a_tutor_looks(school: Class) -> None:
    """All stands there, and nothing can be sent."""
    page = school.portal.ask("GET", PAGE, "tiago").text
    assert page.count(" readonly") == 12
    assert "Give an extension" not in page
    assert ">Save<" not in page
    assert f'{PAGE}"' in school.portal.ask("GET", "/runs/hpc-lisbon", "tiago").text
