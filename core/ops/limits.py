"""Shift and limit arrays: what penalties, clipping and adaptive steps need."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.ops.base import (
    Cells,
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Step,
    Terms,
    all_indices,
    indices_of,
    one_cell,
)
from core.ops.sums import sum_to
from core.ops.unary import Unary
from core.values import Array, Index, Range, Shape, Value


class _ByNumber(Op, abstract=True):
    """What operations on a number and an array have in common.

    Shapes: a scalar and any shape give that shape.

    Raises
    ------
    ShapeError
        If the first input is not a scalar.
    """

    arity = 2
    inplace = True
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((), (3, 4)), ("positive", "real"))
        yield Example(cls(), ((), ()), ("positive", "real"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0]:
            raise self.fail("a number and an array", *shapes)
        return shapes[1]

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return tuple(axis if shape else None for shape in shapes)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return all_indices(shapes[1]) if i == 0 else indices_of(*index) if index else np.empty((1, 0), np.intp)

    def cells(self, index: Index, *arrays: Array) -> tuple[Cells, Cells]:
        """Return the number and the cell that make an output cell."""
        return one_cell(0, (), arrays[0]), one_cell(1, index, arrays[1])


@dataclass(frozen=True)
class Shift(_ByNumber):
    """Add one number to every cell.

    c = s + a.

    Derivative: dL/da = dL/dc, and dL/ds adds up the cells of dL/dc.

    References
    ----------
    Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015): the epsilon below the fraction.
    """

    title = "Shift"
    says = "The same number added to every cell."
    why = "A small number is added so that what follows cannot divide by 0."
    look = "{c} looks like {b}; only cells that are almost 0 change noticeably."
    differentiable = True

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.add(arrays[0], arrays[1], out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        number, array = step.inputs
        assert delta is not None
        return {value: sum_to(build, value, delta) for value in (array, number) if build.wants(value)}

    def equation(self, *symbols: str) -> str:
        return f"{symbols[1]} + {symbols[0]}"

    def source(self, *names: str) -> str:
        return f"{names[1]} + {names[0]}"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self.cells(index, *arrays)
        return Terms(index, cells, np.array([float(part.values[0]) for part in cells]))

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE


@dataclass(frozen=True)
class Clip(_ByNumber):
    """Bring every cell between minus a limit and the limit.

    c = max(-s, min(s, a)).

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 10.11.1.
    """

    title = "Clipping"
    says = "No cell may be further from 0 than the limit."
    why = "A limit keeps a single number from deciding everything."
    look = "Cells of {b} within the limit {a} stay; those beyond it become the limit, with their sign."

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        limit, array = arrays
        return np.asarray(np.clip(array, np.negative(limit), limit, out=out))

    def equation(self, *symbols: str) -> str:
        limit, array = symbols
        return rf"\max\left(-{limit}, \min\left({limit}, {array}\right)\right)"

    def source(self, *names: str) -> str:
        return f"np.clip({names[1]}, -{names[0]}, {names[0]})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        limit, cell = cells = self.cells(index, *arrays)
        high = float(limit.values[0])
        result = np.clip(cell.values.astype(np.float64), -high, high)
        return Terms(index, cells, result, Combine.APPLY)

    def output_range(self, *ranges: Range) -> Range:
        return ranges[1]


@dataclass(frozen=True)
class Sign(Unary):
    """Tell on which side of 0 a cell is: -1, 0 or 1.

    c = sign(a).

    It is the derivative of the absolute value, with 0 at 0.
    """

    title = "Sign"
    says = "On which side of 0 each cell is: −1, 0 or 1."
    why = "Only the side of 0 counts here, and not the size: it is the slope of the absolute value."
    look = "{c} holds nothing but −1, 0 and 1."
    differentiable = False
    inplace = True
    tex = r"\mathrm{sign}\left(#\right)"
    python = "np.sign(#)"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.sign(arrays[0], out=out))
