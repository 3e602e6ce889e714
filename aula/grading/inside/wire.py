"""One socket for several threads: each gets the messages that are meant for it, whoever reads them."""

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from . import frames
from .refused import Refused

Message = tuple[dict[str, Any], list[bytes]]
MAIN = 0


class Wire:
    """Sends and receives for threads by number; a thread that waits reads for all that do."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._reading = False
        self._waiting: dict[int, tuple[int, deque[Message]]] = {}
        self._broken: Refused | None = None
        self._own = threading.local()
        self._threads = 0

    def mine(self) -> int:
        """Return the number of the thread that asks."""
        if threading.current_thread() is threading.main_thread():
            return MAIN
        if not hasattr(self._own, "number"):
            with self._changed:
                self._threads += 1
                self._own.number = self._threads
        number: int = self._own.number
        return number

    def be(self, number: int) -> None:
        """Give the thread that asks the number of the thread that it answers."""
        self._own.number = number

    def send(self, number: int, value: dict[str, Any], parts: list[bytes]) -> None:
        """Send a message of a thread's. Raises ClosedError where the other end has gone."""
        with self._writing:
            frames.send(self._sock, {**value, "t": number} if number else value, parts)

    def receive(self, number: int, most: int, strangers: Any = None) -> Message:
        """Return the next message for a thread; strangers gets those that no thread waits for.

        Raises Refused where what comes is no message, or for nobody; so does every other thread that waits.
        """
        box = self._waiting[number][1]
        while not box:
            self._wait(box, most, strangers)
        return box.popleft()

    @contextlib.contextmanager
    def expecting(self, number: int) -> Iterator[None]:
        """Keep what comes for a thread, from before it asks until it has its answer."""
        with self._changed:
            times, box = self._waiting.get(number, (0, deque()))
            self._waiting[number] = (times + 1, box)
        try:
            yield
        finally:
            with self._changed:
                times, box = self._waiting.pop(number)
                if times > 1:
                    self._waiting[number] = (times - 1, box)

    def poll(self, most: int, strangers: Any) -> None:
        """Read one message, if nobody does, and hand it on."""
        with self._changed:
            if self._reading:
                self._changed.wait(0.001)
                return
            self._reading = True
        self._read(most, strangers)

    def _wait(self, box: deque[Message], most: int, strangers: Any) -> None:
        with self._changed:
            if self._broken is not None:
                raise type(self._broken)(str(self._broken))
            if box:
                return
            if self._reading:
                self._changed.wait()
                return
            self._reading = True
        self._read(most, strangers)

    def _read(self, most: int, strangers: Any) -> None:
        try:
            message = frames.receive(self._sock, most)
            number = message[0].pop("t", MAIN)
            with self._changed:
                _, box = self._waiting.get(number, (0, None)) if type(number) is int else (0, None)
                if box is not None:
                    box.append(message)
            if box is None and strangers is None:
                raise Refused("a message came that nobody waits for")
        except Refused as error:
            self._broken = error
            raise
        finally:
            with self._changed:
                self._reading = False
                self._changed.notify_all()
        if box is None:
            strangers(number, *message)
