"""The journal: every change is in it, with who made it."""

from aula.people import companies, enrolments, invitations, journal, persons, runs
from aula.people.database import Database


def test_every_change_is_noted_with_who_made_it(people: Database) -> None:
    """Joining, leaving, inviting, revoking and archiving stand in the journal, once each, under the actor's name."""
    with people.session() as session:
        before = journal.version(session)
    with people.session("ines") as session:
        run, ana = runs.get(session, "hpc-lisbon"), persons.get(session, "ana")
        invitation, code = invitations.invite(session, run, company=companies.get(session, "nortada"))
        invitations.join(session, code, ana)
        invitations.join(session, code, ana)
        enrolments.leave(session, run, ana)
        for _ in range(2):
            invitations.revoke(session, invitation.id)
            runs.archive(session, run.name)
        runs.reopen(session, run.name)
    with people.session() as session:
        noted = [change for change in journal.everything(session) if change.id > before]
        assert journal.version(session) == noted[-1].id
    assert {change.actor for change in noted} == {"ines"}
    assert [change.what for change in noted] == [
        f"invitation {invitation.id} made, for 30 as trainee",
        "ana enrolled as trainee",
        "ana left",
        f"invitation {invitation.id} revoked",
        "run archived",
        "run opened again",
    ]
