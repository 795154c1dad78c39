"""Build a program step by step: every shape is checked, and every name is new."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from core.initialisers import Initialiser
from core.ops.base import NO_PURPOSE, Link, Op, Purpose, ShapeError
from core.program import Program, Step
from core.values import TOP, DuplicateNameError, Phase, Range, Role, Scope, Shape, Value

MOST_STEPS = 10_000
"""More steps than that nobody goes through, and they take many seconds to be laid out."""


@dataclass
class Builder:
    """Build a program step by step; every shape is checked as it is added.

    Parameters
    ----------
    through_jacobian : bool
        Differentiate softmax the long way, through its Jacobian.
    training : bool
        Whether layers behave as they do while a network learns: dropout drops, batch normalisation takes the mean of
        the batch and remembers it. Else they behave as they do when it has learnt.
    """

    through_jacobian: bool = False
    training: bool = True
    phase: Phase = Phase.FORWARD
    steps: list[Step] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    inputs: list[Value] = field(default_factory=list)
    constants: dict[Value, float] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    gradients: dict[str, str] = field(default_factory=dict)
    hyperparameters: dict[str, float] = field(default_factory=dict)
    initialisers: dict[str, Initialiser] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)
    scopes: list[Scope] = field(default_factory=list)
    scope: Scope = TOP
    _later: list[Callable[[], None]] = field(default_factory=list)
    _producers: dict[str, Step] = field(default_factory=dict)

    def input(self, key: str, shape: Shape, role: Role, **about: Any) -> Value:
        """Declare a value that comes from outside: data, or a parameter whose numbers the caller keeps.

        Raises
        ------
        ShapeError
            If a size is not positive.
        DuplicateNameError
            If the name is taken.
        """
        if any(size < 1 for size in shape):
            raise ShapeError(f"{key}: expected sizes of at least 1; got {shape}")
        value = self._declare(Value(key, tuple(shape), role, **about))
        self.inputs.append(value)
        if role in (Role.WEIGHT, Role.BIAS):
            self.state[key] = key
        return value

    def parameter(
        self, name: str, shape: Shape, role: Role, initialiser: Initialiser, *, frozen: bool = False, **about: Any
    ) -> Value:
        """Declare a parameter of the scope that is open, and how it begins.

        Parameters
        ----------
        name : str
            What it is called in its scope: ``w``.
        shape : tuple of int
            Its shape.
        role : Role
            ``WEIGHT`` or ``BIAS``.
        initialiser : Initialiser
            How its first numbers are drawn.
        frozen : bool
            Whether it is not trained.
        **about
            More fields of its value: ``axes``, ``symbol``.

        Raises
        ------
        ShapeError
            If a size is not positive.
        DuplicateNameError
            If the scope has a value of that name.
        """
        key = self.scope.key(name)
        value = self.input(key, shape, role, scope=self.scope, name=name, **about)
        self.initialisers[key] = initialiser
        if frozen:
            self.frozen.add(key)
        return value

    def state_of(self, value: Value, name: str, initialiser: Initialiser, head: str) -> Value:
        """Declare a value of a parameter's shape that an iteration hands to the next: what an optimizer remembers."""
        about: dict[str, Any] = {"scope": value.scope, "axes": value.axes, "subject": value.key, "head": head}
        return self._remember(self.free_key(f"{name}_{value.key}"), value.shape, initialiser, name=name, **about)

    def shared_state(self, name: str, initialiser: Initialiser, symbol: str, role: Role = Role.STATE) -> Value:
        """Return a scalar that an iteration hands to the next; the same name again returns the same value."""
        if name in self.values:
            return self.values[name]
        return self._remember(name, (), initialiser, symbol=symbol, role=role)

    def running_state(self, name: str, shape: Shape, initialiser: Initialiser, **about: Any) -> Value:
        """Declare a value of the scope that is open which an iteration hands to the next: what a layer remembers."""
        about = {"role": Role.RUNNING, "scope": self.scope, "name": name, **about}
        return self._remember(self.scope.key(name), shape, initialiser, **about)

    def later(self, append: Callable[[], None]) -> None:
        """Have steps appended where the update begins: those by which a layer remembers."""
        self._later.append(append)

    def begin_update(self) -> None:
        """Begin the phase of the update, with what the layers remember."""
        self.phase = Phase.UPDATE
        for append in self._later:
            append()

    def hand_on(self, value: Value, following: Value) -> None:
        """Say what the next iteration finds in place of a value of the state."""
        self.state[value.key] = following.key

    def hyperparameter(self, key: str, number: float, symbol: str) -> Value:
        """Return a scalar input that a person sets; the same key again returns the same value.

        Raises
        ------
        ValueError
            If the key stands for another number already.
        """
        if key in self.hyperparameters:
            if self.hyperparameters[key] != number:
                raise ValueError(f"{key}: expected {self.hyperparameters[key]}, as before; got {number}")
            return self.values[key]
        value = self.input(key, (), Role.HYPERPARAMETER, symbol=symbol, range=_range_of(number))
        self.hyperparameters[key] = number
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
        value = self._declare(Value(key, (), Role.CONSTANT, symbol=symbol, range=_range_of(number)))
        self.constants[value] = number
        return value

    def apply(
        self,
        op: Op,
        *inputs: Value,
        key: str,
        role: Role = Role.INTERMEDIATE,
        purpose: Purpose = NO_PURPOSE,
        **about: Any,
    ) -> Value:
        """Append a step and return its output.

        Parameters
        ----------
        op : Op
            What is done.
        *inputs : Value
            What it reads.
        key : str
            What its output is called in the scope that is open; in a layer a name that is taken gets a number.
        role : Role
            The part that the output plays.
        purpose : Purpose
            What the step is for where it stands.
        **about
            More fields of the output: ``axes``, ``symbol``, ``subject``.

        Raises
        ------
        ShapeError
            If the shapes do not fit the operation, or there are too many steps.
        DuplicateNameError
            If the name is taken, outside of all layers.
        """
        scope = about.setdefault("scope", self.scope)
        copy = 1 if scope == TOP else self._copies(scope, key)
        whole = scope.key(key, copy)
        return self.append(op, inputs, whole, role=role, purpose=purpose, name=key, copy=copy, **about)

    def append(
        self,
        op: Op,
        inputs: tuple[Value, ...],
        key: str,
        *,
        purpose: Purpose = NO_PURPOSE,
        link: Link | None = None,
        **about: Any,
    ) -> Value:
        """Append a step whose output has a key of its own, whatever scope is open; see ``apply``.

        A node may be called ``new_hidden``, so a key in a layer that is taken gets a number. ``link`` says which part
        of the chain rule the step carries out.

        Raises
        ------
        ShapeError
            If the shapes do not fit the operation, or there are more steps than ``MOST_STEPS``.
        """
        if len(self.steps) >= MOST_STEPS:
            raise ShapeError(
                f"expected an iteration of at most {MOST_STEPS:,} steps; got more: take fewer layers or time steps"
            )
        shape = op.output_shape(*(value.shape for value in inputs))
        about.setdefault("range", op.output_range(*(value.range for value in inputs)))
        about.setdefault("axes", op.output_axes(*inputs))
        inside = about.get("scope", TOP) != TOP
        output = self._declare(Value(self.free_key(key) if inside else key, shape, **about))
        step = Step(len(self.steps), op, inputs, output, self.phase, purpose, link)
        self.steps.append(step)
        self._producers[output.key] = step
        return output

    @contextmanager
    def layer(self, name: str, node: str | None = None) -> Iterator[int]:
        """Open the next layer; an error inside names it.

        Parameters
        ----------
        name : str
            What a person is told of it: ``dense 32, ReLU``.
        node : str or None
            What the values in it begin with; ``None`` ends their names with the number of the layer instead.
        """
        number = 1 + max((scope.number or 0 for scope in self.scopes), default=0)
        title = name if node is None else f"{node}: {name}"
        scope = Scope(() if node is None else (node,), number, title, node is None)
        with self._open(scope, f"Layer {number} ({title})"):
            yield number

    @contextmanager
    def part(self, path: str, name: str, mark: str | None = None) -> Iterator[Scope]:
        """Open a scope inside the one that is open, with a mark for formulas; an error inside names it."""
        scope = self.scope.inside(path, name, mark)
        with self._open(scope, f"{path} ({name})"):
            yield scope

    @contextmanager
    def _open(self, scope: Scope, called: str) -> Iterator[None]:
        self.scopes.append(scope)
        before, self.scope = self.scope, scope
        try:
            yield
        except (ShapeError, DuplicateNameError) as error:
            raise type(error)(f"{called}: {error}") from None
        finally:
            self.scope = before

    def producer(self, value: Value) -> Step | None:
        """Return the step that made a value, or ``None`` for an input."""
        return self._producers.get(value.key)

    def build(
        self,
        *,
        updates: Mapping[str, str] | None = None,
        output: str | None = None,
        loss: str | None = None,
    ) -> Program:
        """Return the finished program.

        Parameters
        ----------
        updates : mapping of str to str or None
            More of the state: for each key the key of its next value.
        output, loss : str or None
            The keys of the network's output and of the loss.
        """
        return Program(
            tuple(self.steps),
            tuple(self.inputs),
            dict(self.constants),
            {**self.state, **(updates or {})},
            dict(self.gradients),
            dict(self.hyperparameters),
            dict(self.initialisers),
            frozenset(self.frozen),
            tuple(self.scopes),
            output,
            loss,
        )

    def free_key(self, key: str) -> str:
        """Return the key, or the key with a number where it is taken."""
        taken = (f"{key}_{number}" for number in range(2, len(self.values) + 3))
        return key if key not in self.values else next(name for name in taken if name not in self.values)

    def _copies(self, scope: Scope, name: str) -> int:
        """Return the number of the next value of a name in a scope."""
        copy = 1
        while scope.key(name, copy) in self.values:
            copy += 1
        return copy

    def _remember(self, key: str, shape: Shape, initialiser: Initialiser, **about: Any) -> Value:
        value = self.input(key, shape, about.pop("role", Role.STATE), **about)
        self.initialisers[key] = initialiser
        self.state[key] = key
        return value

    def _declare(self, value: Value) -> Value:
        if iskeyword(value.key):
            raise ValueError(f"{value.key}: expected a name that can stand in code; this is a word of Python")
        if value.key in self.values:
            raise DuplicateNameError(
                f"{value.key}: expected a new name; it is written already, and a value is written once"
            )
        self.values[value.key] = value
        return value


def _range_of(number: float) -> Range:
    return Range.SIGNED if number < 0 else Range.NON_NEGATIVE
