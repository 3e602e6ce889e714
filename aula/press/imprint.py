"""What every page of a book bears beside its text: the edition, and where mistakes are reported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Imprint:
    """The edition, the link for mistakes with {page} in it, and whether courses are there to print."""

    edition: str
    mistakes: str = ""
    printed: bool = False
