"""What stands in the judge's process for the trainee's functions, classes and objects: made here, asked there."""

import inspect
import sys
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import descriptions, scalars
from .refused import Refused

if TYPE_CHECKING:
    from .remote import Line

# Libraries whose classes an object may say that it is of; never those whose objects are data.
LIBRARIES = {"matplotlib", "sklearn", "scipy", "statsmodels", "seaborn", "networkx", "sympy", "torch", "PIL", "re"}
NAME = 200
PARAMETERS = 300


class RemoteFunction:
    """A function of the trainee's."""

    def __init__(self, line: "Line", said: dict[str, Any]) -> None:
        name, qualname = _name(said.get("name")), _text(said.get("qualname")) or ""
        source = line.sources.of(qualname, _text(said.get("source")))

        def called(*arguments: Any, **named: Any) -> Any:
            return self(*arguments, **named)

        stub: Any = called
        line.sources.place(stub, name, qualname, source)
        stub.__name__, stub.__qualname__, stub.__doc__ = name, qualname, _text(said.get("doc"))
        own: dict[str, Any] = {
            "__name__": name,
            "__qualname__": qualname,
            "__doc__": stub.__doc__,
            "__wrapped__": stub,
            "_line": line,
        }
        if signature := signed(said.get("parameters")):
            own["__signature__"] = stub.__signature__ = signature
        vars(self).update(own)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it there."""
        return vars(self)["_line"].call(self, arguments, named)

    def __getattr__(self, name: str) -> Any:
        """Ask for an attribute there."""
        if name.startswith("__"):
            raise AttributeError(f"function '{vars(self)['__name__']}' has no attribute '{name}'")
        return vars(self)["_line"].get(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        vars(self)["_line"].put(self, name, value)

    def __repr__(self) -> str:
        return f"<function {vars(self)['__qualname__']}>"

    @property
    def __class__(self) -> type:
        """Say what it stands for: tests ask whether something is a function."""
        return types.FunctionType

    @__class__.setter
    def __class__(self, _value: type) -> None:
        raise TypeError("a function stays a function")


class RemoteType(type):
    """The class of the classes that stand for the trainee's."""

    _aula_line: "Line"

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        """Make an object of it there."""
        return cls._aula_line.call(cls, arguments, named, new=True)

    def __getattr__(cls, name: str) -> Any:
        """Ask for an attribute of the class there."""
        if name.startswith("__") or name == "_aula_line":
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")
        return cls._aula_line.get(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        cls._aula_line.put(cls, name, value)


class RemoteObject:
    """An object of the trainee's; its class is one that was made for it."""

    _aula_line: "Line"

    def __getattr__(self, name: str) -> Any:
        """Ask for an attribute there."""
        if name.startswith("__"):
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return self._aula_line.get(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._aula_line.put(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._aula_line.delete(self, name)

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} object>"

    def __reduce_ex__(self, _protocol: object) -> Any:
        """Refuse to be copied: a copy would be nobody's."""
        raise self._aula_line.refuse("the test copies an object of the trainee's own class: ask for its values instead")


def signed(parameters: Any) -> inspect.Signature | None:
    """Return the signature that the trainee's process says; None where it says none."""
    if type(parameters) is not list or len(parameters) > PARAMETERS:
        return None
    try:
        return inspect.Signature([_parameter(*one) for one in parameters])
    except (TypeError, ValueError):
        return None


def _parameter(name: Any, kind: Any, default: Any, annotation: Any) -> inspect.Parameter:
    empty = inspect.Parameter.empty
    value: Any = empty
    if default:
        plain = default[0] is None or type(default[0]) in (bool, str, int, float)
        value = Shown(str(default[0])) if len(default) > 1 or not plain else default[0]
    shown = scalars.TYPES.get(str(annotation), str(annotation)) if annotation is not None else empty
    return inspect.Parameter(_name(name), inspect._ParameterKind(kind), default=value, annotation=shown)


class Shown:
    """A default that is no plain value."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def synthesise(line: "Line", said: dict[str, Any], bases: list[Any]) -> type:
    """Return a class that stands for one of the trainee's."""
    name, qualname, module = _name(said.get("name")), _text(said.get("qualname")) or "", _text(said.get("module")) or ""
    builtin = _builtin(said.get("builtin"))
    if fields := said.get("fields"):
        tuples: type = line.codec.named(name, fields)
        return tuples
    source = line.sources.of(qualname, _text(said.get("source")))
    file = line.sources.file(source)
    home = file.strip("<>").replace(" ", "_")
    sys.modules[home] = types.ModuleType(home)
    sys.modules[home].__file__ = file
    space: dict[str, Any] = {"__doc__": _text(said.get("doc")), "__module__": home, "__qualname__": qualname}
    if issubclass(builtin, BaseException):
        errors = tuple(one for one in bases if isinstance(one, type) and issubclass(one, BaseException))
        return _typed(type, name, errors or (builtin,), space)
    members = said.get("members")
    if type(members) is not dict or len(members) > 1000:
        raise Refused("a class came whose members are none")
    for member, about in members.items():
        if made := _member(line, _name(member), about):
            space[member] = made[0]
    space |= {"_aula_line": line, "__slots__": ()}
    if (real := _real(module, qualname)) is not None:
        space["__class__"] = property(lambda _self: real)
    if signature := signed(said.get("parameters")):
        space["__signature__"] = signature
    space.setdefault("__hash__", None if "__eq__" in space else object.__hash__)
    parents = tuple(one for one in bases if isinstance(one, RemoteType))
    return _typed(RemoteType, name, parents or (RemoteObject,), space)


def _typed(kind: Callable[..., type], name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
    try:
        return kind(name, bases, space)
    except TypeError as error:
        raise Refused(f"a class came that Python cannot make: {error}"[:300]) from None


def _member(line: "Line", name: str, about: Any) -> tuple[Any] | None:
    """Return what stands for a member of a class, in a tuple; None where nothing does."""
    if type(about) is not dict:
        raise Refused("a class came whose members are none")
    kind = about.get("kind")
    if kind == "none":
        return (None,) if name == "__hash__" else None
    if kind == "operator" and name == "__call__":
        return (lambda self, *arguments, **named: line.call(self, arguments, named),)
    if kind == "operator" and name in descriptions.FREE:
        return (lambda self, *arguments: line.text(self, name, arguments),)
    if kind == "operator" and name in descriptions.OPERATORS:
        return (lambda self, *arguments: line.operator(self, name, arguments),)
    if kind == "property" and not name.startswith("__"):
        return (property(lambda self: line.get(self, name), doc=_text(about.get("doc"))),)
    if kind != "method" or (name.startswith("__") and name != "__init__"):
        return None  # an operator that calls itself a method would pass every gate

    def called(self: Any, *arguments: Any, **named: Any) -> Any:
        return line.method(self, name, arguments, named)

    stub: Any = called
    qualname = _text(about.get("qualname")) or name
    line.sources.place(stub, name, qualname, line.sources.of(qualname, _text(about.get("source"))))
    stub.__name__, stub.__qualname__, stub.__doc__ = name, qualname, _text(about.get("doc"))
    if signature := signed(about.get("parameters")):
        stub.__signature__ = signature
    return (stub,)


def _real(module: str, qualname: str) -> type | None:
    """Return a library's class that the judge has loaded itself."""
    if module.partition(".")[0] not in LIBRARIES or module not in sys.modules or "." in qualname:
        return None
    found = vars(sys.modules[module]).get(qualname)
    return found if isinstance(found, type) else None


def _builtin(name: Any) -> type:
    found = vars(sys.modules["builtins"]).get(name) if type(name) is str else None
    if not isinstance(found, type):
        raise Refused("a class came that has no base")
    return found


def _name(value: Any) -> str:
    if type(value) is not str or not value or len(value) > NAME:
        raise Refused("something came whose name is none")
    return value


def _text(value: Any) -> str | None:
    return value[: descriptions.TEXT] if type(value) is str else None
