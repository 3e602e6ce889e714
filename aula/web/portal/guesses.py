"""How often a code or a token may be guessed: by one address, and by one person."""

from aula.people.throttle import Throttle

WINDOW_S = 600
MOST_OF_PERSON = 10
MOST_OF_ADDRESS = 60
"""A whole company may stand behind one address."""


class Guesses:
    """Counts wrong guesses. A guess is counted before it is looked at, and forgiven if it was right."""

    def __init__(self, of_person: int = MOST_OF_PERSON, of_address: int = MOST_OF_ADDRESS) -> None:
        self._of_person = Throttle(most=of_person, window=WINDOW_S)
        self._of_address = Throttle(most=of_address, window=WINDOW_S)

    def begin(self, address: str, person: str | None) -> int:
        """Count a guess; return how many seconds to wait instead, 0 if it may be looked at."""
        keys = self._keys(address, person)
        wait = max(throttle.seconds_to_wait(key) for throttle, key in keys)
        if not wait:
            for throttle, key in keys:
                throttle.count(key)
        return wait

    def right(self, address: str, person: str | None) -> None:
        """Forget the guess: it was right."""
        for throttle, key in self._keys(address, person):
            throttle.forgive(key)

    def _keys(self, address: str, person: str | None) -> list[tuple[Throttle, str]]:
        return [(self._of_address, address), *([(self._of_person, person)] if person else [])]
