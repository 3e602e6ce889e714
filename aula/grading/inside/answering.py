"""The student's end of the line: it answers the judge's questions, one at a time.

Nothing here is trusted by the judge: a student's code can change all of it, and gains nothing that way.
"""

import contextlib
import importlib
import io
import itertools
import random
import socket
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

from . import descriptions, frames
from .codec import Codec, Pack, Unpack
from .lent import LENT, Lent
from .refused import Refused, UnsendableError
from .snapshots import Snapshots
from .wire import MAIN, Wire

MOST = 256_000_000
"""Bytes of a message: the judge has its own, smaller bound."""
PRINTED = 1_000_000
CALLABLE = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType)
LAZY = (types.GeneratorType, map, filter, zip, enumerate, reversed, itertools.chain, itertools.islice, itertools.count)


class Answering:
    """Answers on a socket with what is in a namespace. `answer` is to be called when the socket can be read."""

    def __init__(self, line: socket.socket, namespace: dict[str, Any]) -> None:
        self._wire, self._names = Wire(line), namespace
        self._codec = Codec("s", self)
        self._handles: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self._lent: dict[int, Any] = {}  # what stands for the judge's functions and objects
        self._own: dict[str, type] = {}

    def answer(self) -> bool:
        """Answer one question; return whether the judge is still there."""
        try:
            self._wire.poll(MOST, self._asked)
        except Refused:
            return False
        return True

    def _asked(self, thread: int, question: dict[str, Any], parts: list[bytes]) -> None:
        """Answer a question of one of the judge's threads: here, or in a thread that is its alone."""
        if thread == MAIN:
            self._reply(thread, question, parts)
        else:
            threading.Thread(target=self._aside, args=(thread, question, parts), daemon=True).start()

    def _aside(self, thread: int, question: dict[str, Any], parts: list[bytes]) -> None:
        self._wire.be(thread)
        with contextlib.suppress(frames.ClosedError):
            self._reply(thread, question, parts)

    def _reply(self, thread: int, question: dict[str, Any], parts: list[bytes]) -> None:
        pack, printed, warned = Pack(self._codec), Bounded(), Bounded()
        snapshots = None
        try:
            # Only one thread's printing can be told from the others'.
            with _kept(printed, warned) if thread == MAIN else contextlib.nullcontext():
                unpack = Unpack(self._codec, parts)
                do = getattr(self, f"_do_{question['do']}")
                arguments = [unpack.decode(one) for one in question.get("with", [])]
                snapshots = Snapshots(unpack.touched)
                result = do(question, *arguments)
            told = {"ok": pack.encode(result)}
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit, Refused) as error:  # noqa: BLE001  the judge is told
            pack = Pack(self._codec)
            told = {"error": self._error(error, pack)}
        if snapshots is not None:
            with contextlib.suppress(UnsendableError):
                told["back"] = pack.many(snapshots.changed(pack.touched))
        for name, stream in (("printed", printed), ("warned", warned)):
            if text := stream.getvalue():
                told[name] = text
        self._wire.send(thread, told, pack.parts)

    def ask(self, question: dict[str, Any], *arguments: object, **named: object) -> Any:
        """Ask the judge, from within an answer, to call what it handed over; return what comes of it."""
        pack = Pack(self._codec)
        told = {**question, "with": [pack.encode(arguments), pack.encode(named)]}
        thread = self._wire.mine()
        with self._wire.expecting(thread):
            self._wire.send(thread, told, pack.parts)
            message, parts = self._wire.receive(thread, MOST, self._asked)
            while "do" in message:
                self._reply(thread, message, parts)
                message, parts = self._wire.receive(thread, MOST, self._asked)
        unpack = Unpack(self._codec, parts)
        result = unpack.decode(message.get("ok"))
        unpack.many(message.get("back", []))
        if "error" in message:
            raise unpack.decode(message["error"])
        return result

    def _do_hello(self, question: dict[str, Any]) -> None:
        self._own = dict.fromkeys(question["own"], object)

    def _do_forget(self, _question: dict[str, Any]) -> None:
        self._codec.forget()

    def _do_name(self, question: dict[str, Any]) -> Any:
        try:
            return self._names[question["name"]]
        except KeyError:
            raise NameError(f"name '{question['name']}' is not defined", name=question["name"]) from None

    def _do_bind(self, question: dict[str, Any], value: object) -> None:
        self._names[question["name"]] = value

    def _do_unbind(self, question: dict[str, Any]) -> None:
        self._names.pop(question["name"], None)

    def _do_seed(self, question: dict[str, Any], seed: Any) -> None:
        if question["of"] == "random":
            random.seed(seed)
        elif numpy := sys.modules.get("numpy"):
            numpy.random.seed(seed)

    def _do_call(self, question: dict[str, Any], arguments: Any, named: Any) -> Any:
        target: Any = self._handles[question["on"]]
        if question.get("new"):
            return Kept(target(*arguments, **named))
        return target(*arguments, **named)

    def _do_method(self, question: dict[str, Any], arguments: Any, named: Any) -> Any:
        return getattr(self._handles[question["on"]], question["name"])(*arguments, **named)

    def _do_operator(self, question: dict[str, Any], arguments: Any, named: Any) -> Any:
        target = self._handles[question["on"]]
        name = question["name"]
        if isinstance(target, type) and question.get("of") == "class":
            return getattr(type(target), name)(target, *arguments, **named)
        result = getattr(type(target), name)(target, *arguments, **named)
        return ["not implemented"] if result is NotImplemented else [result]

    def _do_get(self, question: dict[str, Any]) -> Any:
        return getattr(self._handles[question["on"]], question["name"])

    def _do_set(self, question: dict[str, Any], value: object) -> None:
        setattr(self._handles[question["on"]], question["name"], value)

    def _do_del(self, question: dict[str, Any]) -> None:
        delattr(self._handles[question["on"]], question["name"])

    def _do_next(self, question: dict[str, Any]) -> Any:
        for value in self._handles[question["on"]]:  # type: ignore[attr-defined]  # whatever it is
            return [value]
        return []

    def _do_send(self, question: dict[str, Any], value: object) -> Any:
        generator: Any = self._handles[question["on"]]
        try:
            return [generator.send(value)]
        except StopIteration as end:
            return (end.value,)

    def _error(self, error: BaseException, pack: Pack) -> Any:
        """Return what is said of an exception."""
        kind = type(error)
        try:
            text = str(error)
        except Exception:  # noqa: BLE001  the student's own __str__
            text = ""
        arguments = []
        for one in error.args[:20]:
            try:
                arguments.append(pack.encode(one))
            except UnsendableError:
                arguments.append(str(one)[:1000])
        found: dict[str, Any] = {"text": text[:10_000], "args": arguments, "attributes": {}}
        if kind.__module__ not in ("builtins", "__main__"):
            found["library"] = [kind.__module__, kind.__qualname__]
        if kind.__module__ == "builtins":
            return ["error", {**found, "builtin": kind.__name__}]
        for name, value in list(getattr(error, "__dict__", {}).items())[:20]:
            with contextlib.suppress(UnsendableError):
                found["attributes"][name] = pack.encode(value)
        return ["error", {**found, "class": self.encode(kind, pack), "builtin": descriptions.builtin_base(kind)}]

    def encode(self, value: Any, pack: Pack) -> Any:
        """Return the node of what is no data: a handle, and at its first mention what it is."""
        if isinstance(value, Kept):
            value = value.value
            kind = type(value)
            if kind.__module__ == "builtins":
                return pack.encode(value)
        elif isinstance(value, Lent):
            return ["back", value.handle]
        elif isinstance(value, BaseException):
            return self._error(value, pack)
        kind = type(value)
        if kind.__name__ in self._own and self._names.get(kind.__name__) is kind and hasattr(value, "__dict__"):
            return pack.mutable(value, "instance", _body)
        if isinstance(value, types.ModuleType):
            raise UnsendableError(f"the module {value.__name__} cannot be looked at: import it in the test cell")
        if isinstance(value, types.CodeType | types.FrameType | types.TracebackType):
            raise UnsendableError(f"a {kind.__name__} cannot be looked at")
        return ["on", number] if (number := self._numbers.get(id(value))) is not None else self._new(value, kind, pack)

    def _new(self, value: Any, kind: type, pack: Pack) -> Any:
        """Give something a handle, and say what it is."""
        number = len(self._handles) + 1
        self._handles[number], self._numbers[id(value)] = value, number
        if isinstance(value, type):
            return ["class", number, descriptions.of_class(value, lambda one: self.encode(one, pack))]
        if isinstance(value, CALLABLE):
            return ["function", number, descriptions.function(value)]
        if isinstance(value, types.GeneratorType):
            return ["generator", number]
        if isinstance(value, LAZY) or (hasattr(value, "__next__") and kind.__module__ in ("builtins", "itertools")):
            return ["iterator", number]
        return ["object", number, self.encode(kind, pack), callable(value) and descriptions.function(value)]

    def decode(self, node: list[Any], unpack: Unpack) -> Any:
        """Return what the judge hands over that is no data."""
        tag, *rest = node
        if tag == "on":
            return self._handles[rest[0]]
        if tag == "instance":
            return self._instance(unpack, *rest)
        if tag == "global":
            made = importlib.import_module(rest[0])
            for name in rest[1].split("."):
                made = getattr(made, name)
            return made
        if tag == "error":
            return getattr(importlib.import_module("builtins"), rest[0])(*unpack.many(rest[1]))
        if tag == "ownclass":
            return self._names[rest[0]]
        handle, kind, *about = rest
        if handle not in self._lent:
            self._lent[handle] = LENT[kind](self, handle, *about)
        return self._lent[handle]

    def _instance(self, unpack: Unpack, ref: str, body: Any) -> Any:
        """Return an object of a class that both processes have, with the values that came."""
        name, values = body
        made = self._codec.known.get(ref)
        if made is None:
            made = object.__new__(self._names[name])
            self._codec.name(made, ref)
        unpack.touched[ref] = made
        vars(made).clear()
        vars(made).update({key: unpack.decode(one) for key, one in values.items()})
        return made

    def named(self, name: str, fields: list[str]) -> type | None:
        """Return the notebook's named tuple of that name and these fields."""
        found = self._names.get(name)
        sound = isinstance(found, type) and list(getattr(found, "_fields", ())) == fields
        return found if sound else None

    def may_change(self, _ref: str) -> bool:
        """The judge may change whatever it was given."""
        return True


@contextlib.contextmanager
def _kept(printed: io.StringIO, warned: io.StringIO) -> Iterator[None]:
    """Keep what is printed meanwhile, and what goes to stderr, as warnings do."""
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        yield


def _body(pack: Pack, value: Any) -> Any:
    return [type(value).__name__, {str(key): pack.encode(one) for key, one in vars(value).items()}]


class Kept:
    """Marks what a class made, so that an instance of a subclass of list, say, is not taken for plain data."""

    def __init__(self, value: object) -> None:
        self.value = value


class Bounded(io.StringIO):
    """What an answer prints, up to a bound."""

    def write(self, text: str) -> int:
        """Keep a text, unless there is too much."""
        if self.tell() < PRINTED:
            super().write(text[:PRINTED])
        return len(text)
