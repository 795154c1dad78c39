"""Sum and average over axes."""

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
    indexed,
    indices_of,
)
from core.values import Array, Index, Range, Shape, Value


class _Reduction(Op, abstract=True):
    """What a sum and a mean have in common."""

    arity = 1

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if ranges[0] is Range.SIGNED else Range.NON_NEGATIVE


@dataclass(frozen=True)
class SumRows(_Reduction):
    """Add up all rows: a bias gradient is the column sum of delta.

    s[0, j] = sum over all rows i of a[i, j].

    Shapes: (..., n) gives (1, n); every axis but the last is summed.

    Raises
    ------
    ShapeError
        If the input has fewer than two axes.
    """

    title = "Sum of the rows"
    says = "All rows, added up column by column."
    why = "Each number of {c} answers for a whole column of {a}, so the column is added up."
    look = "Where rows disagree in sign they cancel, and little is left in {c}."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4),))
        yield Example(cls(), ((1, 4),))
        yield Example(cls(), ((2, 3, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if len(shapes[0]) < 2:
            raise self.fail("a matrix", *shapes)
        return (1, shapes[0][-1])

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        rows = arrays[0].reshape(-1, arrays[0].shape[-1])
        return np.add.reduce(rows, axis=0, keepdims=True, out=out)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (rows,) = step.inputs
        assert delta is not None
        if not build.wants(rows):
            return {}
        return {rows: build.gradient(rows, RepeatRow(rows.shape[:-1]), delta)}

    def equation(self, *symbols: str) -> str:
        return rf"\sum_{{i}} {indexed(symbols[0], 'i')}"

    def source(self, *names: str) -> str:
        return f"{names[0]}.reshape(-1, {names[0]}.shape[-1]).sum(axis=0, keepdims=True)"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        lead = all_indices(arrays[0].shape[:-1])
        indices = np.column_stack([lead, np.full(len(lead), index[-1])])
        values = arrays[0][..., index[-1]].ravel()
        return Terms(index, (Cells(0, indices, values),), values.astype(np.float64))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(0, index[-1])


@dataclass(frozen=True)
class RepeatRow(_Reduction):
    """Repeat one row along new leading axes: the derivative of a sum over rows.

    a[i, j] = s[0, j].

    Shapes: (1, n) gives (*lead, n).

    Raises
    ------
    ShapeError
        If the input is not one row.
    """

    lead: Shape = (1,)

    title = "Repeat the row"
    says = "One row, repeated: every row of the result is a copy of it."
    why = "Each row had the same say in the sum, so each gets the same back."
    look = "All rows of {c} are equal."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls((3,)), ((1, 4),))
        yield Example(cls((2, 3)), ((1, 4),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if len(shapes[0]) != 2 or shapes[0][0] != 1:
            raise self.fail("one row", *shapes)
        return (*self.lead, shapes[0][1])

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.empty(self.output_shape(arrays[0].shape), arrays[0].dtype) if out is None else out
        out[...] = arrays[0][0]
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (row,) = step.inputs
        assert delta is not None
        return {row: build.gradient(row, SumRows(), delta)} if build.wants(row) else {}

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{repeat}}\left({symbols[0]}\right)"

    def source(self, *names: str) -> str:
        return f"np.broadcast_to({names[0]}[0], {self.lead!r} + {names[0]}.shape[1:])"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        value = arrays[0][0, index[-1:]]
        return Terms(index, (Cells(0, indices_of(0, index[-1]), value),), value.astype(np.float64), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        lead = all_indices(self.lead)
        return np.column_stack([lead, np.full(len(lead), index[-1])])


@dataclass(frozen=True)
class Mean(_Reduction):
    """Average all cells: the loss of a batch is the mean over its samples.

    m = (1 / K) sum over all K cells of a.

    Shapes: any gives a scalar.

    Raises
    ------
    ShapeError
        If the input is empty.
    """

    title = "Mean"
    says = "The mean of all cells."
    why = "One number stands for all of {a}; the mean does not grow with how many there are."
    look = "A single large cell of {a} can pull the mean far up."
    accepts_uniform = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((4, 1),))
        yield Example(cls(), ((1, 1),))
        yield Example(cls(), ((2, 3),))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if 0 in shapes[0]:
            raise self.fail("at least one cell", *shapes)
        return ()

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        total = np.add.reduce(arrays[0], axis=None, out=out)
        return np.asarray(np.divide(total, arrays[0].size, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (cells,) = step.inputs
        if not build.wants(cells):
            return {}
        count = int(np.prod(cells.shape))
        if delta is None:
            return {cells: build.constant("one_over_N", 1 / count, r"\frac{1}{N}")}
        share = build.constant(f"one_over_{count}", 1 / count, rf"\frac{{1}}{{{count}}}")
        return {cells: build.gradient(cells, Spread(cells.shape), share, delta)}

    def equation(self, *symbols: str) -> str:
        return rf"\frac{{1}}{{N}} \sum_{{i=1}}^{{N}} {indexed(symbols[0], 'i')}"

    def source(self, *names: str) -> str:
        return f"np.mean({names[0]})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        values = arrays[0].ravel()
        cells = Cells(0, all_indices(arrays[0].shape), values)
        return Terms(index, (cells,), values.astype(np.float64), Combine.MEAN)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return np.empty((1, 0), np.intp)


@dataclass(frozen=True)
class Spread(Op):
    """Give every cell of a shape the same number, factor times a scalar: the derivative of a mean.

    a[...] = f s.

    Shapes: two scalars give ``shape``.

    Raises
    ------
    ShapeError
        If an input is not a scalar.
    """

    shape: Shape = (1,)

    title = "Spread"
    says = "Every cell gets the same number: {a} times {b}."
    why = "Every cell had the same part in one number, so every cell gets the same back."
    look = "All cells of {c} are equal: {a} times {b}."
    arity = 2

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls((3, 2)), ((), ()))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if any(shapes):
            raise self.fail("two scalars", *shapes)
        return self.shape

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.empty(self.shape, arrays[1].dtype) if out is None else out
        out[...] = arrays[0] * arrays[1]
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        factor, scalar = step.inputs
        assert delta is not None
        result = {}
        for value, other in ((factor, scalar), (scalar, factor)):
            if build.wants(value):
                count = build.constant(f"count_{delta.key}", float(np.prod(self.shape)), "K")
                mean = build.intermediate("spread_mean", Mean(), delta, about=value)
                total = build.intermediate("spread_total", Spread(()), count, mean, about=value)
                result[value] = build.gradient(value, Spread(()), other, total)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \, {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"np.full({self.shape!r}, {names[0]} * {names[1]})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = tuple(Cells(i, np.empty((1, 0), np.intp), array.reshape(1)) for i, array in enumerate(arrays))
        return Terms(index, cells, np.array([float(arrays[0]) * float(arrays[1])]))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return all_indices(self.shape)
