"""Unroll a layer over time: one scope a time step, the same parameters in each."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from core.builder import Builder
from core.initialisers import ZEROS, Initialiser
from core.layers.base import Layer, activation_op, check_count
from core.layers.fields import Units
from core.layers.recurrent import purposes
from core.notation import in_scope
from core.ops.base import Op, Purpose, ShapeError, show_shape
from core.ops.elementwise import Add
from core.ops.linear import AddBias, MatMul
from core.ops.pick import Pick
from core.ops.shape import Reshape
from core.ops.slices import Concatenate
from core.ops.sums import Broadcast
from core.values import Axes, Axis, AxisKind, Role, Scope, Value, axes_of

LONGEST = 256
"""More tokens make more steps than anybody can look at."""


@dataclass(frozen=True)
class Weights:
    """The parameters of one weighted sum: of the input, of the state before, and the bias."""

    w: Value
    u: Value
    b: Value


@dataclass(frozen=True)
class Gate:
    """A weighted sum with its activation: what a person calls it, the letter for it, and why it is there."""

    letter: str
    title: str
    activation: str
    purpose: Purpose
    bias: Initialiser = ZEROS


@dataclass(frozen=True)
class TimeStep:
    """One step of time: its scope is open, and its input is there.

    Parameters
    ----------
    builder : Builder
        Where the steps go.
    x : Value
        What comes in now, (N, features).
    h : Value
        The state before, (N, units).
    scope : Scope
        That of the time step.
    is_first : bool
        Whether nothing is remembered yet.
    """

    builder: Builder
    x: Value
    h: Value
    scope: Scope
    is_first: bool = False

    def gate(self, gate: Gate, weights: Weights) -> Value:
        """Append a gate in a scope of its own: f(x · W + h · U + b)."""
        with self.builder.part(gate.letter, gate.title):
            net = self.net(weights)
            symbol = in_scope(gate.letter, self.scope)
            return self.apply(activation_op(gate.activation), net, key="out", symbol=symbol, purpose=gate.purpose)

    def net(self, weights: Weights) -> Value:
        """Append net = x · W + h · U + b."""
        from_x = self.apply(MatMul(), self.x, weights.w, key="sum_x", role=Role.SUM, purpose=purposes.OF_INPUT)
        from_h = self.of_state(weights)
        both = self.apply(Add(), from_x, from_h, key="sum", role=Role.SUM, purpose=purposes.BOTH)
        return self.apply(AddBias(), both, weights.b, key="net", role=Role.NET, purpose=purposes.BIAS)

    def of_state(self, weights: Weights) -> Value:
        """Append h · U."""
        purpose = purposes.OF_NO_STATE if self.is_first else purposes.OF_STATE
        return self.apply(MatMul(), self.h, weights.u, key="sum_h", role=Role.SUM, purpose=purpose)

    def apply(self, op: Op, *inputs: Value, key: str, **about: Any) -> Value:
        """Append a step whose output has a row for each sample and a column for each unit."""
        return self.builder.apply(op, *inputs, key=key, axes=self.h.axes, **about)


@dataclass(frozen=True)
class Recurrent(Layer, abstract=True):
    """What layers have in common that carry a state from token to token; at most ``LONGEST`` of them.

    The state begins with zeros. Each time step reads one token and the state before, and makes the state after; all
    share the parameters, so their gradients add up over time.
    """

    group = "Rows and sequences"
    remembers: ClassVar[tuple[str, ...]] = ("h",)
    """What is handed from time step to time step; what others see comes first."""

    units: Units
    sequence: bool = False

    def check(self) -> None:
        check_count("unit", self.units)

    @property
    def name(self) -> str:
        return f"{type(self).__name__} {self.units}" + (", every state" if self.sequence else "")

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        if len(x.shape) != 3:
            raise ShapeError(f"expected sequences (samples × tokens × features); got {show_shape(x.shape)}")
        samples, tokens, features = x.shape
        if tokens > LONGEST:
            raise ShapeError(f"expected sequences of at most {LONGEST} tokens, a time step each; got {tokens}")
        parameters = self.declare(builder, features)
        state = self._zeros(builder, samples, x.axis(0))
        states = []
        for t in range(tokens):
            with builder.part(f"t{t + 1}", f"time step {t + 1}") as scope:
                now = builder.apply(Pick(1, t), x, key="x", axes=(x.axis(0), x.axis(2)), purpose=purposes.NOW)
                state = self.step(TimeStep(builder, now, state[0], scope, t == 0), parameters, *state[1:])
                states.append(state[0])
        return self._joined(builder, states, x.axis(1)) if self.sequence else states[-1]

    @abstractmethod
    def declare(self, builder: Builder, features: int) -> Any:
        """Declare the parameters, which all time steps share."""

    @abstractmethod
    def step(self, now: TimeStep, parameters: Any, *memory: Value) -> tuple[Value, ...]:
        """Append one time step and return what is remembered after it."""

    def weights(self, builder: Builder, features: int, gate: Gate | None = None) -> Weights:
        """Declare what a weighted sum needs; the names of a gate's end with its letter."""
        ending, above = (f"_{gate.letter}", f"^{{{gate.letter}}}") if gate else ("", "")
        units = self.units

        def declare(letter: str, rows: int, kind: AxisKind) -> Value:
            about: dict[str, Any] = {"head": f"{letter.upper()}{above}"} if gate else {}
            axes = axes_of(kind, AxisKind.NEURON)
            drawn = Initialiser("glorot", rows, units)
            return builder.parameter(letter + ending, (rows, units), Role.WEIGHT, drawn, axes=axes, **about)

        w, u = declare("w", features, AxisKind.FEATURE), declare("u", units, AxisKind.NEURON)
        return Weights(w, u, self.bias(builder, f"b{ending}", gate.bias if gate else ZEROS, f"b{above}"))

    def bias(self, builder: Builder, name: str, initialiser: Initialiser, head: str) -> Value:
        """Declare a bias."""
        axes = axes_of(AxisKind.ROW, AxisKind.NEURON)
        return builder.parameter(name, (1, self.units), Role.BIAS, initialiser, head=head, axes=axes)

    def _zeros(self, builder: Builder, samples: int, axis: Axis) -> tuple[Value, ...]:
        """Append what is remembered before the first token: nothing."""
        axes = axis, Axis(AxisKind.NEURON)
        zero, shape = builder.constant("zero", 0.0, "0"), (samples, self.units)
        with builder.part("t0", "before the first time step"):
            return tuple(
                builder.apply(Broadcast(shape), zero, key=key, axes=axes, purpose=purposes.NOTHING_YET)
                for key in self.remembers
            )

    def _joined(self, builder: Builder, states: list[Value], tokens: Axis) -> Value:
        """Append the states of all time steps as a sequence, (N, T, units)."""
        whole, *others = states
        axes: Axes = whole.axis(0), Axis(AxisKind.NEURON)
        for state in others:
            whole = builder.apply(Concatenate(1), whole, state, key="joined", axes=axes, purpose=purposes.JOINED)
        shape, axes = Reshape((-1, len(states), self.units)), (whole.axis(0), tokens, Axis(AxisKind.NEURON))
        return builder.apply(shape, whole, key="out", role=Role.OUT, axes=axes, purpose=purposes.SEQUENCE)
