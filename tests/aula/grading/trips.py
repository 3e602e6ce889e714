"""Sends values there and back through the codec, in the user environment's interpreter, for the tests."""

import datetime
import decimal
import fractions
import io
import json
import math
import pathlib
import random
import sys
import uuid
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque

sys.path.insert(0, sys.argv[1])

import numpy as np
import pandas as pd
from inside.codec import Codec, Pack, Unpack
from inside.refused import Refused, UnsendableError


class NoOthers:
    """Data alone: nothing else goes or comes."""

    def encode(self, value, _pack):
        """Refuse to send."""
        raise UnsendableError(type(value).__name__)

    def decode(self, node, _unpack):
        """Refuse to take."""
        raise Refused(str(node[0]))

    def named(self, _name, _fields):
        """Have no named tuple."""
        return None

    def may_change(self, _ref):
        """Let everything change."""
        return True


def trip(value, there=None, back=None):
    """Return a value as the other side gets it."""
    pack = Pack(there or Codec("s", NoOthers()))
    text = json.dumps(pack.encode(value))
    return Unpack(back or Codec("j", NoOthers()), pack.parts).decode(json.loads(text))


TABLES = {
    pd.DataFrame: pd.testing.assert_frame_equal,
    pd.Series: pd.testing.assert_series_equal,
    pd.Index: lambda one, other: pd.testing.assert_index_equal(one, other, exact=True),
}
CONTENTS = {
    io.StringIO: lambda file: (file.getvalue(), file.tell()),
    type({}.values()): list,
    float: repr,
    complex: repr,
}


def same(one, other):
    """Return whether two values are the same, type by type."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype and one.shape == other.shape and same(one.ravel().tolist(), other.ravel().tolist())
        )
    for kind, check in TABLES.items():
        if isinstance(one, kind):
            check(one, other)
            return True
    if isinstance(one, dict):
        return len(one) == len(other) and all(map(same, one, other)) and all(map(same, one.values(), other.values()))
    if isinstance(one, list | tuple | deque):
        return len(one) == len(other) and all(map(same, one, other))
    for kind, content in CONTENTS.items():
        if isinstance(one, kind):
            return content(one) == content(other)
    return one is other or bool(one == other)


MADRID = zoneinfo.ZoneInfo("Europe/Madrid")
VALUES = {
    "none": None,
    "bool": True,
    "ints": [0, -1, 2**63, -(2**64), 10**4000],
    "text": "ñ\ud800\0\n" * 3,
    "floats": [0.0, -0.0, 1e-320, 1.5, math.inf, -math.inf, math.nan],
    "long": [0.5] * 1000,
    "whole": list(range(-500, 500)),
    "mixed": [1, 2.0] * 500,
    "wide": [2**70] * 300,
    "truths": [True, 1] * 300,
    "lookalikes": ["d", 0],
    "complex": [1j, complex(-0.0, math.nan)],
    "decimal": decimal.Decimal("1.10"),
    "fraction": fractions.Fraction(-1, 3),
    "bytes": [b"", b"\0\xff", bytearray(b"ab")],
    "tuples": ((), (1, (2,)), ("ref", "s1")),
    "set": {1, "a", (2,)},
    "frozen": frozenset({1, frozenset({2})}),
    "dict": {1: "a", None: [], (1, 2): {"x": {}}, "1": 1.0},
    "ordered": OrderedDict(b=1, a=2),
    "counter": Counter("aab"),
    "default": defaultdict(list, a=[1]),
    "deque": deque([1, 2], maxlen=3),
    "views": [{1: 2}.keys(), {1: 2}.values(), {1: 2}.items()],
    "dates": [
        datetime.date(2026, 2, 28),
        datetime.time(1, 2, 3, 4),
        datetime.datetime(2026, 10, 25, 2, 30, tzinfo=MADRID, fold=1),
        datetime.timedelta(-1, 5, 7),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    ],
    "range": [range(0, 10, 3), slice(None, 2, -1), ...],
    "types": [int, str, type(None), np.float64, np.dtype("<i4")],
    "path": pathlib.Path("a/b"),
    "uuid": uuid.UUID(int=5),
    "file": io.StringIO("a\nb"),
    "arrays": [
        np.arange(6).reshape(2, 3),
        np.zeros((0, 4)),
        np.array(5),
        np.array([True, False]),
        np.array(["a", "ñandú"]),
        np.array([b"x"]),
        np.array([1 + 2j]),
        np.array(["2026-01-01"], "M8[D]"),
        np.arange(3)[::-1],
        np.eye(3).T[1:],
        np.arange(3, dtype=">i2"),
        np.float16([1.5]),
    ],
    "object-array": np.array([None, "a", [1], 2.5], dtype=object),
    "record": np.array([(1, "a")], [("n", "i4"), ("t", "U3")]),
    "scalars": [
        np.int8(-3),
        np.float32(0.1),
        np.bool_(True),
        np.str_("a"),
        np.datetime64("2026-01-01"),
        np.complex64(1j),
    ],
    "frame": pd.DataFrame({"a": [1, 2], "b": [0.5, None], "c": ["x", None], "d": [True, False]}, index=["p", "q"]),
    "empty": pd.DataFrame(),
    "twice": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "typed": pd.DataFrame(
        {
            "i": pd.array([1, None], "Int64"),
            "c": pd.Categorical(["b", "a"], ["b", "a"], ordered=True),
            "t": pd.date_range("2026-01-01", periods=2, tz="Europe/Madrid"),
            "s": pd.array(["a", None], "string"),
        }
    ),
    "multi": pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "n"])),
    "series": pd.Series([1.0, 2.0], index=pd.RangeIndex(5, 7), name="s"),
    "times": pd.date_range("2026-01-01", periods=3, freq="D"),
    "moments": [pd.Timestamp("2026-01-01 10:00", tz="UTC"), pd.Timedelta("2h"), pd.NaT, pd.NA],
}


def drawn(rng, depth=0):
    """Return a value made by chance."""
    kinds = [
        lambda: rng.randint(-(2**80), 2**80),
        rng.random,
        lambda: rng.choice([None, True, "", "é", b"\1", math.inf]),
    ]
    if depth < 4:
        few = range(rng.randint(0, 4))
        kinds += [
            lambda: [drawn(rng, depth + 1) for _ in few],
            lambda: tuple(drawn(rng, depth + 1) for _ in few),
            lambda: {rng.choice([str, int])(rng.randint(0, 99)): drawn(rng, depth + 1) for _ in few},
            lambda: np.array([rng.random() for _ in few]),
        ]
    return rng.choice(kinds)()


def broken(rng):
    """Return what comes of damaged messages that is neither a value nor a refusal."""
    wrong = []
    for name, value in VALUES.items():
        pack = Pack(Codec("s", NoOthers()))
        text = json.dumps(pack.encode(value))
        for _ in range(60):
            node, parts = json.loads(text), [bytes(part) for part in pack.parts]
            damage(rng, node)
            if parts and rng.random() < 0.5:
                place = rng.randrange(len(parts))
                parts[place] = parts[place][: rng.randrange(len(parts[place]) + 1)]
            try:
                Unpack(Codec("j", NoOthers()), parts).decode(node)
            except Refused:
                pass
            except Exception as error:  # noqa: BLE001  that is what is looked for
                wrong.append(f"{name}: {type(error).__name__}: {error}")
    return wrong


def damage(rng, node):
    """Put something else at one place of a message."""
    while isinstance(node, list | dict) and node:
        keys = list(node) if isinstance(node, dict) else range(len(node))
        key = rng.choice(list(keys))
        if not isinstance(node[key], list | dict) or rng.random() < 0.3:
            node[key] = rng.choice([None, -1, 2**70, "x", [], {}, ["list", "s1", []], ["ref", "s1"], 1e308, "s1", True])
            return
        node = node[key]


def identity():
    """Return whether what is the same stays the same, within a message and from one to the next."""
    there, back = Codec("s", NoOthers()), Codec("j", NoOthers())
    inner = [1]
    value = {"a": inner, "b": inner, "t": (inner, inner)}
    value["self"] = value
    came = trip(value, there, back)
    shared = (1, 2)
    pair = trip([shared, shared])
    inner.append(2)
    again = trip(inner, there, back)
    return [
        came["a"] is came["b"],
        came["t"][0] is came["a"],
        came["self"] is came,
        pair[0] is pair[1],
        again is came["a"],
        came["a"] == [1, 2],
    ]


def plain():
    """Return whether subclasses arrive as what they are made of."""
    made = []
    for base, value in [
        (str, "a"),
        (int, 5),
        (float, 0.5),
        (list, [1]),
        (dict, {1: 2}),
        (tuple, (1,)),
        (set, {1}),
        (bytes, b"a"),
    ]:
        sly = type(
            "Sly", (base,), {"__eq__": lambda *_: True, "__hash__": lambda _: 0, "__iter__": None, "__len__": None}
        )
        made.append(same(trip(sly(value)), value))
    sly = type("Sly", (np.ndarray,), {"__eq__": lambda *_: True, "tobytes": lambda _: b""})
    made.append(same(trip(np.zeros(2).view(sly)), np.zeros(2)))
    sly = type("Sly", (pd.DataFrame,), {"equals": lambda *_: True})
    return [*made, same(trip(sly({"a": [1]})), pd.DataFrame({"a": [1]}))]


chance = random.Random(7)  # noqa: S311  the same each time
many = [drawn(chance) for _ in range(300)]
print(
    json.dumps(
        {
            "values": {name: same(value, trip(value)) for name, value in VALUES.items()},
            "drawn": [same(one, trip(one)) for one in many],
            "broken": broken(chance),
            "identity": identity(),
            "plain": plain(),
        }
    )
)
