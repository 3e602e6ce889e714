"""What can go wrong with people and course runs; all of it is told to whoever asked.

::

    PeopleError
    ├── UnknownError        nothing of that name
    ├── TakenError          there is one of that name already
    ├── NotYoursError       nothing of that name that whoever asked may see
    ├── RefusedError        an invitation that cannot be used (any more), a run that is closed
    ├── DatabaseError       a database that cannot be reached, or is not of this version
    └── HashError           a kept password that cannot be read
"""

from aula.errors import AulaError


class PeopleError(AulaError):
    """A mistake about people or course runs."""


class UnknownError(PeopleError):
    """Nothing has that name."""


class TakenError(PeopleError):
    """Something has that name already."""


class NotYoursError(PeopleError):
    """Nothing of that name is there that whoever asked may see or do."""


class RefusedError(PeopleError):
    """An invitation that cannot be used, or a run that is closed."""


class DatabaseError(PeopleError):
    """The database cannot be reached, or is not of this version."""


class HashError(PeopleError):
    """What is kept of a password cannot be read."""
