"""Write a training iteration down as a flat list of steps on named values, each value written once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.ops.base import Op, ShapeError
from core.ops.base import Step as Step
from core.values import Phase, Range, Role, Shape, Value


@dataclass(frozen=True)
class LayerInfo:
    """What a person is told of a layer: its number, name (``dense 32, ReLU``) and the keys of its values."""

    number: int
    name: str


@dataclass(frozen=True)
class Program:
    """A flat list of steps. Made only by a Builder, which checks every shape.

    Parameters
    ----------
    steps : tuple of Step
        In the order of execution; step k has number k.
    inputs : tuple of Value
        What must be given from outside: data and parameters.
    constants : mapping of Value to float
        Scalars that are part of the program: 1/N, the learning rate.
    updates : mapping of str to str
        For each trained parameter, the key of its updated value; that value is the parameter of the next iteration.
    layers : tuple of LayerInfo
        The layers, in order.
    output, loss : str or None
        The keys of the network's output and of the loss.
    """

    steps: tuple[Step, ...]
    inputs: tuple[Value, ...]
    constants: Mapping[Value, float]
    updates: Mapping[str, str]
    layers: tuple[LayerInfo, ...]
    output: str | None
    loss: str | None

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """Every value, by key."""
        made = (step.output for step in self.steps)
        return {value.key: value for value in (*self.inputs, *self.constants, *made)}

    @cached_property
    def producers(self) -> Mapping[str, Step]:
        """The step that makes each value; inputs and constants have none."""
        return {step.output.key: step for step in self.steps}

    @cached_property
    def consumers(self) -> Mapping[str, tuple[Step, ...]]:
        """The steps that read each value."""
        readers: dict[str, tuple[Step, ...]] = dict.fromkeys(self.values, ())
        for step in self.steps:
            for key in {value.key for value in step.inputs}:
                readers[key] += (step,)
        return readers

    @cached_property
    def parameters(self) -> tuple[Value, ...]:
        """The weights and biases, trained or frozen."""
        return tuple(value for value in self.inputs if value.role in (Role.WEIGHT, Role.BIAS))


@dataclass
class Builder:
    """Build a program step by step; every shape is checked as it is added.

    Parameters
    ----------
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian.
    """

    through_jacobian: bool = False
    phase: Phase = Phase.FORWARD
    steps: list[Step] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    inputs: list[Value] = field(default_factory=list)
    constants: dict[Value, float] = field(default_factory=dict)
    layers: list[LayerInfo] = field(default_factory=list)

    def input(self, key: str, shape: Shape, role: Role, **about: Any) -> Value:
        """Declare a value that comes from outside: data or a parameter.

        Raises
        ------
        ShapeError
            If a size is not positive, or the key is taken.
        """
        if any(size < 1 for size in shape):
            raise ShapeError(f"{key}: expected sizes of at least 1; got {shape}")
        value = self._declare(Value(key, tuple(shape), role, **about))
        self.inputs.append(value)
        return value

    def constant(self, key: str, number: float, symbol: str) -> Value:
        """Return a scalar constant; the same key again returns the same value.

        Raises
        ------
        ValueError
            If the key stands for another number already.
        """
        if key in self.values:
            known = self.values[key]
            if self.constants.get(known) != number:
                raise ValueError(f"{key}: expected {self.constants.get(known, 'an array')}, as before; got {number}")
            return known
        span = Range.SIGNED if number < 0 else Range.NON_NEGATIVE
        value = self._declare(Value(key, (), Role.CONSTANT, symbol=symbol, range=span))
        self.constants[value] = number
        return value

    def apply(self, op: Op, *inputs: Value, key: str, role: Role = Role.INTERMEDIATE, **about: Any) -> Value:
        """Append a step and return its output.

        Raises
        ------
        ShapeError
            If the shapes do not fit the operation.
        """
        shape = op.output_shape(*(value.shape for value in inputs))
        about.setdefault("range", op.output_range(*(value.range for value in inputs)))
        output = self._declare(Value(key, shape, role, **about))
        self.steps.append(Step(len(self.steps), op, inputs, output, self.phase))
        return output

    @contextmanager
    def layer(self, name: str) -> Iterator[int]:
        """Open the next layer; a ShapeError inside names it."""
        number = len(self.layers) + 1
        self.layers.append(LayerInfo(number, name))
        try:
            yield number
        except ShapeError as error:
            raise ShapeError(f"Layer {number} ({name}): {error}") from None

    def producer(self, value: Value) -> Step | None:
        """Return the step that made a value, or ``None`` for an input."""
        return next((step for step in self.steps if step.output == value), None)

    def build(
        self, *, updates: Mapping[str, str] | None = None, output: str | None = None, loss: str | None = None
    ) -> Program:
        """Return the finished program."""
        return Program(
            tuple(self.steps),
            tuple(self.inputs),
            dict(self.constants),
            dict(updates or {}),
            tuple(self.layers),
            output,
            loss,
        )

    def free_key(self, key: str) -> str:
        """Return the key, or the key with a number where it is taken."""
        taken = (f"{key}_{number}" for number in range(2, len(self.values) + 3))
        return key if key not in self.values else next(name for name in taken if name not in self.values)

    def _declare(self, value: Value) -> Value:
        if value.key in self.values:
            raise ShapeError(f"{value.key}: expected a new name; it is written already, and a value is written once")
        self.values[value.key] = value
        return value
