"""Company contacts: whom they speak for."""

import pytest

from aula.people import companies, contacts, journal, persons
from aula.people.database import Database
from aula.people.errors import UnknownError


def test_a_contact_speaks_for_a_company(people: Database) -> None:
    """They speak for it until they are taken off; done twice, it is noted once."""
    with people.session() as session:
        nortada, ana = companies.get(session, "nortada"), persons.get(session, "ana")
        for _ in range(2):
            contacts.add(session, nortada, ana)
        bora = persons.get(session, "bora")
        found = contacts.companies_of(session, [ana, bora])
        assert found == {ana.id: [nortada], bora.id: []}
        contacts.remove(session, nortada, ana)
        assert contacts.companies_of(session, [ana]) == {ana.id: []}
        with pytest.raises(UnknownError):
            contacts.remove(session, nortada, ana)
        noted = [one.what for one in journal.everything(session) if "speaks" in one.what]
    assert noted == ["ana speaks for it", "ana speaks for it no longer"]
