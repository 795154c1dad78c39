"""Write a network down as plain data, dicts, lists, strings and numbers, and read it back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from math import isfinite
from reprlib import repr as shortened
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from core.layers import LAYERS, Layer
from core.network import Architecture, AxisNames, Graph, Network
from core.ops.base import ShapeError
from core.values import DuplicateNameError, Range, Shape, is_number, is_whole
from core.wording import cut

Described = TypeVar("Described")
Count = NewType("Count", int)
"""A whole number from 0 that may be larger than any size of a layer: an iteration, a sample, a cell."""
Path = tuple[str, ...]
"""Where in the data something stands: ``("nodes", "hidden", "layer", "units")``."""
_DEEPEST = 60
"""More parts than that a path has not: some twenty blocks inside each other."""
_LARGEST = 1_000_000
"""Larger numbers are mistakes: no layer has as many units, and no sample as many tokens."""
_LARGEST_COUNT = 10**15
_LONGEST = 400
"""No error that a person can read has more letters."""


class DescriptionError(ValueError):
    """Data do not describe a network; the message is one sentence that says where, and what was expected.

    ``depth`` is how far the data were understood: the longer, the more of them fits.
    """

    def __init__(self, message: str, depth: int = 0) -> None:
        super().__init__(message)
        self.depth = depth


def describe(network: Architecture) -> dict[str, Any]:
    """Return a network as plain data that JSON can hold; what is as by default is left out.

    Parameters
    ----------
    network : Architecture
        A ``Network`` becomes ``{"kind": "sequential", "input": {...}, "layers": [...]}``, a ``Graph``
        ``{"kind": "graph", "inputs": {...}, "nodes": [...], "output": ...}``.

    Raises
    ------
    DescriptionError
        If it is neither, or a layer holds what is no plain data.
    """
    match network:
        case Network():
            about = {name: getattr(network, field) for name, (field, _) in _SEQUENCE_INPUT.items()}
            given = {name: _plain(value) for name, value in about.items() if value not in (None, Range.SIGNED)}
            return {"kind": "sequential", "input": given, "layers": _plain(network.layers)}
        case Graph():
            return {"kind": "graph", **_plain_fields(network)}
    raise DescriptionError(f"expected a Network or a Graph; got {shortened(network)}")


def network_from(data: object) -> Architecture:
    """Return the network that plain data describe; see ``describe``.

    Raises
    ------
    DescriptionError
        If the data describe no network: an unknown kind, layer or field, a field that is missing or of another type.
    ShapeError, DuplicateNameError
        If they describe one whose layers do not fit each other, or with one name for two things.
    """
    rest = dict(_mapping(data, ()))
    kind = rest.pop("kind", None)
    if kind == "sequential":
        return _sequential(rest)
    if kind == "graph":
        graph: Graph = _read_fields(Graph, rest, ())
        return graph
    raise DescriptionError(f"expected a kind of 'sequential' or 'graph'; got {shortened(kind)}")


def describe_fields(value: Any) -> dict[str, Any]:
    """Return a dataclass of plain fields as data that JSON can hold; what is as by default is left out.

    Raises
    ------
    DescriptionError
        If a field holds what is no plain data.
    """
    return _plain_fields(value)


def fields_from(kind: type[Described], data: object) -> Described:
    """Return the dataclass that data of ``describe_fields`` describe.

    Raises
    ------
    DescriptionError
        If they describe none: a field that is unknown, missing or of another type.
    """
    made: Described = _read_fields(kind, _mapping(data, ()), ())
    return made


_SEQUENCE_INPUT: Mapping[str, tuple[str, Any]] = {
    "shape": ("input_shape", Shape),
    "range": ("input_range", Range),
    "image": ("row_image", Shape | None),
    "names": ("axis_names", AxisNames | None),
}
"""What the description of the input of a sequence holds: the fields of ``Network`` and their types."""


def _sequential(data: Mapping[str, object]) -> Network:
    _check_names(data, ("input", "layers"), ("input", "layers"), ())
    given = _mapping(data["input"], ("input",))
    _check_names(given, tuple(_SEQUENCE_INPUT), ("shape",), ("input",))
    wanted = {name: _SEQUENCE_INPUT[name] for name in given}
    about = {field: _read(hint, given[name], ("input", name)) for name, (field, hint) in wanted.items()}
    network: Network = _make(Network, {**about, "layers": _read(tuple[Layer, ...], data["layers"], ("layers",))}, ())
    return network


# From a network to data


def _plain(value: Any) -> Any:
    match value:
        case Layer():
            return {"layer": type(value).__name__, **_plain_fields(value)}
        case Mapping():
            return {key: _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case frozenset():
            return sorted(map(_plain, value))
        case str():
            return str(value)
        case None | bool():
            return value
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if not is_number(value):
        raise DescriptionError(f"expected plain data in a network; got {shortened(value)}")
    return int(value) if is_whole(value) else float(value)


def _plain_fields(value: Any) -> dict[str, Any]:
    found = ((field, getattr(value, field.name)) for field in fields(value) if field.init)
    return {field.name: _plain(one) for field, one in found if _is_required(field) or one != _default(field)}


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


# From data to a network


def _read(hint: Any, data: object, path: Path) -> Any:
    """Return data as a value of a type, or raise DescriptionError."""
    if len(path) > _DEEPEST:
        raise _unlike("blocks that are not nested so deeply", data, path)
    kind = get_origin(hint) or hint
    if kind in _READERS:
        return _READERS[kind](hint, data, path)
    if issubclass(kind, StrEnum):
        return _read_choice(kind, data, path)
    return _read_fields(kind, _mapping(data, path), path)


def _read_union(hint: Any, data: object, path: Path) -> Any:
    """Return data as one of several types; where they are like one of them, but for a part, say what of that."""
    for one in get_args(hint):
        try:
            return _read(one, data, path)
        except DescriptionError as error:
            if error.depth > len(path):
                raise
    raise _unlike(" or ".join(dict.fromkeys(map(_noun, get_args(hint)))), data, path)


def _read_tuple(hint: Any, data: object, path: Path) -> tuple[Any, ...]:
    kinds = get_args(hint)
    if not isinstance(data, list) or (kinds[-1] is not Ellipsis and len(data) != len(kinds)):
        raise _unlike(_noun(hint), data, path)
    every = kinds[:1] * len(data) if kinds[-1] is Ellipsis else kinds
    return tuple(_read_list(every, data, path))


def _read_list(kinds: tuple[Any, ...], data: list[object], path: Path) -> Iterator[Any]:
    for number, (kind, one) in enumerate(zip(kinds, data, strict=True), 1):
        yield _read(kind, one, (*path, _called(one, number)))


def _called(data: object, number: int) -> str:
    """Return what a person calls a thing in a list: its name if it has one, else its number from 1."""
    name = data.get("name") if isinstance(data, Mapping) else None
    return name[:40] if isinstance(name, str) and name.isidentifier() else str(number)


def _read_set(hint: Any, data: object, path: Path) -> frozenset[Any]:
    if not isinstance(data, list):
        raise _unlike("a list", data, path)
    found = tuple(_read_list(get_args(hint) * len(data), data, path))
    if len(set(found)) < len(found):
        raise _unlike("a list without doubles", data, path)
    return frozenset(found)


def _read_mapping(hint: Any, data: object, path: Path) -> dict[str, Any]:
    kind = get_args(hint)[1]
    return {name: _read(kind, one, (*path, name[:40])) for name, one in _mapping(data, path).items()}


def _read_layer(hint: Any, data: object, path: Path) -> Layer:
    rest = dict(_mapping(data, path))
    name = rest.pop("layer", None)
    if not isinstance(name, str) or name not in LAYERS:
        raise _unlike(f"a layer among {', '.join(LAYERS)}", name, path)
    layer: Layer = _read_fields(LAYERS[name], rest, path)
    return layer


def _read_fields(kind: type[Any], data: Mapping[str, object], path: Path) -> Any:
    """Return a dataclass from its fields by name; those with a default may be left out."""
    known = {field.name: field for field in fields(kind) if field.init}
    _check_names(data, tuple(known), tuple(name for name in known if _is_required(known[name])), path)
    hints = get_type_hints(kind)
    return _make(kind, {name: _read(hints[name], one, (*path, name)) for name, one in data.items()}, path)


def _make(kind: type[Any], arguments: Mapping[str, Any], path: Path) -> Any:
    """Return an object that checks its own arguments; its error is told with the place."""
    try:
        return kind(**arguments)
    except (ShapeError, DuplicateNameError) as error:
        raise type(error)(_at(path, cut(str(error), _LONGEST))) from None
    except ValueError as error:
        raise DescriptionError(_at(path, cut(str(error), _LONGEST)), len(path) + 1) from None


def _read_whole(hint: Any, data: object, path: Path) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise _unlike("a whole number", data, path)
    if abs(data) > _LARGEST:
        raise _unlike(f"a whole number up to {_LARGEST}", data, path)
    return data


def _read_count(hint: Any, data: object, path: Path) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 0 <= data <= _LARGEST_COUNT:
        raise _unlike("a whole number from 0", data, path)
    return data


def _read_plain(hint: Any, data: object, path: Path) -> object:
    """Return data as they are: who asks for them reads them."""
    return data


def _read_number(hint: Any, data: object, path: Path) -> float:
    if not isinstance(data, (int, float)) or isinstance(data, bool) or not isfinite(data):
        raise _unlike("a finite number", data, path)
    return data


def _read_simple(hint: type[Any], data: object, path: Path) -> Any:
    if not isinstance(data, hint):
        raise _unlike(_noun(hint), data, path)
    return data


def _read_choice(kind: type[StrEnum], data: object, path: Path) -> StrEnum:
    for one in kind:
        if one.value == data:
            return one
    raise _unlike(f"one of {', '.join(kind)}", data, path)


_READERS: Mapping[Any, Callable[[Any, object, Path], Any]] = {
    Union: _read_union,
    UnionType: _read_union,
    tuple: _read_tuple,
    frozenset: _read_set,
    Mapping: _read_mapping,
    Layer: _read_layer,
    int: _read_whole,
    Count: _read_count,
    object: _read_plain,
    float: _read_number,
    bool: _read_simple,
    str: _read_simple,
    NoneType: _read_simple,
}
"""How data become a value, by its type; enumerations and dataclasses follow from themselves."""
_NOUNS: Mapping[Any, str] = {
    int: "a whole number",
    Count: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a string",
    NoneType: "null",
}


def _noun(hint: Any) -> str:
    """Return what a person calls the data of a type."""
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        return "a list" if kinds[-1] is Ellipsis else f"a list of {len(kinds)}"
    return _NOUNS.get(hint, "an object")


def _mapping(data: object, path: Path) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        raise _unlike("an object with named fields", data, path)
    return data


def _check_names(data: Mapping[str, object], known: Path, required: Path, path: Path) -> None:
    if unknown := [name for name in data if name not in known]:
        expected = f"fields among {', '.join(known)}" if known else "no more fields"
        raise DescriptionError(_at(path, f"expected {expected}; got {shortened(unknown[0])}"), len(path) + 1)
    if missing := [name for name in required if name not in data]:
        raise DescriptionError(_at(path, f"expected a field {missing[0]}; it is missing"), len(path) + 1)


def _unlike(expected: str, got: object, path: Path) -> DescriptionError:
    return DescriptionError(_at(path, f"expected {expected}; got {shortened(got)}"), len(path))


def _at(path: Path, message: str) -> str:
    return f"{'.'.join(path)}: {message}" if path else message
