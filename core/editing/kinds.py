"""List the layers that a draft can have, and their fields, from the layers themselves."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from inspect import isabstract
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from core.layers import LAYERS, Layer
from core.layers.fields import Entry, Flag, Sizes, Whole


@dataclass(frozen=True)
class Field:
    """A field of a layer.

    Parameters
    ----------
    name : str
        As the layer calls it.
    entry : Entry or None
        What may stand in it; ``None`` where that is made in files alone.
    first : object
        What a new layer has in it; ``MISSING`` where there is nothing.
    """

    name: str
    entry: Entry | None
    first: Any

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Kind:
    """A kind of layers that can be added: the class, what a person calls it, its heading, and what it does."""

    layer: type[Layer]
    title: str
    group: str
    sentence: str


def kinds() -> Mapping[str, tuple[Kind, ...]]:
    """Return what can be added to a sequence of layers, by heading."""
    found: dict[str, list[Kind]] = {}
    for layer in LAYERS.values():
        if can_be_added(layer):
            found.setdefault(layer.group, []).append(kind_of(layer))
    return {group: tuple(members) for group, members in found.items()}


def kind_of(layer: type[Layer]) -> Kind:
    """Return what a person is told of a class of layers."""
    sentence = (layer.__doc__ or "").strip().partition("\n")[0]
    return Kind(layer, layer.called or layer.__name__, layer.group, sentence)


def can_be_added(layer: type[Layer]) -> bool:
    """Tell whether a new layer of a class can stand in a sequence: it has one input, and something in every field."""
    whole = all(field.first is not MISSING for field in fields_of(layer))
    return layer.takes == 1 and whole and not isabstract(layer)


@cache
def fields_of(layer: type[Layer]) -> tuple[Field, ...]:
    """Return the fields of a class of layers, in order."""
    hints = get_type_hints(layer, include_extras=True)
    found = []
    for field in fields(layer):  # type: ignore[arg-type]
        if field.init:
            entry = _entry(hints[field.name])
            first = field.default if field.default_factory is MISSING else field.default_factory()
            found.append(Field(field.name, entry, _usual(entry) if first is MISSING else first))
    return tuple(found)


def _entry(hint: Any) -> Entry | None:
    if get_origin(hint) is Annotated:
        return next((about for about in get_args(hint)[1:] if isinstance(about, Entry)), None)
    return Flag() if hint is bool else None


def _usual(entry: Entry | None) -> Any:
    usual = entry.usual if isinstance(entry, Whole | Sizes) else None
    return MISSING if usual is None else usual
