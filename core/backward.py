"""Differentiate a program in reverse: the backward pass is more steps of the same kind."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from core.builder import Builder
from core.ops.base import NO_PURPOSE, Link, Op, Purpose
from core.ops.elementwise import Add
from core.ops.sums import Broadcast
from core.program import Step
from core.values import TOP, Axes, Axis, Phase, Range, Role, Shape, Value


def gradient_key(value: Value) -> str:
    """Return the name of the gradient of a value: ``delta_l`` for net_l, else ``grad_`` and the value's name."""
    return value.scope.key("delta", value.copy) if value.role is Role.NET else f"grad_{value.key}"


_Place = tuple[tuple[str, str], ...]
"""The names of scopes within each other, each with what formulas write for it."""

SEVERAL_PATHS = Purpose(
    "Gradients that arrive on several paths add up.",
    why="What several steps read reaches the loss on several paths; the chain rule has one product for "
    "each, and adds them: {c} = {a} + {b}.",
    look="Where {a} and {b} have opposite signs the paths disagree, and little is left.",
)

SHARED = Purpose(
    "The parameter served in several places: {b} joins {a}.",
    why="A change of the parameter is felt wherever it serves, so its gradient is the sum over all places; where a "
    "layer is unrolled, over all time steps. They were found on the way back, the last place first, and add up when "
    "the way back has met the first one. What stands above the bracket names the places that are in.",
    look="Where {a} and {b} have opposite signs the places disagree, and little is left.",
)


_ALL_ALIKE = Purpose(
    "Every cell has the same gradient: {a}.",
    why="{a} is one number that stands for the gradient of every cell; what follows needs the whole map.",
    look="All cells of {c} are equal.",
)


def differentiate(
    builder: Builder, loss: Value, wanted: Collection[Value], seed: Value | None = None
) -> dict[Value, Value]:
    """Append the steps that compute dL/dv for every wanted value v.

    Steps that no wanted value needs are not appended: nobody asks for dL/dx while training.

    Parameters
    ----------
    builder : Builder
        The program so far; its steps are walked from the last to the first.
    loss : Value
        What is differentiated; a scalar unless ``seed`` is given.
    wanted : collection of Value
        What it is differentiated with respect to.
    seed : Value or None
        dL/d(loss), of the shape of ``loss``; ``None`` is 1.

    Returns
    -------
    dict of Value to Value
        The gradient of each wanted value that the loss depends on.

    Raises
    ------
    ValueError
        If the loss is not a scalar and there is no seed.
    NotImplementedError
        If an operation on the way has no derivative.

    References
    ----------
    A. Griewank and A. Walther, "Evaluating Derivatives" (2008), chapter 3: reverse mode.
    """
    if loss.shape != () and seed is None:
        raise ValueError(f"expected a scalar to differentiate; {loss.key} has shape {loss.shape}; give a seed")
    return _Reverse(builder, loss, wanted).run(seed)


_HEADS = {
    "repeated": r"\delta^{\mathrm{each}}",
    "added_up": r"\delta^{\mathrm{sum}}",
    "share": r"\delta^{\mathrm{share}}",
    "kept": r"\delta^{\mathrm{kept}}",
    "quotient": r"q^{\mathrm{slope}}",
    "quotient_delta": r"\delta^{\mathrm{slope}}",
    "square_delta": r"\delta^{\mathrm{sq}}",
    "sqrt_delta": r"\delta^{\mathrm{root}}",
    "power_slope": r"p^{\mathrm{slope}}",
    "power_delta": r"\delta^{\mathrm{power}}",
}
"""What stands for the names of what is on its way to a gradient; below it stands what that is the gradient of."""


class _Reverse:
    """What operations are given while the program is walked backwards (see ``GradientBuilder``)."""

    def __init__(self, builder: Builder, loss: Value, wanted: Collection[Value]) -> None:
        self._builder = builder
        self._loss = loss
        self._wanted = set(wanted)
        self._forward = tuple(builder.steps)
        self._useful = self._depends_on_wanted()
        self._readers: dict[Value, list[Step]] = defaultdict(list)
        for step in self._forward:
            for value in step.inputs if step.output in self._useful else ():
                self._readers[value].append(step)
        self._parts: dict[Value, list[Value]] = defaultdict(list)
        self._aliases: dict[Value, Value] = {}
        self._named: Counter[tuple[str, Value]] = Counter()
        self._visited: tuple[Step, Value | None] | None = None
        self.through_jacobian = builder.through_jacobian

    def run(self, seed: Value | None) -> dict[Value, Value]:
        self._builder.phase = Phase.BACKWARD
        totals: dict[Value, Value | None] = {self._loss: seed}
        for step in reversed(self._forward):
            if step.output not in self._useful:
                continue
            if step.output != self._loss:
                if step.output not in self._parts:
                    continue
                totals[step.output] = self._total(step.output)
            elif seed is None and not step.op.accepts_uniform:
                totals[step.output] = self.constant("one", 1.0, "1")
            self._visit(step, totals[step.output])
        found = [value for value in self._wanted_in_order() if value in self._parts]
        return {value: self._spread(value, self._total(value)) for value in found}

    def wants(self, value: Value) -> bool:
        return self._real(value) in self._useful

    def gradient(self, of: Value, op: Op, *inputs: Value, purpose: Purpose = NO_PURPOSE) -> Value:
        of = self._real(of)
        part = len(self._parts[of]) + 1 if len(self._readers[of]) > 1 else 0
        place = self._place(of) if part else ()
        names = tuple(name for name, _ in place) or ("part", str(part))
        places = (tuple(mark for _, mark in place),) if place else ()
        real = tuple(map(self._real, inputs))
        return self._append(of, "_".join(("", *names)) if part else "", op, real, purpose, part=part, places=places)

    def intermediate(
        self,
        name: str,
        op: Op,
        *inputs: Value,
        about: Value,
        role: Role = Role.INTERMEDIATE,
        purpose: Purpose = NO_PURPOSE,
    ) -> Value:
        about, real = self._real(about), tuple(map(self._real, inputs))
        described: dict[str, Any] = {"role": role, "scope": about.scope}
        if axes := _kept(about, op.output_shape(*(value.shape for value in real))):
            described["axes"] = axes
        if role is Role.DERIVATIVE:
            described["subject"] = about.key
        elif name in _HEADS:
            described |= {"subject": about.key, "head": self._head(name, about)}
        key = name if about.scope != TOP else self._builder.free_key(f"{name}_{about.key}")
        return self._builder.apply(op, *real, key=key, purpose=purpose, link=self._link(about), **described)

    def _head(self, name: str, about: Value) -> str:
        """Return the TeX of what is on its way to a gradient; the second of its name tells that it is."""
        self._named[name, about] += 1
        head, count = _HEADS[name], self._named[name, about]
        return head if count < 2 else f"{head[:-2]}{count}}}}}"

    def constant(self, key: str, number: float, symbol: str) -> Value:
        return self._builder.constant(key, number, symbol)

    def producer(self, value: Value) -> Step | None:
        return self._builder.producer(value) if len(self._readers[value]) == 1 else None

    def _visit(self, step: Step, delta: Value | None) -> None:
        if delta is not None and not step.op.accepts_uniform:
            delta = self._spread(step.output, delta)
        for value in (step.inputs[i] for i in step.op.constant_inputs):
            if value in self._useful:
                raise NotImplementedError(f"{step.op.title} has no derivative with respect to {value.key}")
        step = self._distinct(step)
        self._visited = step, delta
        for value, gradient in step.op.gradients(step, delta, self).items():
            self._parts[self._real(value)].append(gradient)
        self._visited = None

    def _link(self, of: Value) -> Link | None:
        """Return which part of the chain rule a step carries out that is appended while a step is visited."""
        if self._visited is None:
            return None
        step, delta = self._visited
        return Link(step.number, of, delta)

    def _distinct(self, step: Step) -> Step:
        """Return the step with another name for an input that it reads twice: ``gradients`` returns one for each."""
        inputs: list[Value] = []
        for value in step.inputs:
            alias = value
            while alias in inputs:
                alias = replace(alias, key=f"{alias.key}_again")
                self._aliases[alias] = value
            inputs.append(alias)
        return replace(step, inputs=tuple(inputs))

    def _real(self, value: Value) -> Value:
        return self._aliases.get(value, value)

    def _spread(self, value: Value, gradient: Value) -> Value:
        """Return the gradient of a value in its full shape, where a scalar stands for all cells."""
        if gradient.shape == value.shape:
            return gradient
        return self.gradient(value, Broadcast(value.shape), gradient, purpose=_ALL_ALIKE)

    def _total(self, value: Value) -> Value:
        """Add up the gradients that meet in a value."""
        parts = self._parts[value]
        number = len(parts)
        while len(parts) > 1:
            first, second, *rest = parts
            number += 1  # a sum of some of the parts is one more part
            ending, part = ("_sum", number) if rest else ("", 0)
            purpose = SHARED if value.role in (Role.WEIGHT, Role.BIAS) else SEVERAL_PATHS
            places = _from(first) + _from(second) if rest else ()
            parts = [self._append(value, ending, Add(), (first, second), purpose, part, places), *rest]
        self._parts[value] = parts
        return parts[0]

    def _place(self, of: Value) -> _Place:
        """Return the scope from which the gradient comes that is being made; nothing where scopes do not tell."""
        if self._visited is None:
            return ()
        places = _places(_place_of(of), [_place_of(step.output) for step in self._readers[of]])
        numbers = [step.number for step in self._readers[of]]
        return places[numbers.index(self._visited[0].number)] if places else ()

    def _append(
        self,
        of: Value,
        ending: str,
        op: Op,
        inputs: tuple[Value, ...],
        purpose: Purpose = NO_PURPOSE,
        part: int = 0,
        places: tuple[tuple[str, ...], ...] = (),
    ) -> Value:
        """Append a step that makes the gradient of a value, or a part of it; its name and role come from the value."""
        key = self._builder.free_key(f"{gradient_key(of)}{ending}")
        role = Role.DELTA if of.role is Role.NET else Role.GRADIENT
        about: dict[str, Any] = {"subject": of.key, "part": part, "places": places, "range": Range.SIGNED}
        about["axes"] = of.axes
        link = self._link(of)
        return self._builder.append(op, inputs, key, purpose=purpose, link=link, role=role, scope=of.scope, **about)

    def _depends_on_wanted(self) -> set[Value]:
        useful = set(self._wanted)
        for step in self._forward:
            if useful.intersection(step.inputs):
                useful.add(step.output)
        return useful

    def _wanted_in_order(self) -> list[Value]:
        return [value for value in self._builder.values.values() if value in self._wanted]


def _from(part: Value) -> tuple[tuple[str, ...], ...]:
    """Return the places that a part of a gradient comes from; its number where no places are known."""
    return part.places or ((str(part.part),),)


def _kept(value: Value, shape: Shape) -> Axes:
    """Return the axes of a value, of which a shape may leave some with one position, without a name; nothing of others.

    Parameters
    ----------
    value : Value
        What has the axes.
    shape : tuple of int
        That of what is asked for.
    """
    if not len(shape) == len(value.shape) == len(value.axes):
        return ()
    sizes = tuple(zip(value.axes, value.shape, shape, strict=True))
    if any(kept not in (1, size) for _, size, kept in sizes):
        return ()
    return tuple(axis if size == kept else Axis(axis.kind) for axis, size, kept in sizes)


def _place_of(value: Value) -> _Place:
    return tuple(zip(value.scope.path, value.scope.written, strict=True))


def _places(own: _Place, readers: Sequence[_Place]) -> list[_Place]:
    """Return the scopes that read a value, seen from its own; nothing where they do not tell the readers apart.

    What all have in common at one of their ends is left out.
    """
    seen = [place[_shared(place, own) :] or own[-1:] for place in readers]
    for end, rest in ((-1, slice(None, -1)), (0, slice(1, None))):
        while all(len(place) > 1 for place in seen) and len({place[end] for place in seen}) == 1:
            seen = [place[rest] for place in seen]
    return seen if all(seen) and len(set(seen)) == len(seen) else []


def _shared(path: _Place, own: _Place) -> int:
    """Return how many scopes two paths begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, own, strict=False)))
