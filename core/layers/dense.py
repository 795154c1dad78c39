"""Connect every input with every output."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.layers.base import (
    INITIALISERS,
    Layer,
    Parameter,
    activate,
    activation_title,
    check_activation,
    check_count,
    default_initialiser,
)
from core.ops.base import ShapeError
from core.ops.linear import AddBias, MatMul
from core.program import Builder
from core.values import Role, Shape, Value


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

    Raises
    ------
    ShapeError
        If there are no units, or not as many names; when it is built, if the input is not rows of numbers.

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
        check_count("dense", "unit", self.units)
        if self.output_names is not None and len(self.output_names) != self.units:
            raise ShapeError(f"dense: expected {self.units} output names; got {len(self.output_names)}")
        check_activation(self.activation)
        if self.initialiser not in (None, *INITIALISERS):
            raise ValueError(f"expected an initialiser among {', '.join(INITIALISERS)}; got {self.initialiser!r}")
        if not frozenset(self.frozen) <= {"weight", "bias"}:
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
