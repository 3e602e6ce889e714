"""Lists, dictionaries, sets and their kin, as the codec writes and reads them."""

import io
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import scalars
from .refused import Refused, UnsendableError

if TYPE_CHECKING:
    from .codec import Pack, Unpack

PACKED = 200
"""From this length on, a list of numbers of one type travels as a binary part."""
FACTORIES = {"int": int, "float": float, "list": list, "dict": dict, "set": set, "str": str, "bool": bool}
SMALL = 2**63


def _items(pack: "Pack", value: Any) -> Any:
    """Return the items of a list: of numbers of one type, if there are many, packed."""
    if len(value) >= PACKED:
        kinds = set(map(type, value))
        if kinds == {float}:
            return {"of": "d", "part": pack.part(struct.pack(f"<{len(value)}d", *value))}
        if kinds == {int} and min(value) >= -SMALL and max(value) < SMALL:
            return {"of": "q", "part": pack.part(struct.pack(f"<{len(value)}q", *value))}
    return pack.many(value)


def _pairs(pack: "Pack", value: Any) -> Any:
    return [pack.encode(one) for pair in value.items() for one in pair]


def _default(pack: "Pack", value: Any) -> Any:
    factory = value.default_factory
    named = factory.__name__ if factory in FACTORIES.values() else None
    return [named, _pairs(pack, value)]


def _set(pack: "Pack", value: Any) -> Any:
    return pack.many(value)


def _bytes(pack: "Pack", value: Any) -> Any:
    return pack.part(bytes(value))


def _deque(pack: "Pack", value: Any) -> Any:
    return [value.maxlen, pack.many(value)]


def _text(_pack: "Pack", value: Any) -> Any:
    if value.closed:
        raise UnsendableError("a closed StringIO cannot be handed over")
    return [value.getvalue(), value.tell()]


MUTABLE: dict[type, tuple[str, Callable[["Pack", Any], Any]]] = {
    list: ("list", _items),
    dict: ("dict", _pairs),
    set: ("set", _set),
    bytearray: ("bytearray", _bytes),
    deque: ("deque", _deque),
    OrderedDict: ("ordered", _pairs),
    Counter: ("counter", _pairs),
    defaultdict: ("default", _default),
    io.StringIO: ("text", _text),
}


def _fill_list(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    made = unpack.shared(known, ref, list)
    if type(body) is dict and body.get("of") in ("d", "q"):
        data = unpack.part(body.get("part"))
        made[:] = struct.unpack(f"<{len(data) // 8}{body['of']}", data)
    else:
        made[:] = unpack.many(body)
    return made


def _fill_pairs(kind: type) -> Callable[["Unpack", Any, str, Any], Any]:
    def fill(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
        made = unpack.shared(known, ref, kind)
        _put(made, unpack.many(body))
        return made

    return fill


def _put(made: Any, items: list[Any]) -> None:
    if len(items) % 2:
        raise Refused("a dictionary came with a key that has no value")
    pairs = list(zip(items[::2], items[1::2], strict=True))
    made.clear()
    for key, value in pairs:
        made[key] = value


def _fill_default(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    factory, pairs = body
    made = unpack.shared(known, ref, defaultdict, FACTORIES[factory] if factory is not None else None)
    _put(made, unpack.many(pairs))
    return made


def _fill_set(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    made = unpack.shared(known, ref, set)
    items = unpack.many(body)
    made.clear()
    made.update(items)
    return made


def _fill_bytes(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    made = unpack.shared(known, ref, bytearray)
    made[:] = unpack.part(body)
    return made


def _fill_deque(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    most, items = body
    made = unpack.shared(known, ref, deque, (), scalars.whole(most) if most is not None else None)
    values = unpack.many(items)
    made.clear()
    made.extend(values)
    return made


def _fill_text(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    text, place = body
    made = unpack.shared(known, ref, io.StringIO)
    made.seek(0)
    made.truncate()
    made.write(scalars.text(text))
    made.seek(scalars.whole(place))
    return made


FILLERS: dict[str, Callable[["Unpack", Any, str, Any], Any]] = {
    "list": _fill_list,
    "dict": _fill_pairs(dict),
    "ordered": _fill_pairs(OrderedDict),
    "counter": _fill_pairs(Counter),
    "default": _fill_default,
    "set": _fill_set,
    "bytearray": _fill_bytes,
    "deque": _fill_deque,
    "text": _fill_text,
}
FROZEN: dict[str, Callable[[list[Any]], Any]] = {"tuple": tuple, "frozenset": frozenset}
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}
SEEN: dict[str, Callable[[list[Any]], Any]] = {
    "keys": lambda items: dict.fromkeys(items).keys(),
    "values": lambda items: dict(enumerate(items)).values(),
    "items": lambda items: dict(items).items(),
}
# What a subclass is, as far as the other side is concerned; never asked of the subclass itself.
PLAIN: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes(memoryview(value)),
    complex: lambda value: complex(complex.real.__get__(value), complex.imag.__get__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}
