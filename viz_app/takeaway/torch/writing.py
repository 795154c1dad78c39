"""What a layer is as PyTorch code: the module that it makes, how that is called, and which weights it takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from core.builder import Builder
from core.layers.base import Layer
from core.values import Array, Scope, Shape, Value


class UnsayableError(ValueError):
    """What has no words in PyTorch; the message is a sentence that says why."""


def as_it_is(array: Array) -> Array:
    """Return an array whose axes stand in PyTorch as they do here."""
    return array


def transposed(*arrays: Array) -> Array:
    """Return weights as PyTorch keeps them: a row for each output, those of several matrices below each other."""
    return np.concatenate([array.T for array in arrays])


def flat(*arrays: Array) -> Array:
    """Return rows of biases, or of scales, as one vector."""
    return np.concatenate([array.reshape(-1) for array in arrays])


@dataclass(frozen=True)
class Weight:
    """Where a weight of a module is from.

    Parameters
    ----------
    keys : tuple of str
        The values that it is made of.
    layout : callable
        Returns how their axes lie in PyTorch.
    fixed : bool
        Whether it is not learnt here, because there is nothing like it.
    """

    keys: tuple[str, ...]
    layout: Callable[..., Array] = as_it_is
    fixed: bool = False

    @classmethod
    def of(cls, key: str, layout: Callable[..., Array] = as_it_is) -> "Weight":
        """Return a weight that is one value."""
        return cls((key,), layout)


@dataclass(frozen=True)
class Written:
    """A layer as PyTorch code.

    Parameters
    ----------
    module : str
        What constructs its module; empty where it needs none.
    call : str
        Its output, as an expression of ``{m}``, the module, and ``{x}``, or ``{0}``, ``{1}`` and so on.
    weights : mapping of str to Weight
        What the module's own ``state_dict`` holds.
    pieces : tuple of str
        The classes and functions of ``pieces`` that it needs.
    classes : tuple of str
        The text of classes that were written for it alone.
    """

    module: str = ""
    call: str = "{m}({x})"
    weights: Mapping[str, Weight] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """Where a layer stands.

    Parameters
    ----------
    builder : Builder
        That of the program, in the scope of the layer.
    inputs : tuple of Value
        What it reads.
    scope : Scope
        What its values are called after.
    bare : bool
        Whether its activation is left to the loss.
    """

    builder: Builder
    inputs: tuple[Value, ...]
    scope: Scope
    bare: bool = False

    @property
    def shape(self) -> Shape:
        """The shape of its first input, with the batch."""
        return self.inputs[0].shape

    def key(self, name: str, *path: str) -> str:
        """Return the key of one of its values, or of a part's."""
        scope = self.scope
        for part in path:
            scope = scope.inside(part, "")
        return scope.key(name)


L = TypeVar("L", bound=Layer)
Writer = Callable[[Layer, Place], Written]

WRITERS: dict[type[Layer], Writer] = {}
"""What writes each kind of layer."""


def writes(kind: type[L]) -> Callable[[Callable[[L, Place], Written]], Callable[[L, Place], Written]]:
    """Register what writes a kind of layer."""

    def register(writer: Callable[[L, Place], Written]) -> Callable[[L, Place], Written]:
        WRITERS[kind] = writer  # type: ignore[assignment]
        return writer

    return register


def within(weights: Mapping[str, Weight], part: str) -> Mapping[str, Weight]:
    """Return the weights of a part as the whole calls them."""
    return {f"{part}.{name}": weight for name, weight in weights.items()}


def linear(inputs: int, outputs: int, weight: str, bias: str | None) -> Written:
    """Return a linear module with the weights of these keys."""
    weights = {"weight": Weight.of(weight, transposed)} | ({"bias": Weight.of(bias, flat)} if bias else {})
    return Written(f"nn.Linear({inputs}, {outputs}{'' if bias else ', bias=False'})", weights=weights)


def in_order(parts: Sequence[Written]) -> Written:
    """Return modules one after the other as one module."""
    weights = {name: w for at, part in enumerate(parts) for name, w in within(part.weights, str(at)).items()}
    pieces = tuple(dict.fromkeys(piece for part in parts for piece in part.pieces))
    return Written(f"nn.Sequential({', '.join(part.module for part in parts)})", weights=weights, pieces=pieces)
