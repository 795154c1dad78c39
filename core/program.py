"""Write a training iteration down as a flat list of steps on named values, each value written once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from core.initialisers import Initialiser
from core.ops.base import Step as Step
from core.spans import Chain, Span, chains_of, spans_of
from core.values import Array, Index, Role, Scope, Value


@dataclass(frozen=True)
class Program:
    """A flat list of steps. Made only by a Builder, which checks every shape.

    Parameters
    ----------
    steps : tuple of Step
        In the order of execution; step k has number k.
    inputs : tuple of Value
        What must be given from outside: data, hyper-parameters, and the state.
    constants : mapping of Value to float
        Scalars that are part of the program: 1/N.
    state : mapping of str to str
        For each value that an iteration hands to the next, parameters and the state of the optimizer, the key of its
        next value. What is frozen is its own next value.
    gradients : mapping of str to str
        For each trained parameter the key of its gradient.
    hyperparameters : mapping of str to float
        For each scalar input that a person sets, such as the learning rate, the number that it has unless another is
        given.
    initialisers : mapping of str to Initialiser
        How each value of the state begins.
    frozen : frozenset of str
        The parameters that were declared as not to be trained.
    scopes : tuple of Scope
        The layers and what is inside them, in the order in which they were opened.
    output, loss : str or None
        The keys of the network's output and of the loss.
    """

    steps: tuple[Step, ...]
    inputs: tuple[Value, ...]
    constants: Mapping[Value, float]
    state: Mapping[str, str]
    gradients: Mapping[str, str]
    hyperparameters: Mapping[str, float]
    initialisers: Mapping[str, Initialiser]
    frozen: frozenset[str]
    scopes: tuple[Scope, ...]
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
        readers: dict[str, list[Step]] = {key: [] for key in self.values}
        for step in self.steps:
            for key in {value.key for value in step.inputs}:
                readers[key].append(step)
        return {key: tuple(steps) for key, steps in readers.items()}

    def has(self, key: str, index: Index | None = None) -> bool:
        """Tell whether there is a value of that name and, where a cell is asked for, whether it has that cell."""
        value = self.values.get(key)
        if value is None or index is None:
            return value is not None
        return len(index) == len(value.shape) and all(0 <= i < n for i, n in zip(index, value.shape, strict=True))

    def step_of(self, key: str) -> Step | None:
        """Return the step at which a value is looked at: the one that makes it, or else the first that reads it."""
        producer = self.producers.get(key)
        return producer or next(iter(self.consumers.get(key, ())), None)

    @cached_property
    def derivatives(self) -> Mapping[int, tuple[Step, ...]]:
        """The steps of the backward pass that make the gradients of what a step reads, by its number."""
        found: dict[int, list[Step]] = {}
        for step in self.steps:
            if step.link is not None and step.output.role in (Role.GRADIENT, Role.DELTA):
                found.setdefault(step.link.step, []).append(step)
        return {number: tuple(steps) for number, steps in found.items()}

    @cached_property
    def parameters(self) -> tuple[Value, ...]:
        """The weights and biases, trained or frozen."""
        return tuple(value for value in self.inputs if value.role in (Role.WEIGHT, Role.BIAS))

    @cached_property
    def learnt(self) -> tuple[Value, ...]:
        """What a network has learnt: its weights and biases, and what its layers remember."""
        return tuple(value for value in self.inputs if value.role in (Role.WEIGHT, Role.BIAS, Role.RUNNING))

    @cached_property
    def updates(self) -> Mapping[str, str]:
        """The part of the state that an iteration changes, each with the key of its next value."""
        return {key: following for key, following in self.state.items() if following != key}

    @cached_property
    def data(self) -> tuple[Value, ...]:
        """What each iteration is given anew: samples and targets."""
        given = self.state.keys() | self.hyperparameters.keys()
        return tuple(value for value in self.inputs if value.key not in given)

    @cached_property
    def by_layer(self) -> Mapping[int | None, tuple[Value, ...]]:
        """The values of each layer, by its number; ``None`` holds those of no layer."""
        found: dict[int | None, list[Value]] = {}
        for value in self.values.values():
            found.setdefault(value.layer, []).append(value)
        return {number: tuple(values) for number, values in found.items()}

    @cached_property
    def layers(self) -> tuple[Scope, ...]:
        """The layers, in order: the outermost scopes."""
        seen: dict[int | None, Scope] = {}
        for scope in self.scopes:
            seen.setdefault(scope.number, scope)
        return tuple(seen.values())

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The steps of layers and of their parts that stand side by side, an outer span before those inside it."""
        return spans_of(self.steps, self.chains)

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The layers and parts that each step belongs to, the outermost first."""
        return chains_of(self.steps, self.scopes)

    def gradient_of(self, value: Value) -> Value | None:
        """Return the gradient of a value, all of its parts added up; ``None`` where nobody computes it."""
        return self._gradients_of.get(value.key)

    @cached_property
    def _gradients_of(self) -> Mapping[str, Value]:
        made = (step.output for step in self.steps)
        return {value.subject: value for value in made if value.subject and value.role in (Role.GRADIENT, Role.DELTA)}

    def nbytes(self, dtype: str) -> int:
        """Return the memory that all values of an iteration take together."""
        return sum(_nbytes(value, dtype) for value in self.values.values())

    def nbytes_of_parameters(self, dtype: str) -> int:
        """Return the memory of what is as large in every batch: parameters, what becomes of them, and scalars."""
        shapes = {value.shape for value in self.parameters}
        alike = (value for value in self.values.values() if value.shape in shapes or prod(value.shape) == 1)
        return sum(_nbytes(value, dtype) for value in alike)

    def initial(self, seed: int, dtype: str = "float32") -> Mapping[str, Array]:
        """Return how the state begins; the same seed gives the same numbers, whatever the dtype."""
        generator = np.random.default_rng(seed)
        return {
            key: initialiser.draw(self.values[key].shape, generator).astype(dtype)
            for key, initialiser in self.initialisers.items()
        }


def _nbytes(value: Value, dtype: str) -> int:
    return prod(value.shape) * np.dtype(value.dtype or dtype).itemsize
