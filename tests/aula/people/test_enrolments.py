"""Who is in which run, in which role, from which company; lists are taken whole or not at all."""

import pytest

from aula.people import companies, enrolments, persons, runs
from aula.people.database import Database
from aula.people.errors import PeopleError, TakenError, UnknownError

LIST = """\
name,full_name,email,company,role
ana,Ana Sousa,ana@nortada.example,nortada,trainee
carla,Carla Neves,carla@nortada.example,nortada,
ines,Inês Prado,,,instructor
"""


def roles(people: Database, run: str) -> dict[str, tuple[str, str]]:
    """Return everybody's role and company in a run."""
    with people.session() as session:
        found = enrolments.present(session, runs.get(session, run))
        return {one.person.name: (one.role, one.company.name if one.company else "") for one in found}


def test_a_list_enrols_everybody(people: Database) -> None:
    """People who are known are enrolled, others are added first; the other run of the course stays empty."""
    with people.session() as session:
        roster = enrolments.enrol_list(session, "hpc-lisbon", LIST.splitlines(keepends=True))
    assert (roster.added, roster.enrolled, roster.unchanged) == (["carla"], ["ana", "carla", "ines"], [])
    assert roles(people, "hpc-lisbon") == {
        "ana": ("trainee", "nortada"),
        "carla": ("trainee", "nortada"),
        "ines": ("instructor", ""),
    }
    assert roles(people, "hpc-izmir") == {}


def test_the_same_list_again_changes_nothing(people: Database) -> None:
    """A list can be read again, with more people in it."""
    for _ in range(2):
        with people.session() as session:
            roster = enrolments.enrol_list(session, "hpc-lisbon", LIST.splitlines(keepends=True))
    assert (roster.added, roster.enrolled, roster.unchanged) == ([], [], ["ana", "carla", "ines"])


def test_a_list_gives_a_language_or_none(people: Database) -> None:
    """Who comes by a list has the language that stands there; an empty place leaves it to their browser."""
    listed = "name,full_name,language\ncarla,Carla Neves,\ndeniz,Deniz Ak,tr\n"
    with people.session() as session:
        enrolments.enrol_list(session, "hpc-lisbon", listed.splitlines(keepends=True))
        assert [persons.get(session, name).language for name in ("carla", "deniz")] == [None, "tr"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,full_nam\nana,Ana\n", "Line 1: 'full_nam' is no column"),
        ("name\nana\n", "Line 1: the column 'full_name' is missing"),
        ("", "Line 1: the column 'name' is missing"),
        ("name,full_name\ncarla,Carla\nA;id,x\n", "Line 3: 'A;id' cannot be"),
        ("name,full_name\ncarla,Carla,more\n", "Line 2: It has another number"),
        ("name,full_name\ncarla,Carla\ndeniz\n", "Line 3: It has another number"),
        ("name,full_name,company\ncarla,Carla,nobody\n", "Line 2: There is no company 'nobody'"),
        ("name,full_name,role\ncarla,Carla,king\n", "Line 2: 'king' is not a role"),
        ("name,full_name,language\ncarla,Carla,xx\n", "Line 2: 'xx' is not a language"),
        ('name,full_name\ncarla,"Carla\n', "Line 2: "),
    ],
)
def test_a_list_with_a_mistake_changes_nothing(people: Database, text: str, said: str) -> None:
    """The line and the mistake are told, and nobody of the list is there afterwards."""
    with pytest.raises(PeopleError) as caught, people.session() as session:
        enrolments.enrol_list(session, "hpc-lisbon", text.splitlines(keepends=True))
    assert str(caught.value).startswith(said)
    assert roles(people, "hpc-lisbon") == {}
    with people.session() as session:
        assert [person.name for person in persons.everyone(session)] == ["ana", "bora", "ines"]


def test_a_person_has_one_role_in_a_run(people: Database) -> None:
    """Another role, or another company, is refused until the person has left; then it is taken."""
    with people.session() as session:
        run, ana = runs.get(session, "hpc-lisbon"), persons.get(session, "ana")
        enrolments.enrol(session, run, ana, role="trainee", company=companies.get(session, "nortada"))
        with pytest.raises(TakenError, match=r"as trainee of nortada.*aula leave hpc-lisbon ana"):
            enrolments.enrol(session, run, ana, role="instructor")
        enrolments.leave(session, run, ana)
        enrolments.enrol(session, run, ana, role="tutor")
    assert roles(people, "hpc-lisbon") == {"ana": ("tutor", "")}


def test_who_has_left_is_not_there(people: Database) -> None:
    """A person who has left is not listed, and cannot leave twice."""
    with people.session() as session:
        run, ana = runs.get(session, "hpc-lisbon"), persons.get(session, "ana")
        enrolments.enrol(session, run, ana, role="trainee")
        assert enrolments.leave(session, run, ana).left is not None
        with pytest.raises(UnknownError, match="ana is not in hpc-lisbon"):
            enrolments.leave(session, run, ana)
    assert roles(people, "hpc-lisbon") == {}
