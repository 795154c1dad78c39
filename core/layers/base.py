"""Define what every layer answers: its name, its parameters and its steps."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.ops import REGISTRY, Op, ShapeError
from core.ops.activations import Activation
from core.ops.softmax import Softmax
from core.program import Builder
from core.values import Array, Role, Shape, Value, is_whole

INITIALISERS = ("he", "glorot", "zeros")
ACTIVATIONS = {op.name: op for op in REGISTRY.values() if issubclass(op, Activation)}


@dataclass(frozen=True)
class Parameter:
    """A parameter that a layer declares: its name, shape, role and how it is drawn at first.

    ``fan_in`` and ``fan_out`` are the numbers of inputs and outputs that one of its cells connects; ``symbol`` is
    TeX to write for it instead of what its key says.
    """

    key: str
    shape: Shape
    role: Role
    initialiser: str
    fan_in: int
    fan_out: int
    frozen: bool = False
    symbol: str | None = None

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw initial numbers, float64.

        ``he``: normal with variance 2 / fan_in (He et al. 2015); ``glorot``: uniform within
        sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); ``zeros``; ``positive``: 0.1, so that ReLU is not at its
        kink where an image is black (Goodfellow, Bengio and Courville 2016, section 8.4).
        """
        if self.initialiser == "he":
            return generator.normal(0.0, np.sqrt(2 / self.fan_in), self.shape)
        if self.initialiser == "glorot":
            limit = np.sqrt(6 / (self.fan_in + self.fan_out))
            return generator.uniform(-limit, limit, self.shape)
        return np.full(self.shape, 0.1 if self.initialiser == "positive" else 0.0)


class Layer(ABC):
    """A layer: the parameters it needs and the steps it appends."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What a person calls it, with its sizes: ``dense 32, ReLU``."""

    @abstractmethod
    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        """Yield the parameters of layer ``number`` for an input of this shape (with the batch axis)."""

    @abstractmethod
    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        """Append the layer's steps and return its output."""


def activate(builder: Builder, net: Value, activation: str | None, number: int, **about: Any) -> Value:
    """Append the activation function of a layer; ``None`` appends nothing."""
    if activation is None:
        return net
    return builder.apply(activation_op(activation), net, key=f"out_{number}", role=Role.OUT, **about)


def activation_op(activation: str) -> Op:
    """Return the operation of an activation function."""
    return Softmax() if activation == "softmax" else ACTIVATIONS[activation]()


def activation_title(activation: str | None) -> str:
    """Return what a person calls an activation function."""
    return activation_op(activation).title if activation else "linear"


def check_activation(activation: str | None) -> None:
    """Raise ValueError for an unknown activation function."""
    known = (*ACTIVATIONS, "softmax")
    if activation is not None and activation not in known:
        raise ValueError(f"expected an activation among {', '.join(known)}; got {activation!r}")


def check_count(layer: str, noun: str, number: object) -> None:
    """Raise ShapeError unless this is a whole number of at least 1."""
    if not is_whole(number) or number < 1:  # type: ignore[operator]
        raise ShapeError(f"{layer}: expected at least 1 {noun}; got {number!r}")


def default_initialiser(activation: str | None) -> str:
    """Return He for the ReLU family and Glorot for the others."""
    return "he" if activation in ("relu", "leaky_relu", "gelu") else "glorot"
