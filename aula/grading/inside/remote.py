"""The judge's end of the line to the trainee's process. Whatever comes from there is taken for hostile."""

import random
import socket
import sys
import time
from collections.abc import Generator
from typing import Any, TextIO

from . import frames, handing, stubs
from .asking import Asking
from .codec import Codec, Pack, Unpack
from .errors import of_error
from .issued import Issued
from .operators import Operators
from .refused import Refused, UnsendableError
from .snapshots import Snapshots
from .sources import Sources
from .wire import Wire

MESSAGE = 64_000_000
"""Bytes of one message."""
BYTES = 300_000_000
"""Bytes of all messages of one test."""
EXCHANGES = 100_000
"""Messages of one test."""
HANDLES = 100_000
DEPTH = 40
"""The judge's and the trainee's functions that may wait for each other."""
PRINTED = 1_000_000
LATE = 500
"""Milliseconds that a thread waits for what another thread's message says."""


class Line(Asking):
    """Asks the trainee's process. What cannot be taken raises Refused, and `refusal` says so from then on."""

    def __init__(self, sock: socket.socket, operators: Operators, sources: Sources, home: str) -> None:
        """`home` is the __module__ of what the judge's own statements and cells define."""
        super().__init__(operators)
        self._wire, self.sources, self._home = Wire(sock), sources, home
        self.codec = Codec("j", self)
        self.issued = Issued()
        self.own: dict[str, type] = {}
        self.refusal: str | None = None
        self._dead: str | None = None
        self._stubs: dict[int, Any] = {}
        self._lent: dict[int, list[set[str]]] = {}
        self._left = [EXCHANGES, BYTES, PRINTED]
        self._raised: dict[int, BaseException] = {}

    def renew(self) -> None:
        """Begin another test: with all it may use, and nothing shared."""
        self._left = [EXCHANGES, BYTES, PRINTED]
        self.refusal = None
        self._lent.clear()
        self._raised.clear()
        self.codec.forget()
        if self._dead is None:
            try:
                self.ask({"do": "forget"})
            except Refused:
                self.refusal = None  # the test may not need the line; if it does, it will be told

    def refuse(self, why: str) -> Refused:
        """Note why this test is not decided; return the exception that says it."""
        self.refusal = self.refusal or why
        return Refused(why)

    def raised(self, error: BaseException) -> bool:
        """Return whether an exception comes from the trainee's code."""
        return id(error) in self._raised

    def ask(self, question: dict[str, Any], *values: object) -> Any:
        """Ask, answer what is asked back, and return the answer; raise what the trainee's code raised."""
        if self._dead:
            raise self.refuse(self._dead)
        if sum(map(len, self._lent.values())) >= DEPTH:
            raise self.refuse("the test's and the trainee's functions call each other without end")
        try:
            return self._asked(question, values)
        except Refused as error:
            if isinstance(error, frames.ClosedError) or self._left[1] < 0:
                self._dead = str(error)
            self.refuse(str(error))
            raise

    def _asked(self, question: dict[str, Any], values: tuple[object, ...]) -> Any:
        pack = Pack(self.codec)
        try:
            told = {**question, "with": [pack.encode(one) for one in values]} if values else question
        except UnsendableError as error:
            raise Refused(f"the test hands over what cannot be: {error}") from None
        thread = self._wire.mine()
        lent = self._lent.setdefault(thread, [])
        lent.append(set(pack.touched))
        try:
            with self._wire.expecting(thread):
                self._wire.send(thread, told, pack.parts)
                message, parts = self._received(thread)
                while "do" in message:
                    self._called(thread, message, parts)
                    message, parts = self._received(thread)
            unpack = Unpack(self.codec, parts)
            self._print(message.get("printed", ""), sys.stdout)
            self._print(message.get("warned", ""), sys.stderr)
            raised = unpack.decode(message["error"]) if "error" in message else None
            result = unpack.decode(message.get("ok"))
            unpack.many(message.get("back", []))
        finally:
            lent.pop()
        if raised is not None:
            if not isinstance(raised, BaseException):
                raise Refused("an exception came that is none")
            self._raised[id(raised)] = raised
            raise raised
        return result

    def _received(self, thread: int) -> tuple[dict[str, Any], list[bytes]]:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Refused(f"the test asked the trainee's code more than {EXCHANGES:,} times")
        try:
            message, parts = self._wire.receive(thread, min(MESSAGE, self._left[1]))
        except Refused as error:
            self._dead = f"the trainee's process cannot be understood any more: {error}"
            raise
        # JSON takes many times its size as objects; parts are what they are.
        self._left[1] -= sum(map(len, parts)) + 1000
        return message, parts

    def _print(self, text: object, stream: TextIO) -> None:
        """Print here what the trainee's code printed there, so that a test can read it."""
        if type(text) is not str:
            raise Refused("something else came where printed text should be")
        if self._left[2] > 0 and text:
            print(text[: self._left[2]], end="", file=stream)
            self._left[2] -= len(text)

    def _called(self, thread: int, question: dict[str, Any], parts: list[bytes]) -> None:
        """Answer what the trainee's code asks of something that the test handed over."""
        action = self.issued.action(question)
        unpack, pack = Unpack(self.codec, parts), Pack(self.codec)
        arguments: Any
        named: Any
        arguments, named = [*unpack.many(question.get("with")), None, None][:2]
        if type(arguments) is not tuple or type(named) is not dict or not all(type(one) is str for one in named):
            raise Refused("the trainee's process calls a function in no sound way")
        snapshots = Snapshots(unpack.touched)
        told: dict[str, Any]
        try:
            told = {"ok": pack.encode(action(*arguments, **named))}
        except UnsendableError as error:
            raise Refused(f"the test hands over what cannot be: {error}") from None
        except Exception as error:  # noqa: BLE001  the trainee's code called; it gets what would have come to it
            pack = Pack(self.codec)
            told = {"error": handing.told(error)}
        told["back"] = pack.many(snapshots.changed(pack.touched))
        self._lent[thread][-1] |= set(pack.touched)
        self._wire.send(thread, told, pack.parts)

    def encode(self, value: Any, pack: Pack) -> Any:
        """Return the node of what is no data: a stub's handle, or one for what the test hands over."""
        if (number := self._numbers.get(id(value))) is not None:
            return ["on", number]
        kind = type(value)
        # What holds a lock, say, is lent as it is, and asked where it is.
        shared = self.own.get(kind.__name__) is kind and hasattr(value, "__dict__")
        if shared and (node := pack.whole(value, "instance", handing.body)) is not None:
            return node
        if isinstance(value, BaseException):
            return handing.told(value)
        if isinstance(value, type) and self.own.get(value.__name__) is value:
            return ["ownclass", value.__name__]
        if (found := handing.importable(value)) is not None:
            return ["global", *found]
        if (how := handing.handed(value, self._home)) is None:
            raise UnsendableError(f"an object of the type {kind.__name__}: hand over plain data")
        about = [str(getattr(value, "__name__", "function")), getattr(value, "__doc__", None)]
        return ["issued", self.issued.handle(value, how), how, *(about if how == "function" else ())]

    def decode(self, node: list[Any], unpack: Unpack) -> Any:
        """Return what stands for something that is no data."""
        tag, *rest = node
        if tag == "on" and type(rest[0]) is int and self._has_come(rest[0]):
            return self._stubs[rest[0]]
        if tag == "back":
            return self.issued.thing(rest[0])
        if tag == "error":
            return of_error(rest[0], unpack)
        if tag == "instance":
            return self._instance(unpack, *rest)
        if tag not in ("function", "class", "object", "generator", "iterator"):
            raise Refused("a value came of a kind that there is not")
        number = rest[0]
        if type(number) is not int or number in self._stubs or len(self._stubs) >= HANDLES:
            raise Refused("a handle came that cannot be one")
        made = self._stub(tag, number, rest[1:], unpack)
        self._stubs[number], self._numbers[id(made)] = made, number
        return made

    def _has_come(self, number: int) -> bool:
        """Return whether a handle is known; another thread's message may be about to say it."""
        for _ in range(LATE if len(self._lent) > 1 else 0):
            if number in self._stubs:
                break
            time.sleep(0.001)
        return number in self._stubs

    def _stub(self, tag: str, number: int, about: list[Any], unpack: Unpack) -> Any:
        if tag == "function":
            return stubs.RemoteFunction(self, _said(about[0]))
        if tag == "class":
            said = _said(about[0])
            return stubs.synthesise(self, said, unpack.many(said.get("bases", [])))
        if tag == "generator":
            return self._generator(number)
        if tag == "iterator":
            return RemoteIterator(self, number)
        kind: Any = unpack.decode(about[0])
        if not isinstance(kind, stubs.RemoteType):
            raise Refused("an object came whose class is none of the trainee's")
        blank: Any = object.__new__
        return blank(kind)

    def _generator(self, number: int) -> Generator[Any, Any, Any]:
        sent = None
        while True:
            found = self.ask({"do": "send", "on": number}, sent)
            if type(found) is tuple and len(found) == 1:
                return found[0]
            if type(found) is not list or len(found) != 1:
                raise self.refuse("a generator gives what is no value")
            sent = yield found[0]

    def _instance(self, unpack: Unpack, ref: Any, body: Any) -> Any:
        """Return an object of a class that the judge has itself, with the values that came."""
        name, values = body
        kind = self.own.get(name)
        if kind is None or type(values) is not dict or type(ref) is not str or len(ref) > 12 or ref[0] not in "sj":
            raise Refused("an object came of a class that the judge does not have")
        known = self.codec.known.get(ref)
        if known is None and ref[0] == "j":
            raise Refused("an object came that was never handed over")
        if known is not None and (type(known) is not kind or (ref[0] == "j" and not self.may_change(ref))):
            return known
        made = known if known is not None else object.__new__(kind)
        self.codec.name(made, ref)
        unpack.touched[ref] = made
        found = {key: unpack.decode(one) for key, one in values.items() if not key.startswith("__")}
        vars(made).clear()
        vars(made).update(found)
        return made

    def named(self, name: str, fields: list[str]) -> type | None:
        """Return the judge's own named tuple of that name and these fields."""
        found = self.own.get(name)
        return found if found is not None and list(getattr(found, "_fields", ())) == fields else None

    def may_change(self, ref: str) -> bool:
        """The trainee's code may change what a call that has not returned was given."""
        return any(ref in lent for thread in list(self._lent.values()) for lent in thread)

    def follow_seeds(self) -> None:
        """Let the trainee's random numbers begin where a test's do: a seed set here is set there too."""
        _follow(self, random, "random")
        if "numpy" in sys.modules:
            _follow(self, sys.modules["numpy"].random, "numpy")


class RemoteIterator:
    """An iterator of the trainee's."""

    def __init__(self, line: Line, number: int) -> None:
        self._line, self._number = line, number

    def __iter__(self) -> "RemoteIterator":
        return self

    def __next__(self) -> Any:
        """Ask for the next value."""
        for one in self._line.next(self._number):
            return one
        raise StopIteration


def _follow(line: Line, module: Any, name: str) -> None:
    seed = module.seed

    def follow(value: Any = None, *rest: Any) -> None:
        seed(value, *rest)
        if value is not None:
            line.ask({"do": "seed", "of": name}, value)

    module.seed = follow


def _said(node: Any) -> dict[str, Any]:
    if type(node) is not dict:
        raise Refused("something came that is not described")
    return node
