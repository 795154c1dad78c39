"""Give numbers another shape, or their axes another order."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from core.ops.base import (
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    ShapeError,
    Step,
    Terms,
    indices_of,
    one_cell,
)
from core.values import Array, Axes, Index, Range, Shape, Value


class Moved(Op, abstract=True):
    """What operations that only move cells have in common."""

    arity = 1

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0]

    def moved(self, index: Index, i: int, source: Index, array: Array) -> Terms:
        """Return the terms of a cell that is a copy of cell ``source`` of input ``i``."""
        cell = one_cell(i, source, array)
        return Terms(index, (cell,), cell.values.astype(np.float64), Combine.APPLY)

    def new(self, array: Array, out: Array | None) -> Array:
        """Return ``out``, or a new array of the output's shape."""
        return np.empty(self.output_shape(array.shape), array.dtype) if out is None else out


@dataclass(frozen=True)
class Reshape(Moved):
    """Write the cells, in raster order, into another shape.

    b[k] = a[k], with k the raster number.

    Shapes: any shape gives ``shape`` where both have as many cells; one size may be -1 and follows from the others.

    Raises
    ------
    ShapeError
        If the numbers of cells differ, or more than one size is open.
    """

    shape: Shape = (-1,)

    title = "Reshape"
    says = "The same cells in the same order, row by row, in another shape."
    why = "The next step wants the numbers in another shape."
    look = "No number changes: click a cell, and see where the same number stood in {a}."

    def __post_init__(self) -> None:
        """Check the sizes."""
        if self.shape.count(-1) > 1 or any(size < 1 and size != -1 for size in self.shape):
            raise ShapeError(f"{self.title}: expected positive sizes, at most one of them -1; got {self.shape}")

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls((-1, 12)), ((2, 3, 2, 2),))
        yield Example(cls((2, 2, 3)), ((4, 3),))
        yield Example(cls((4, -1)), ((1, 4),))
        yield Example(cls(()), ((1, 1),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        cells, known = prod(shapes[0]), prod(size for size in self.shape if size != -1)
        if cells % known or (-1 not in self.shape and cells != known):
            wanted = f"a multiple of {known}" if -1 in self.shape else str(known)
            raise self.fail(f"{wanted} cells for the shape {self._written()}", *shapes)
        return tuple(cells // known if size == -1 else size for size in self.shape)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (array,) = arrays
        out = self.new(array, out)
        if out.flags.c_contiguous:
            np.copyto(out.reshape(array.shape), array)
        else:
            np.copyto(out, array.reshape(out.shape))
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return (
            {array: build.gradient(array, Reshape(array.shape), delta, purpose=_OLD_SHAPE)}
            if build.wants(array)
            else {}
        )

    def equation(self, *symbols: str) -> str:
        shape = self._written(r" \times ")
        return rf"\mathrm{{reshape}}_{{{shape}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"{names[0]}.reshape({self.shape})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        (array,) = arrays
        return self.moved(index, 0, _same_cell(index, self.output_shape(array.shape), array.shape), array)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(_same_cell(index, shapes[0], self.output_shape(*shapes)))

    def _written(self, sign: str = " × ") -> str:
        return sign.join("N" if size == -1 else str(size) for size in self.shape) or "scalar"


@dataclass(frozen=True)
class Transpose(Moved):
    """Put the axes into another order.

    b[i] = a[j], where axis k of b is axis ``axes[k]`` of a.

    Shapes: (n_0, n_1, ...) gives (n_axes[0], n_axes[1], ...).

    Raises
    ------
    ShapeError
        If ``axes`` does not name every axis once.
    """

    axes: tuple[int, ...] = (1, 0)

    title = "Transpose"
    says = "The same cells, with their axes in another order."
    why = "The next step wants the axes in another order."
    look = "No number changes: click a cell, and see where the same number stood in {a}."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),))
        yield Example(cls((0, 2, 1, 3)), ((2, 3, 4, 2),))
        yield Example(cls((2, 0, 1)), ((2, 3, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if sorted(self.axes) != list(range(len(shapes[0]))):
            raise self.fail(f"{len(self.axes)} axes, to be ordered {self.axes}", *shapes)
        return tuple(shapes[0][axis] for axis in self.axes)

    def output_axes(self, *inputs: Value) -> Axes:
        (array,) = inputs
        return tuple(array.axes[axis] for axis in self.axes) if array.axes else ()

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        (array,) = arrays
        out = self.new(array, out)
        np.copyto(out, array.transpose(self.axes))
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return (
            {array: build.gradient(array, Transpose(self._back), delta, purpose=_OLD_ORDER)}
            if build.wants(array)
            else {}
        )

    def equation(self, *symbols: str) -> str:
        if self.axes == (1, 0):
            return rf"\left({symbols[0]}\right)^{{\top}}"
        return rf"\mathrm{{transpose}}_{{{','.join(map(str, self.axes))}}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"{names[0]}.transpose({self.axes})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        return self.moved(index, 0, tuple(index[axis] for axis in self._back), arrays[0])

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return only(tuple(index[axis] for axis in self.axes))

    @property
    def _back(self) -> tuple[int, ...]:
        return tuple(self.axes.index(axis) for axis in range(len(self.axes)))


def _same_cell(index: Index, shape: Shape, other: Shape) -> Index:
    """Return the cell of ``other`` with the raster number of ``index`` in ``shape``."""
    number = int(np.ravel_multi_index(index, shape)) if shape else 0
    return tuple(int(i) for i in np.unravel_index(number, other)) if other else ()


def only(index: Index) -> Indices:
    """Return one cell as (1, ndim) indices."""
    return indices_of(*index) if index else np.empty((1, 0), np.intp)


_OLD_SHAPE = Purpose(
    "Back into the shape that it had on the way there.",
    why="Reshaping moved numbers and changed none, so their gradients move back and change as little.",
    look="No number changes: click a cell, and see where the same number stood in {a}.",
)
_OLD_ORDER = Purpose(
    "Back into the order of axes that it had on the way there.",
    why="Another order of axes changed no number, so the gradients only go back to their places.",
    look="No number changes: click a cell, and see where the same number stood in {a}.",
)
