"""Change a sequence of layers: a draft never changes, each operation returns another one. It need not fit yet."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, replace
from itertools import count
from typing import Any

from core.editing.kinds import Field, can_be_added, fields_of, kind_of
from core.layers import Layer
from core.layers.fields import Names
from core.network import Network
from core.ops.losses import parse_loss
from core.wording import sentence

MOST_PARTS = 60
"""A longer sequence comes by file."""
_marks = count()


class EditError(ValueError):
    """A change that cannot be; the message is one sentence."""


@dataclass(frozen=True)
class Part:
    """A layer of a draft, by its fields: they need not fit each other yet.

    Parameters
    ----------
    kind : type of Layer
        The class of the layer.
    values : mapping of str to object
        What stands in its fields.
    mark : int
        Which layer it is, through all changes and wherever it is moved.
    """

    kind: type[Layer]
    values: Mapping[str, Any]
    mark: int = field(default_factory=_marks.__next__)

    @classmethod
    def of(cls, layer: Layer) -> "Part":
        """Return a layer as a part of a draft."""
        kind = type(layer)
        return cls(kind, {about.name: getattr(layer, about.name) for about in fields_of(kind)})

    @property
    def title(self) -> str:
        """What a person calls such a layer."""
        return kind_of(self.kind).title

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in order."""
        return fields_of(self.kind)

    def field(self, name: str) -> Field:
        """Return a field by its name; raise EditError where there is none."""
        for about in self.fields:
            if about.name == name:
                return about
        raise EditError(f"Expected a field among {', '.join(about.name for about in self.fields)}; got {name!r}.")

    def layer(self) -> Layer:
        """Return the layer; raise ValueError where its fields do not fit each other."""
        return self.kind(**self.values)

    def changed(self, name: str, value: Any) -> "Part":
        """Return the part with another value in a field; names that were as many as the old one are forgotten."""
        entry = self.field(name).entry
        if entry is None:
            raise EditError(f"Expected a field that can be changed here; {name} comes by file.")
        try:
            entry.check(value)
        except ValueError as error:
            raise EditError(str(error)) from None
        values = {**self.values, name: value}
        if value != self.values[name]:
            named = (about for about in self.fields if isinstance(about.entry, Names) and about.entry.per == name)
            values |= {about.name: None for about in named}
        return replace(self, values=values)


@dataclass(frozen=True)
class Draft:
    """A sequence of layers and its loss, as far as they have come.

    Parameters
    ----------
    network : Network
        Whose input the sequence is given.
    parts : tuple of Part
        The layers.
    loss : str
        As of ``compile_iteration``.
    """

    network: Network
    parts: tuple[Part, ...]
    loss: str

    @classmethod
    def of(cls, network: Network, loss: str) -> "Draft":
        """Return a network as a draft."""
        return cls(network, tuple(map(Part.of, network.layers)), loss)

    def add(self, at: int, kind: type[Layer]) -> "Draft":
        """Put a new layer before the one at a place, or at the end.

        Raises
        ------
        EditError
            If there is no such place, a layer of this kind cannot stand in a sequence, or there are too many.
        """
        if not can_be_added(kind):
            raise EditError(f"Expected a layer that can stand in a sequence; a {kind_of(kind).title} comes by file.")
        values = {about.name: about.first for about in fields_of(kind) if about.first is not MISSING}
        return self.insert(at, Part(kind, values))

    def insert(self, at: int, part: Part) -> "Draft":
        """Put a part before the one at a place, or at the end; raise EditError as ``add`` does."""
        if len(self.parts) >= MOST_PARTS:
            raise EditError(f"Expected at most {MOST_PARTS} layers; a longer network comes by file.")
        self._check_place(at, len(self.parts))
        return replace(self, parts=(*self.parts[:at], part, *self.parts[at:]))

    def remove(self, at: int) -> "Draft":
        """Take a layer away; raise EditError where there is none, or it is the only one."""
        self._check_place(at, len(self.parts) - 1)
        if len(self.parts) == 1:
            raise EditError("Expected at least one layer; this is the only one.")
        return replace(self, parts=(*self.parts[:at], *self.parts[at + 1 :]))

    def move(self, at: int, to: int) -> "Draft":
        """Put a layer where it has ``to`` others before it; raise EditError where there is no such place."""
        last = len(self.parts) - 1
        self._check_place(at, last)
        self._check_place(to, last)
        others = [*self.parts[:at], *self.parts[at + 1 :]]
        return replace(self, parts=(*others[:to], self.parts[at], *others[to:]))

    def duplicate(self, at: int) -> "Draft":
        """Put another layer with the same fields after one; its weights are its own. Raise EditError as ``add``."""
        self._check_place(at, len(self.parts) - 1)
        return self.insert(at + 1, Part(self.parts[at].kind, self.parts[at].values))

    def change(self, at: int, name: str, value: Any) -> "Draft":
        """Put a value into a field of a layer.

        Raises
        ------
        EditError
            If there is no such layer or field, or the value cannot stand in it.
        """
        self._check_place(at, len(self.parts) - 1)
        return replace(self, parts=(*self.parts[:at], self.parts[at].changed(name, value), *self.parts[at + 1 :]))

    def take_loss(self, loss: str) -> "Draft":
        """Take another loss, as ``parse_loss`` reads it; raise EditError where there is none of that name."""
        try:
            parse_loss(loss)
        except ValueError as error:
            raise EditError(sentence(error)) from None
        return replace(self, loss=loss)

    def _check_place(self, at: int, most: int) -> None:
        if not 0 <= at <= most:
            raise EditError(f"Expected a place from 0 to {most}; got {at}.")
