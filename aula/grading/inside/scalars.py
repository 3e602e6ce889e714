"""Single values that never change: numbers, bytes, dates, ranges, and types that are data's own."""

import datetime
import decimal
import fractions
import math
import pathlib
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from .refused import Refused, UnsendableError

SHORT = 2**64
BITS = 1_000_000
DIGITS = 10_000
KINDS: tuple[type, ...] = (
    *(int, float, complex, bool, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice, object),
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction),
    type(None),
)
TYPES: dict[str, Any] = {one.__name__: one for one in KINDS}


def number(value: Any) -> Any:
    """Return the node of an int or a float."""
    if type(value) is float:
        return value if math.isfinite(value) else ["float", repr(value)]
    if -SHORT < value < SHORT:
        return value
    if value.bit_length() > BITS:
        raise UnsendableError(f"a whole number of more than {BITS:,} bits cannot be looked at")
    return ["int", hex(value)]


def text(value: object, most: int | None = None) -> str:
    """Return what has to be a text. Raises Refused."""
    if type(value) is not str or (most is not None and len(value) > most):
        raise Refused("a message has something else where a text should be")
    return value


def whole(value: object) -> int:
    """Return what has to be a whole number. Raises Refused."""
    if type(value) is not int:
        raise Refused("a message has something else where a whole number should be")
    return value


def encode(value: Any) -> list[Any] | None:
    """Return the node of a single value; None where it is none."""
    kind = type(value)
    if kind in ENCODERS:
        return ENCODERS[kind](value)
    if value is Ellipsis:
        return ["ellipsis"]
    if kind is type and value in KINDS:
        return ["type", str(value.__name__)]
    if isinstance(value, pathlib.PurePath) and kind.__module__ == "pathlib":
        return ["path", str(value)]
    return None


def _zone(zone: Any) -> Any:
    if zone is None:
        return None
    if type(zone) is datetime.timezone:
        return _span(zone.utcoffset(None))
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return zone.key
    raise UnsendableError(f"a time zone of the type {type(zone).__name__} cannot be looked at: use zoneinfo.ZoneInfo")


def _span(value: datetime.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


def _time(value: Any) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, _zone(value.tzinfo), value.fold]


def _index(value: Any, what: str) -> Any:
    if value is None or type(value) is int or type(value) is str:
        return value
    raise UnsendableError(f"a {what} of {type(value).__name__} cannot be looked at")


ENCODERS: dict[type, Callable[[Any], list[Any]]] = {
    bytes: lambda value: ["bytes", value.hex()],
    complex: lambda value: ["complex", repr(value.real), repr(value.imag)],
    decimal.Decimal: lambda value: ["decimal", str(value)],
    fractions.Fraction: lambda value: ["fraction", hex(value.numerator), hex(value.denominator)],
    datetime.date: lambda value: ["date", value.year, value.month, value.day],
    datetime.time: lambda value: ["time", *_time(value)],
    datetime.datetime: lambda value: ["datetime", value.year, value.month, value.day, *_time(value)],
    datetime.timedelta: lambda value: ["span", *_span(value)],
    datetime.timezone: lambda value: ["zone", _zone(value)],
    zoneinfo.ZoneInfo: lambda value: ["zone", _zone(value)],
    range: lambda value: ["range", hex(value.start), hex(value.stop), hex(value.step)],
    slice: lambda value: ["slice", *(_index(one, "slice") for one in (value.start, value.stop, value.step))],
    uuid.UUID: lambda value: ["uuid", value.hex],
}


def _hex(value: object) -> int:
    return int(text(value, BITS // 4 + 4), 16)


def _read_zone(node: Any) -> datetime.tzinfo | None:
    if node is None:
        return None
    if type(node) is list:
        return datetime.timezone(datetime.timedelta(*map(whole, node)))
    return zoneinfo.ZoneInfo(text(node, 100))


def _clock(*parts: Any) -> dict[str, Any]:
    *times, zone, fold = parts
    names = ("hour", "minute", "second", "microsecond")
    return {**dict(zip(names, map(whole, times), strict=True)), "tzinfo": _read_zone(zone), "fold": whole(fold)}


def _read_slice(*parts: Any) -> slice:
    start, stop, step = (_index(one, "slice") for one in parts)
    return slice(start, stop, step)


DECODERS: dict[str, Callable[..., Any]] = {
    "float": lambda shown: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text(shown)],
    "int": _hex,
    "bytes": lambda shown: bytes.fromhex(text(shown)),
    "complex": lambda real, imaginary: complex(float(text(real, 40)), float(text(imaginary, 40))),
    "decimal": lambda shown: decimal.Decimal(text(shown, DIGITS)),
    "fraction": lambda above, below: fractions.Fraction(_hex(above), _hex(below)),
    "date": lambda *parts: datetime.date(*map(whole, parts)),
    "time": lambda *parts: datetime.time(**_clock(*parts)),
    "datetime": lambda *parts: datetime.datetime(*map(whole, parts[:3]), **_clock(*parts[3:])),  # type: ignore[arg-type]  # wrong ones raise
    "span": lambda *parts: datetime.timedelta(*map(whole, parts)),
    "zone": _read_zone,
    "range": lambda *parts: range(*map(_hex, parts)),
    "slice": _read_slice,
    "uuid": lambda shown: uuid.UUID(hex=text(shown, 32)),
    "ellipsis": lambda: Ellipsis,
    "type": lambda name: TYPES[text(name)],
    "path": lambda shown: pathlib.Path(text(shown, DIGITS)),
}
