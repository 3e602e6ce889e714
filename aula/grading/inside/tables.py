"""pandas' frames, series, indexes and scalars, as the codec writes and reads them."""

import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import arrays, scalars
from .refused import Refused, UnsendableError

if TYPE_CHECKING:
    from .codec import Pack, Unpack

# Types of columns that are pandas' own, without parameters.
PLAIN = {
    *("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64"),
    *("boolean", "string", "str"),
}
FREQUENCY = 20


def pandas() -> Any:
    """Return the module pandas."""
    return sys.modules.get("pandas") or importlib.import_module("pandas")


def encode(value: Any, pack: "Pack") -> Any:
    """Return the node of something of pandas'; None where it is not that. Raises UnsendableError."""
    pd = sys.modules.get("pandas")
    if pd is None or not hasattr(pd, "DataFrame"):
        return None
    if isinstance(value, pd.DataFrame):
        return pack.mutable(value, "frame", _frame)
    if isinstance(value, pd.Series):
        return pack.mutable(value, "series", _series)
    if isinstance(value, pd.Index):
        return ["index", _index(pack, value)]
    if value is pd.NaT or value is pd.NA:
        return ["missing", "NaT" if value is pd.NaT else "NA"]
    if type(value) is pd.Timestamp:
        zone = pack.encode(value.tzinfo) if value.tzinfo is not None else None
        return ["timestamp", int(value.asm8.view("i8")), str(value.unit), zone]
    if type(value) is pd.Timedelta:
        return ["timedelta", int(value.asm8.view("i8")), str(value.unit)]
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return ["column", _column(pack, value)]
    return None


def _frame(pack: "Pack", value: Any) -> Any:
    columns = [_column(pack, value.iloc[:, place].array) for place in range(value.shape[1])]
    return [_index(pack, value.index), _index(pack, value.columns), columns]


def _series(pack: "Pack", value: Any) -> Any:
    return [_index(pack, value.index), pack.encode(value.name), _column(pack, value.array)]


def _index(pack: "Pack", value: Any) -> Any:
    pd = pandas()
    if type(value) is pd.RangeIndex:
        return ["range", value.start, value.stop, value.step, pack.encode(value.name)]
    if type(value) is pd.MultiIndex:
        levels = [_column(pack, value.get_level_values(place).array) for place in range(value.nlevels)]
        return ["multi", levels, pack.many(value.names)]
    frequency = getattr(value, "freqstr", None) if type(value) is pd.DatetimeIndex else None
    return ["plain", _column(pack, value.array), pack.encode(value.name), frequency]


def _column(pack: "Pack", array: Any) -> Any:
    pd = pandas()
    dtype = array.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = _column(pack, dtype.categories.array)
        return ["categories", arrays.body(pack, array.codes), categories, bool(dtype.ordered)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = array.tz_convert("UTC").tz_localize(None)
        return ["zoned", arrays.body(pack, moments.to_numpy()), pack.encode(dtype.tz)]
    name = str(dtype)
    if name in PLAIN:
        return ["own", name, pack.many(array.astype(object).tolist())]
    if isinstance(dtype, pd.api.extensions.ExtensionDtype) and not isinstance(array, pd.arrays.NumpyExtensionArray):
        raise UnsendableError(f"a column of the type {name} cannot be looked at: convert it with astype()")
    return ["numpy", arrays.body(pack, array.to_numpy())]


def _read_column(unpack: "Unpack", node: Any) -> Any:
    pd = pandas()
    kind, *rest = node
    if kind == "numpy":
        made = arrays.made(unpack, rest[0])
        if made.ndim != 1:
            raise Refused("a column came that is no array")
        return made
    if kind == "own":
        name, items = rest
        if name not in PLAIN:
            raise Refused("a column came of a type that is none")
        return pd.array(unpack.many(items), dtype=name)
    if kind == "zoned":
        return (
            pd.DatetimeIndex(arrays.made(unpack, rest[0])).tz_localize("UTC").tz_convert(unpack.decode(rest[1])).array
        )
    if kind == "categories":
        codes, categories, ordered = rest
        return pd.Categorical.from_codes(arrays.made(unpack, codes), _read_column(unpack, categories), ordered is True)
    raise Refused("a column came of a kind that is none")


def _read_index(unpack: "Unpack", node: Any) -> Any:
    pd = pandas()
    kind, *rest = node
    if kind == "range":
        *ends, name = rest
        return pd.RangeIndex(*map(scalars.whole, ends), name=unpack.decode(name))
    if kind == "multi":
        levels, names = rest
        return pd.MultiIndex.from_arrays([_read_column(unpack, one) for one in levels], names=unpack.many(names))
    column, name, frequency = rest
    array = _read_column(unpack, column)
    made = pd.Index(array, name=unpack.decode(name), dtype=array.dtype)
    if frequency is not None and type(made) is pd.DatetimeIndex:
        made.freq = scalars.text(frequency, FREQUENCY)
    return made


def _fill_frame(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    index, columns, content = body
    pd = pandas()
    made_index = _read_index(unpack, index)
    arrays = [_read_column(unpack, one) for one in content]
    made = pd.DataFrame(dict(enumerate(arrays)), index=made_index)
    made.columns = _read_index(unpack, columns)
    return _put(unpack, known, ref, made)


def _fill_series(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    index, name, content = body
    array = _read_column(unpack, content)
    made = pandas().Series(array, index=_read_index(unpack, index), name=unpack.decode(name), dtype=array.dtype)
    return _put(unpack, known, ref, made)


def _put(unpack: "Unpack", known: Any, ref: str, made: Any) -> Any:
    """Return what was made, or the object that both sides know, with its content."""
    if known is None:
        unpack.codec.name(made, ref)
        return made
    if type(known) is not type(made):
        raise Refused("a table came in the place of something else")
    known._update_inplace(made)
    return known


def _moment(unpack: "Unpack", count: Any, unit: Any, zone: Any) -> Any:
    pd = pandas()
    made = pd.Timestamp(_numpy().datetime64(scalars.whole(count), scalars.text(unit, 2)))
    return made if zone is None else made.tz_localize("UTC").tz_convert(unpack.decode(zone))


def _span(_unpack: "Unpack", count: Any, unit: Any) -> Any:
    return pandas().Timedelta(_numpy().timedelta64(scalars.whole(count), scalars.text(unit, 2)))


def _numpy() -> Any:
    return importlib.import_module("numpy")


FILLERS: dict[str, Callable[["Unpack", Any, str, Any], Any]] = {"frame": _fill_frame, "series": _fill_series}
DECODERS: dict[str, Callable[..., Any]] = {
    "index": _read_index,
    "column": _read_column,
    "timestamp": _moment,
    "timedelta": _span,
    "missing": lambda _unpack, name: {"NaT": pandas().NaT, "NA": pandas().NA}[name],
}
