"""Pick one position of an axis, such as a single token of a sequence, and put it back among zeros."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops.base import Example, GradientBuilder, Gradients, Indices, Purpose, Step, Terms
from core.ops.parts import AmongZeros, Cut
from core.ops.shape import only
from core.values import Array, Axes, Index, Shape, Value


@dataclass(frozen=True)
class Pick(Cut):
    """Pick one position of an axis, which goes.

    b[i, ..., j, ...] = a[i, ..., position, j, ...]. A formula counts positions from 1, as a person counts tokens.

    Derivative: dL/da is dL/db at that position, and 0 elsewhere.

    Shapes: (..., n, ...) gives the same without the axis.

    Raises
    ------
    ShapeError
        If the axis has no such position.
    """

    axis: int = 1
    position: int = 0

    title = "Pick"
    says = "What stands at one position of an axis; the rest is left out."
    why = "Only what stands at one position is needed from here on."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),))
        yield Example(cls(1, 2), ((2, 3, 4),))
        yield Example(cls(0, 1), ((2, 1, 4, 3),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        (shape,) = shapes
        if not (0 <= self.axis < len(shape) and 0 <= self.position < shape[self.axis]):
            raise self.fail(f"a position {self.position} along axis {self.axis}", shape)
        return (*shape[: self.axis], *shape[self.axis + 1 :])

    def output_axes(self, *inputs: Value) -> Axes:
        axes = inputs[0].axes
        return (*axes[: self.axis], *axes[self.axis + 1 :])

    def part(self, shape: Shape) -> tuple[slice | int, ...]:
        return _place(self.axis, self.position)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        if not build.wants(array):
            return {}
        op = Place(self.axis, self.position, array.shape[self.axis])
        return {array: build.gradient(array, op, delta, purpose=_AT_ITS_PLACE)}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{pick}}_{{{self.position + 1}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"{names[0]}[{':, ' * self.axis}{self.position}]"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, (*index[: self.axis], self.position, *index[self.axis :]), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        rest = (*index[: self.axis], *index[self.axis + 1 :])
        return only(rest) if index[self.axis] == self.position else np.empty((0, len(rest)), np.intp)


@dataclass(frozen=True)
class Place(AmongZeros):
    """Put an array at one position of a new axis, among zeros: the derivative of a pick.

    b[i, ..., position, j, ...] = a[i, ..., j, ...], and 0 at the other positions.

    Shapes: any shape gives the same with an axis of ``size`` more.

    Raises
    ------
    ShapeError
        If there is no such axis, or it would have no such position.
    """

    axis: int = 1
    position: int = 0
    size: int = 1

    title = "Put in its place"
    says = "The array at one position of an axis, with 0 everywhere else."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(1, 1, 3), ((3, 4),))
        yield Example(cls(0, 0, 2), ((2, 3),))
        yield Example(cls(1, 2, 3), ((4,),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        (shape,) = shapes
        if not (0 <= self.axis <= len(shape) and 0 <= self.position < self.size):
            raise self.fail(f"a new axis {self.axis} with a position {self.position}", shape)
        return (*shape[: self.axis], self.size, *shape[self.axis :])

    def part(self, shape: Shape) -> tuple[slice | int, ...]:
        return _place(self.axis, self.position)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return {array: build.gradient(array, Pick(self.axis, self.position), delta)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{place}}_{{{self.position + 1}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        whole = f"np.expand_dims({names[0]}, {self.axis})"
        return f"embed({whole}, axis={self.axis}, start={self.position}, size={self.size})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        if index[self.axis] != self.position:
            return Terms(index, (), np.empty(0))
        return self.moved(index, 0, (*index[: self.axis], *index[self.axis + 1 :]), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only((*index[: self.axis], self.position, *index[self.axis :]))


_AT_ITS_PLACE = Purpose(
    "Only one position went on here, so only that gets a gradient; the others get 0.",
    why="What stands at other positions reached nothing by this step; what was picked has the gradient of its copy.",
    look="Nearly all of {c} is 0: only what was picked gets something back.",
)


def _place(axis: int, position: int) -> tuple[slice | int, ...]:
    """Return what indexes one position of an axis, and all of those before and after it."""
    return (*[slice(None)] * axis, position)
