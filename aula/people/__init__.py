"""Who is who: companies, people, course runs, enrolments, invitations. This package is their database's only writer."""
