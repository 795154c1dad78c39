"""Carry a state from token to token: the simple recurrent layer."""

from dataclasses import dataclass
from typing import Annotated

from core.builder import Builder
from core.layers.base import activation_op, activation_title
from core.layers.fields import Choice
from core.layers.recurrent import purposes
from core.layers.recurrent.unrolled import Recurrent, TimeStep, Weights
from core.values import Role, Value

_ACTIVATIONS = ("tanh", "relu")


@dataclass(frozen=True)
class RNN(Recurrent):
    """Carry a state from token to token: h_t = tanh(x_t · W + h_(t-1) · U + b).

    PyTorch has two biases, which always stand in a sum; here they are one. W and U begin as of Glorot, b with zeros.

    Parameters
    ----------
    units : int
        How many numbers the state has.
    sequence : bool
        Whether it returns the states of all time steps, (N, T, units), or the last, (N, units).
    activation : str
        ``tanh`` or ``relu``.

    Raises
    ------
    ShapeError
        If there are no units; when it is built, if the input is not sequences of tokens.
    ValueError
        If there is no such activation.

    References
    ----------
    Elman, "Finding Structure in Time" (1990).
    """

    called = "simple RNN"

    activation: Annotated[str, Choice(tuple((name, activation_title(name)) for name in _ACTIVATIONS))] = "tanh"

    def check(self) -> None:
        super().check()
        if self.activation not in _ACTIVATIONS:
            raise ValueError(f"expected an activation among {', '.join(_ACTIVATIONS)}; got {self.activation!r}")

    def declare(self, builder: Builder, features: int) -> Weights:
        return self.weights(builder, features)

    def step(self, now: TimeStep, parameters: Weights, *memory: Value) -> tuple[Value, ...]:
        net, op = now.net(parameters), activation_op(self.activation)
        return (now.apply(op, net, key="h", role=Role.OUT, purpose=purposes.NEW_STATE),)
