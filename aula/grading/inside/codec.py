"""Values as JSON and binary parts, and back: data alone, never code.

What JSON has stands for itself: None, bool, str, small int, float. All else is a list whose first item is a tag.
Whatever can change has a name that the two processes share (`s5` of the student's, `j5` of the judge's), so that the
same list stays the same list, cycles are kept, and changes can be told. The decoder makes exact types only: a subclass
never arrives as one.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from . import arrays, containers, scalars, tables
from .refused import Refused, UnsendableError

DEPTH = 200
FIELDS = 100

Node = Any  # what JSON can say


class Others(Protocol):
    """What a side does with what is no data: functions, classes, instances, iterators."""

    def encode(self, value: object, pack: "Pack") -> Node:
        """Return the node of a value that is no data. Raises UnsendableError."""

    def decode(self, node: list[Any], unpack: "Unpack") -> object:
        """Return what a node stands for that is no data. Raises Refused."""

    def named(self, name: str, fields: list[str]) -> type | None:
        """Return this side's own named tuple of that name and these fields, where there is one."""

    def may_change(self, ref: str) -> bool:
        """Return whether the other side may change this side's object of that name now."""


class Codec:
    """One side's end: encodes and decodes messages, and remembers which objects both sides have."""

    def __init__(self, side: str, others: Others) -> None:
        """`side` is "s" for the student's, "j" for the judge's."""
        self.side, self.others = side, others
        self.refs: dict[int, str] = {}
        self.known: dict[str, Any] = {}
        self._tuples: dict[tuple[str, tuple[str, ...]], Any] = {}
        self._next = 0

    def forget(self) -> None:
        """Let go of all shared data: what was shared is two copies from now on. Both sides do so together."""
        self.refs.clear()
        self.known.clear()

    def name(self, value: object, ref: str | None = None) -> str:
        """Return an object's shared name; give it one where it has none."""
        if ref is None:
            if found := self.refs.get(id(value)):
                return found
            self._next += 1
            ref = f"{self.side}{self._next}"
        self.refs[id(value)] = ref
        self.known[ref] = value
        return ref

    def named(self, name: str, fields: list[str]) -> Any:
        """Return the named tuple class of that name and fields: this side's own, or one made now."""
        if own := self.others.named(name, fields):
            return own
        key = (name, tuple(fields))
        if key not in self._tuples:
            if len(self._tuples) >= FIELDS:
                raise Refused("too many kinds of named tuples came")
            self._tuples[key] = namedtuple(name, fields)
        return self._tuples[key]


class Pack:
    """A message that is being written."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.parts: list[bytes] = []
        self.touched: dict[str, object] = {}  # what it contains that can change
        self._tuples: dict[int, tuple[int, object]] = {}
        self._open: set[int] = set()
        self._depth = self._within = 0

    def part(self, data: bytes) -> int:
        """Add a binary part; return its number."""
        self.parts.append(data)
        return len(self.parts) - 1

    def encode(self, value: object) -> Node:
        """Return the node of a value. Raises UnsendableError where it has none."""
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int or kind is float:
            return scalars.number(value)
        self._depth += 1
        if self._depth > DEPTH:
            raise UnsendableError(f"a value nested more than {DEPTH} deep cannot be looked at: make it flatter")
        try:
            return self._encode(value, kind)
        finally:
            self._depth -= 1

    def many(self, values: Iterable[object]) -> list[Node]:
        """Return the nodes of several values."""
        return [self.encode(one) for one in values]

    def _encode(self, value: Any, kind: type) -> Node:
        if kind in containers.MUTABLE:
            return self.mutable(value, *containers.MUTABLE[kind])
        if kind is tuple or kind is frozenset:
            return self._frozen(value, kind)
        if node := scalars.encode(value) or arrays.encode(value, self) or tables.encode(value, self):
            return node
        if kind in containers.VIEWS:
            return [containers.VIEWS[kind], self.many(value)]
        for base in kind.__mro__[1:]:
            if base is tuple and hasattr(kind, "_fields"):
                names = [str(one) for one in kind._fields]
                return ["named", str(kind.__name__), names, self.many(tuple.__iter__(value))]
            if base in containers.PLAIN:
                return self.encode(containers.PLAIN[base](value))
        return self.codec.others.encode(value, self)

    def whole(self, value: object, tag: str, body: Callable[["Pack", Any], Node]) -> Node | None:
        """Return the node of an object that can change; None where something in it cannot be sent.

        Of one inside another, UnsendableError comes: then the outer one cannot be sent either.
        """
        kept = dict(self.touched), list(self.parts), dict(self._tuples), set(self._open), self._depth
        self._within += 1
        try:
            return self.mutable(value, tag, body)
        except UnsendableError:
            if self._within > 1:
                raise
            self.touched, self.parts, self._tuples, self._open, self._depth = kept
            return None
        finally:
            self._within -= 1

    def mutable(self, value: object, tag: str, body: Callable[["Pack", Any], Node]) -> Node:
        """Return the node of an object that can change; of one that the message has already, a reference."""
        ref = self.codec.name(value)
        if ref in self.touched:
            return ["ref", ref]
        self.touched[ref] = value
        return [tag, ref, body(self, value)]

    def _frozen(self, value: Any, kind: type) -> Node:
        key = id(value)
        if key in self._open:
            raise UnsendableError("a tuple that contains itself cannot be looked at")
        if key in self._tuples:
            return ["same", self._tuples[key][0]]
        self._open.add(key)
        items = self.many(value)
        self._open.discard(key)
        self._tuples[key] = (len(self._tuples), value)
        return [kind.__name__, self._tuples[key][0], items]


class Unpack:
    """A message that is being read. All that is not as the encoder writes it raises Refused."""

    def __init__(self, codec: Codec, parts: list[bytes]) -> None:
        self.codec, self.parts = codec, parts
        self.touched: dict[str, object] = {}  # what came that can change, in the order in which it came
        self._same: dict[int, object] = {}
        self._depth = 0

    def part(self, number: object) -> bytes:
        """Return a binary part of the message."""
        if type(number) is not int or not 0 <= number < len(self.parts):
            raise Refused("a message names a part that it does not have")
        return self.parts[number]

    def decode(self, node: Node) -> Any:
        """Return the value of a node."""
        if node is None or type(node) in (bool, str, int, float):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise Refused("a message contains something that is no value")
        self._depth += 1
        if self._depth > DEPTH:
            raise Refused(f"a value came that is nested more than {DEPTH} deep")
        try:
            return self._decode(node)
        except (ValueError, TypeError, IndexError, KeyError, OverflowError, ArithmeticError, MemoryError) as error:
            raise Refused(f"a value of the kind '{node[0][:20]}' came that is none: {error}"[:300]) from None
        finally:
            self._depth -= 1

    def many(self, nodes: Node) -> list[Any]:
        """Return the values of several nodes."""
        return [self.decode(one) for one in listed(nodes)]

    def _decode(self, node: list[Any]) -> Any:
        tag = node[0]
        if tag in FILLERS:
            return self._mutable(*node)
        if tag == "ref":
            return self.reference(node[1])
        if tag in containers.FROZEN:
            _, number, items = node
            made = containers.FROZEN[tag](self.many(items))
            self._same[number] = made
            return made
        if tag == "same":
            return self._same[node[1]]
        if tag in containers.SEEN:
            return containers.SEEN[tag](self.many(node[1]))
        if tag == "named":
            return self._named(*node[1:])
        if tag in scalars.DECODERS:
            return scalars.DECODERS[tag](*node[1:])
        if tag in arrays.DECODERS:
            return arrays.DECODERS[tag](self, *node[1:])
        if tag in tables.DECODERS:
            return tables.DECODERS[tag](self, *node[1:])
        return self.codec.others.decode(node, self)

    def reference(self, ref: object) -> Any:
        """Return the object that both sides know by a name."""
        if type(ref) is not str or ref not in self.codec.known:
            raise Refused("a message refers to an object that was never shared")
        return self.codec.known[ref]

    def _mutable(self, tag: str, ref: object, body: Node) -> Any:
        if type(ref) is not str or len(ref) > 12 or ref[:1] not in ("s", "j"):
            raise Refused("a message names an object in no sound way")
        known = self.codec.known.get(ref)
        if known is None and ref[0] == self.codec.side:
            raise Refused("a message names an object that was never handed over")
        if known is not None and ref[0] == self.codec.side and not self.codec.others.may_change(ref):
            return known
        made = FILLERS[tag](self, known, ref, body)
        self.touched[ref] = made
        return made

    def shared(self, known: Any, ref: str, kind: Any, *arguments: Any) -> Any:
        """Return the object that is to be filled: the one that both sides know, or a new one of that kind."""
        if known is None:
            known = kind(*arguments)
            self.codec.name(known, ref)
        elif type(known) is not kind:
            raise Refused(f"a {kind.__name__} came in the place of a {type(known).__name__}")
        return known

    def _named(self, name: str, fields: list[str], items: Node) -> Any:
        for one in (name, *listed(fields)):
            if type(one) is not str or len(one) > FIELDS or not one.isidentifier():
                raise Refused("a named tuple came whose names are none")
        if len(fields) > FIELDS:
            raise Refused("a named tuple came with too many fields")
        return self.codec.named(name, fields)(*self.many(items))


def listed(node: Node) -> list[Any]:
    """Return a node that has to be a list. Raises Refused."""
    if type(node) is not list:
        raise Refused("a message has something else where a list should be")
    return node


FILLERS: dict[str, Callable[[Unpack, Any, str, Node], Any]] = {
    **containers.FILLERS,
    **arrays.FILLERS,
    **tables.FILLERS,
}
