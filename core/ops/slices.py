"""Cut a part out of an array, put it back among zeros, and put two arrays together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops.base import Example, GradientBuilder, Gradients, Indices, Op, Purpose, Step, Terms
from core.ops.parts import AmongZeros, Cut
from core.ops.shape import Moved, only
from core.values import Array, Axes, Axis, Index, Range, Shape, Value


@dataclass(frozen=True)
class Slice(Cut):
    """Cut a run of positions out of one axis.

    b[..., i, ...] = a[..., start + i, ...].

    Shapes: (..., n, ...) gives (..., stop - start, ...).

    Raises
    ------
    ShapeError
        If the axis has no such positions.
    """

    axis: int = 0
    start: int = 0
    stop: int = 1

    title = "Slice"
    says = "A run of positions along one axis; the rest is left out."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),))
        yield Example(cls(1, 1, 3), ((3, 4),))
        yield Example(cls(2, 2, 4), ((2, 1, 4, 3),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        _check_axis(self, self.axis, shapes)
        if not 0 <= self.start < self.stop <= shapes[0][self.axis]:
            raise self.fail(f"positions {self.start} to {self.stop - 1} along axis {self.axis}", *shapes)
        return _resized(shapes[0], self.axis, self.stop - self.start)

    def output_axes(self, *inputs: Value) -> Axes:
        axes = inputs[0].axes
        if not axes:
            return ()
        names = axes[self.axis].all_names
        cut = Axis(axes[self.axis].kind, names[self.start : self.stop] if names else None)
        return (*axes[: self.axis], cut, *axes[self.axis + 1 :])

    def part(self, shape: Shape) -> tuple[slice | int, ...]:
        return _along(self.axis, self.start, self.stop)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        op = Embed(self.axis, self.start, array.shape[self.axis])
        return {array: build.gradient(array, op, delta, purpose=_ONLY_A_PART)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{slice}}_{{{self.start}:{self.stop}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"{names[0]}[{':, ' * self.axis}{self.start}:{self.stop}]"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, _shifted(index, self.axis, self.start), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        inside = self.start <= index[self.axis] < self.stop
        return only(_shifted(index, self.axis, -self.start)) if inside else _nothing(index)


@dataclass(frozen=True)
class Embed(AmongZeros):
    """Put an array among zeros along one axis: the derivative of a slice.

    b[..., start + i, ...] = a[..., i, ...], and 0 elsewhere.

    Shapes: (..., n, ...) gives (..., size, ...).

    Raises
    ------
    ShapeError
        If the array does not fit behind ``start``.
    """

    axis: int = 0
    start: int = 0
    size: int = 1

    title = "Embed in zeros"
    says = "The array in its place along one axis, with 0 everywhere else."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(0, 1, 4), ((2, 3),))
        yield Example(cls(2, 0, 5), ((2, 1, 3),))
        yield Example(cls(1, 0, 4), ((3, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        _check_axis(self, self.axis, shapes)
        if self.start < 0 or self.start + shapes[0][self.axis] > self.size:
            raise self.fail(f"at most {self.size - self.start} positions along axis {self.axis}", *shapes)
        return _resized(shapes[0], self.axis, self.size)

    def part(self, shape: Shape) -> tuple[slice | int, ...]:
        return _along(self.axis, self.start, self.start + shape[self.axis])

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        op = Slice(self.axis, self.start, self.start + array.shape[self.axis])
        return {array: build.gradient(array, op, delta)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{embed}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"embed({names[0]}, axis={self.axis}, start={self.start}, size={self.size})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        (array,) = arrays
        if not 0 <= index[self.axis] - self.start < array.shape[self.axis]:
            return Terms(index, (), np.empty(0))
        return self.moved(index, 0, _shifted(index, self.axis, -self.start), array)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(_shifted(index, self.axis, self.start))


@dataclass(frozen=True)
class Concatenate(Moved):
    """Put two arrays one behind the other along an axis.

    c[..., i, ...] = a[..., i, ...] for i < n, and b[..., i - n, ...] from n on.

    Shapes: (..., n, ...) and (..., m, ...) give (..., n + m, ...).

    Raises
    ------
    ShapeError
        If the arrays differ along another axis.
    """

    axis: int = 0

    title = "Concatenation"
    says = "First {a}, then {b}: joined along one axis."
    why = "Two values go on as one."
    look = "No number changes: the border between {a} and {b} is still to be seen."
    arity = 2

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (2, 4)))
        yield Example(cls(1), ((2, 1, 3), (2, 2, 3)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        _check_axis(self, self.axis, shapes)
        a, b = shapes
        if len(a) != len(b) or _resized(a, self.axis, 1) != _resized(b, self.axis, 1):
            raise self.fail(f"arrays that differ along axis {self.axis} only", a, b)
        return _resized(a, self.axis, a[self.axis] + b[self.axis])

    def output_axes(self, *inputs: Value) -> Axes:
        axes = inputs[0].axes
        joined = (Axis(axes[self.axis].kind),) if axes else ()
        return (*axes[: self.axis], *joined, *axes[self.axis + 1 :])

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.concatenate(arrays, axis=self.axis, out=out)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        assert delta is not None
        first, second = step.inputs
        border, end = first.shape[self.axis], delta.shape[self.axis]
        runs = (first, 0, border), (second, border, end)
        return {
            value: build.gradient(value, Slice(self.axis, start, stop), delta)
            for value, start, stop in runs
            if build.wants(value)
        }

    def equation(self, *symbols: str) -> str:
        return rf"\left[{symbols[0]}, {symbols[1]}\right]"

    def source(self, *names: str) -> str:
        return f"np.concatenate([{names[0]}, {names[1]}], axis={self.axis})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        border = arrays[0].shape[self.axis]
        if index[self.axis] < border:
            return self.moved(index, 0, index, arrays[0])
        return self.moved(index, 1, _shifted(index, self.axis, -border), arrays[1])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(_shifted(index, self.axis, i * shapes[0][self.axis]))

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0] if ranges[0] == ranges[1] else max(ranges, key=list(Range)[::-1].index)


def _shifted(index: Index, axis: int, by: int) -> Index:
    return (*index[:axis], index[axis] + by, *index[axis + 1 :])


def _resized(shape: Shape, axis: int, size: int) -> Shape:
    return (*shape[:axis], size, *shape[axis + 1 :])


def _along(axis: int, start: int, stop: int) -> tuple[slice, ...]:
    return (*(slice(None),) * axis, slice(start, stop))


def _nothing(index: Index) -> Indices:
    return np.empty((0, len(index)), np.intp)


def _check_axis(op: Op, axis: int, shapes: tuple[Shape, ...]) -> None:
    if not all(0 <= axis < len(shape) for shape in shapes):
        raise op.fail(f"an axis {axis}", *shapes)


_ONLY_A_PART = Purpose(
    "Only a part went on, so only that part gets a gradient; the rest gets 0.",
    why="What was left out reached nothing after it, so it has no gradient; what was kept has the "
    "gradient of its copy.",
    look="Nearly everything in {c} may be 0: only the part that went on learns from here.",
)
