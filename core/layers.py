"""Compose operations into layers. A layer describes; it owns no arrays."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.ops.activations import ACTIVATIONS
from core.ops.base import Op, ShapeError
from core.ops.linear import AddBias, MatMul
from core.ops.softmax import Softmax
from core.program import Builder
from core.values import Array, Role, Shape, Value

INITIALISERS = ("he", "glorot", "zeros")


@dataclass(frozen=True)
class Parameter:
    """A parameter that a layer declares: its name, shape, role and how it is drawn at first.

    ``fan_in`` and ``fan_out`` are the numbers of inputs and outputs that one of its cells connects.
    """

    key: str
    shape: Shape
    role: Role
    initialiser: str
    fan_in: int
    fan_out: int
    frozen: bool = False

    def draw(self, generator: np.random.Generator) -> Array:
        """Draw initial numbers, float64.

        ``he``: normal with variance 2 / fan_in (He et al. 2015); ``glorot``: uniform within
        sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); ``zeros``.
        """
        if self.initialiser == "he":
            return generator.normal(0.0, np.sqrt(2 / self.fan_in), self.shape)
        if self.initialiser == "glorot":
            limit = np.sqrt(6 / (self.fan_in + self.fan_out))
            return generator.uniform(-limit, limit, self.shape)
        return np.zeros(self.shape)


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


@dataclass(frozen=True)
class Dense(Layer):
    """Connect every input with every output: net = input · weights + bias, out = f(net).

    Parameters
    ----------
    units : int
        How many outputs.
    activation : str or None
        ``relu``, ``leaky_relu``, ``sigmoid``, ``tanh``, ``gelu``, ``softmax``, or ``None`` for out = net.
    bias : bool
        Whether there is a bias.
    initialiser : str or None
        ``he``, ``glorot`` or ``zeros``; ``None`` takes He for the ReLU family and Glorot for the others.
    frozen : frozenset of str
        Which of ``weight`` and ``bias`` are not trained.
    output_names : tuple of str or None
        The names of the outputs (classes).

    References
    ----------
    Seed 001, sections 1.5 and 2.2.
    """

    units: int
    activation: str | None = "relu"
    bias: bool = True
    initialiser: str | None = None
    frozen: frozenset[str] = frozenset()
    output_names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Check the arguments."""
        if self.units < 1:
            raise ShapeError(f"dense: expected at least 1 unit; got {self.units}")
        check_activation(self.activation)
        if self.initialiser not in (None, *INITIALISERS):
            raise ValueError(f"expected an initialiser among {', '.join(INITIALISERS)}; got {self.initialiser!r}")
        if not self.frozen <= {"weight", "bias"}:
            raise ValueError(f"expected 'weight' or 'bias' to be frozen; got {sorted(self.frozen)}")

    @property
    def name(self) -> str:
        return f"dense {self.units}" + (f", {activation_title(self.activation)}" if self.activation else "")

    def parameters(self, number: int, shape: Shape) -> Iterator[Parameter]:
        if len(shape) != 2:
            raise ShapeError(f"expected rows of numbers (samples × inputs); got shape {shape}; put a Flatten before it")
        inputs = shape[1]
        draw = self.initialiser or default_initialiser(self.activation)
        yield Parameter(
            f"w_{number}", (inputs, self.units), Role.WEIGHT, draw, inputs, self.units, "weight" in self.frozen
        )
        if self.bias:
            frozen = "bias" in self.frozen
            yield Parameter(f"b_{number}", (1, self.units), Role.BIAS, "zeros", inputs, self.units, frozen)

    def build(self, builder: Builder, x: Value, number: int, parameters: dict[str, Value]) -> Value:
        about: dict[str, Any] = {"layer": number}
        if self.output_names:
            about["axis_names"] = (None, self.output_names)
        key = "sum" if self.bias else "net"
        role = Role.SUM if self.bias else Role.NET
        net = builder.apply(MatMul(), x, parameters[f"w_{number}"], key=f"{key}_{number}", role=role, **about)
        if self.bias:
            net = builder.apply(AddBias(), net, parameters[f"b_{number}"], key=f"net_{number}", role=Role.NET, **about)
        return activate(builder, net, self.activation, number, **about)


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


def default_initialiser(activation: str | None) -> str:
    """Return He for the ReLU family and Glorot for the others."""
    return "he" if activation in ("relu", "leaky_relu", "gelu") else "glorot"
