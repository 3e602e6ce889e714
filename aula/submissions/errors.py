"""What can go wrong with handing in.

::

    HandInError
    ├── RefusedError            what was sent cannot be accepted; the text is for who sent it
    │   ├── DamagedError        it was cut or changed on its way: it can be sent again as it is
    │   ├── TooBigError         it is over a limit of size or number
    │   ├── TooOftenError       this person has handed in too often today
    │   └── ClosedError         it is not taken any more: it is closed, or the attempts are used up
    ├── NotThereError           no such run, assignment, hand-in or feedback
    ├── ReceiptError            no receipt, not ours, or not of what is kept
    └── StoreError              the store or its key cannot be used; the text is for the operator
"""

from aula.errors import AulaError


class HandInError(AulaError):
    """A mistake about handing in."""


class RefusedError(HandInError):
    """What was sent cannot be accepted; the text is for who sent it, and says what to do."""


class DamagedError(RefusedError):
    """It was cut or changed on its way: the same can be sent again."""


class TooBigError(RefusedError):
    """It is over a limit of size or number."""


class TooOftenError(RefusedError):
    """This person has handed in this assignment too often today."""


class ClosedError(RefusedError):
    """This person may not hand in this assignment any more."""


class NotThereError(HandInError):
    """There is no such run, assignment, hand-in or feedback."""


class ReceiptError(HandInError):
    """This is no receipt, or not ours, or what is kept is not what it says."""


class StoreError(HandInError):
    """The store or its key cannot be used; the text is for the operator."""
