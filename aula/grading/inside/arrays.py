"""numpy's arrays, scalars and random generators, as the codec writes and reads them."""

import importlib
import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import scalars
from .refused import Refused, UnsendableError

if TYPE_CHECKING:
    from .codec import Pack, Unpack

KINDS = "biufcSUmMV"
HIGHEST = 0x10FFFF
"""The highest character that there is: an array of texts with a higher one breaks whoever looks at it."""
NAMES = 200
BITS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def numpy() -> Any:
    """Return the module numpy."""
    return sys.modules.get("numpy") or importlib.import_module("numpy")


def encode(value: Any, pack: "Pack") -> Any:
    """Return the node of something of numpy's; None where it is not that. Raises UnsendableError."""
    np = sys.modules.get("numpy")
    if np is None:
        return None
    if isinstance(value, np.ndarray):
        return _array(value, pack, np)
    if isinstance(value, np.generic) and type(value).__module__ == "numpy" and not isinstance(value, np.object_):
        return ["scalar", written(value.dtype), value.tobytes().hex()]
    if isinstance(value, np.dtype):
        return ["dtype", written(value)]
    if isinstance(value, type) and issubclass(value, np.generic) and value.__module__ == "numpy":
        return ["numpytype", value.__name__]
    if type(value) is np.random.Generator:
        return pack.mutable(value, "random", _generator)
    return None


def _array(value: Any, pack: "Pack", np: Any) -> Any:
    if type(value) is np.ma.MaskedArray:
        mask = np.ma.getmaskarray(value)
        return ["masked", body(pack, np.array(value.data)), body(pack, mask), pack.encode(value.fill_value)]
    if type(value) is not np.ndarray:
        value = np.array(value, subok=False)
    return pack.mutable(value, "array", body)


def body(pack: "Pack", value: Any) -> Any:
    """Return what says an array: its type, its shape and its content."""
    if value.dtype.kind == "O":
        return ["O", list(value.shape), pack.many(value.ravel().tolist())]
    return [written(value.dtype), list(value.shape), pack.part(value.tobytes())]


def _generator(pack: "Pack", value: Any) -> Any:
    state = value.bit_generator.state
    if state["bit_generator"] not in BITS:
        raise UnsendableError("a random generator of a kind of its own cannot be handed over")
    return pack.encode(state)


def written(dtype: Any) -> Any:
    """Return what says a type of numpy's. Raises UnsendableError where objects are in it."""
    if dtype.hasobject:
        if dtype.kind == "O":
            return "O"
        raise UnsendableError("an array with objects among its fields cannot be looked at")
    if dtype.names is None:
        if dtype.subdtype is not None:
            return [written(dtype.subdtype[0]), list(dtype.subdtype[1])]
        return dtype.str
    return {"names": list(dtype.names), "kinds": [written(dtype.fields[name][0]) for name in dtype.names]}


def read(node: Any, depth: int = 0) -> Any:
    """Return the type that a node says. Raises Refused."""
    if depth > 5:
        raise Refused("a type came that is nested too deep")
    if type(node) is dict:
        names, kinds = node["names"], node["kinds"]
        if type(names) is not list or len(names) > NAMES:
            raise Refused("a type came with too many fields")
        fields = [(scalars.text(one, NAMES), read(kind, depth + 1)) for one, kind in zip(names, kinds, strict=True)]
        return numpy().dtype(fields)
    if type(node) is list:
        return numpy().dtype((read(node[0], depth + 1), tuple(map(scalars.whole, node[1]))))
    plain = numpy().dtype(scalars.text(node, 40))
    if plain.kind not in KINDS + "O" or plain.names is not None:
        raise Refused("a type came that no array of data has")
    return plain


def checked(data: bytes, dtype: Any, shape: list[Any]) -> Any:
    """Return the array of these bytes, as its own memory. Raises Refused where they are no such array."""
    sizes = [scalars.whole(one) for one in shape]
    if dtype.hasobject or min(sizes, default=0) < 0:
        raise Refused("an array came that is none")
    if math.prod(sizes) * dtype.itemsize != len(data) or (not dtype.itemsize and math.prod(sizes)):
        raise Refused("an array came whose size is not that of its data")
    if not dtype.itemsize:
        return numpy().empty(sizes, dtype)
    array = numpy().frombuffer(data, dtype).reshape(sizes).copy()
    if dtype.kind == "b":
        array = array.view("u1").astype(bool)
    elif dtype.kind == "U" and array.size:
        points = array.reshape(-1).view(numpy().dtype("u4").newbyteorder(dtype.byteorder))
        if int(points.max()) > HIGHEST:
            raise Refused("an array of texts came with characters that there are not")
    elif dtype.kind == "V":
        _sound_fields(array)
    return array


def _sound_fields(array: Any) -> None:
    """Look into the fields of an array of records. Raises Refused."""
    for name in array.dtype.names or ():
        field = numpy().ascontiguousarray(array[name])
        if field.dtype.kind in "bUV":
            array[name] = checked(field.tobytes(), field.dtype, list(field.shape))


def made(unpack: "Unpack", node: Any) -> Any:
    """Return the array that a body says. Raises Refused."""
    kind, shape, content = node
    dtype = read(kind)
    if dtype.kind != "O":
        return checked(unpack.part(content), dtype, shape)
    sizes = tuple(map(scalars.whole, shape))
    if type(content) is not list or min(sizes, default=0) < 0 or math.prod(sizes) != len(content):
        raise Refused("an array of objects came whose size is not that of its items")
    flat = numpy().empty(len(content), object)
    for place, item in enumerate(unpack.many(content)):
        flat[place] = item
    return flat.reshape(sizes)


def _fill_array(unpack: "Unpack", known: Any, ref: str, node: Any) -> Any:
    array = made(unpack, node)
    if known is None:
        unpack.codec.name(array, ref)
        return array
    if type(known) is not numpy().ndarray or known.shape != array.shape or known.dtype != array.dtype:
        raise Refused("an array came back with another shape or type: numpy cannot do that to an array in place")
    if known.flags.writeable:
        known[...] = array
    return known


def _fill_generator(unpack: "Unpack", known: Any, ref: str, body: Any) -> Any:
    np = numpy()
    state = unpack.decode(body)
    if type(state) is not dict or state.get("bit_generator") not in BITS:
        raise Refused("a random generator came that is none")
    generator = known
    if generator is None:
        generator = np.random.Generator(getattr(np.random, state["bit_generator"])(0))
        unpack.codec.name(generator, ref)
    elif type(generator) is not np.random.Generator:
        raise Refused("a random generator came in the place of something else")
    generator.bit_generator.state = state
    return generator


def _scalar(_unpack: "Unpack", kind: Any, data: Any) -> Any:
    return checked(bytes.fromhex(scalars.text(data)), read(kind), [1])[0]


def _masked(unpack: "Unpack", data: Any, mask: Any, fill: Any) -> Any:
    return numpy().ma.MaskedArray(made(unpack, data), mask=made(unpack, mask), fill_value=unpack.decode(fill))


def _numpy_type(_unpack: "Unpack", name: Any) -> Any:
    kind = vars(numpy()).get(scalars.text(name, 40))
    if not isinstance(kind, type) or not issubclass(kind, numpy().generic):
        raise Refused("a type came that numpy does not have")
    return kind


FILLERS: dict[str, Callable[["Unpack", Any, str, Any], Any]] = {"array": _fill_array, "random": _fill_generator}
DECODERS: dict[str, Callable[..., Any]] = {
    "scalar": _scalar,
    "masked": _masked,
    "dtype": lambda _unpack, kind: read(kind),
    "numpytype": _numpy_type,
}
