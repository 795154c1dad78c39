"""Multiply matrices and add biases."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from core.ops.base import (
    Cells,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Step,
    Terms,
    all_indices,
    indices_of,
    one_cell,
    raised,
)
from core.ops.shape import Reshape
from core.ops.sums import Sum
from core.values import Array, Axes, Axis, AxisKind, Index, Range, Role, Shape, Value

_ONE_CORE = range(1 << 19, 1 << 21)
"""How many cells a matrix has that a row is multiplied by with one thread.

BLAS shares such a matrix out among threads, and it ends up in the caches of several cores: what is won in the product
is lost twice when the matrix is updated. Smaller ones it does not share out, and larger ones do not stay in a cache.
"""


@dataclass(frozen=True)
class MatMul(Op):
    """Multiply two matrices, or two stacks of matrices slice by slice.

    C = A · B, with C[..., i, j] = sum over k of A[..., i, k] B[..., k, j]; either factor may be transposed first.

    Derivative, where neither is transposed: dL/dA = dL/dC · Bᵀ and dL/dB = Aᵀ · dL/dC.

    Shapes: (..., m, p) and (..., p, q) give (..., m, q); all leading axes are equal.

    Raises
    ------
    ShapeError
        If the inner sizes or the leading axes differ, or a factor has fewer than two axes.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.5.6.
    """

    transpose_a: bool = False
    transpose_b: bool = False

    title = "Matrix product"
    why = (
        "A matrix product is many weighted sums at once: each cell of {c} adds up products of pairs, one number "
        "from {a} and one from {b}."
    )
    look = (
        "Click a cell of {c}: its line in {a} and its line in {b} are marked, and a few large products decide "
        "most of it."
    )
    arity = 2

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (4, 2)))
        yield Example(cls(), ((1, 5), (5, 3)))
        yield Example(cls(transpose_b=True), ((3, 4), (2, 4)))
        yield Example(cls(transpose_a=True), ((4, 3), (4, 2)))
        yield Example(cls(transpose_a=True), ((1, 3), (1, 2)))
        yield Example(cls(transpose_a=True, transpose_b=True), ((4, 3), (2, 4)))
        yield Example(cls(), ((2, 3, 4), (2, 4, 5)))
        yield Example(cls(transpose_b=True), ((2, 2, 3, 4), (2, 2, 5, 4)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        a, b = shapes
        if len(a) < 2 or len(a) != len(b) or a[:-2] != b[:-2]:
            raise self.fail("two matrices, or two stacks of equally many matrices", a, b)
        rows, inner_a = a[:-3:-1] if self.transpose_a else a[-2:]
        inner_b, columns = b[:-3:-1] if self.transpose_b else b[-2:]
        if inner_a != inner_b:
            raise self.fail(f"a right factor with {inner_a} rows, one for each column of the left", a, b)
        return (*a[:-2], rows, columns)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        left, right = self._factors(*arrays)
        if left.shape[-1] == 1:  # an outer product: broadcasting beats BLAS here
            return np.multiply(left, right, out=out)
        if self._on_one_core(left.shape, right.shape):
            return np.einsum("ik,kj->ij", left, right, out=out)
        return np.matmul(left, right, out=out)

    def rounds(self, *shapes: Shape) -> bool:
        a, b = shapes
        return self._on_one_core(a[::-1] if self.transpose_a and len(a) == 2 else a, b)

    def _on_one_core(self, left: Shape, right: Shape) -> bool:
        """Tell whether a row is multiplied by a matrix, with one thread."""
        return left[:-1] == (1,) and not self.transpose_b and prod(right) in _ONE_CORE

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        a, _ = shapes
        if len(a) != 2 or a[0 if self.transpose_a else 1] != 1:  # BLAS may round a part of a product otherwise
            return None
        return (int(self.transpose_a), None) if axis == 0 else (None, int(not self.transpose_b))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        a, b = step.inputs
        assert delta is not None
        result = {}
        if build.wants(b):
            operands = (delta, a) if self.transpose_b else (a, delta)
            op = (
                MatMul(transpose_a=True, transpose_b=self.transpose_a)
                if self.transpose_b
                else MatMul(transpose_a=not self.transpose_a)
            )
            result[b] = build.gradient(b, op, *operands, purpose=_purpose(b, delta))
        if build.wants(a):
            operands = (b, delta) if self.transpose_a else (delta, b)
            op = (
                MatMul(transpose_a=self.transpose_b, transpose_b=True)
                if self.transpose_a
                else MatMul(transpose_b=not self.transpose_b)
            )
            result[a] = build.gradient(a, op, *operands, purpose=_purpose(a, delta))
        return result

    def sentence(self, *names: str) -> str:
        a, b = names
        left = "column" if self.transpose_a else "row"
        right = "row" if self.transpose_b else "column"
        return f"Each {left} of {a} meets each {right} of {b}: their dot product is one cell."

    def equation(self, *symbols: str) -> str:
        a, b = symbols
        left = raised(a, r"\top") if self.transpose_a else a
        right = raised(b, r"\top") if self.transpose_b else b
        return rf"{left} \cdot {right}"

    def source(self, *names: str) -> str:
        a, b = names
        left = f"np.swapaxes({a}, -1, -2)" if self.transpose_a else a
        right = f"np.swapaxes({b}, -1, -2)" if self.transpose_b else b
        return f"{left} @ {right}"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        *lead, i, j = index
        left, right = self._factors(*arrays)
        inner = np.arange(left.shape[-1])
        a_values, b_values = left[index[:-1]], right[index[:-2]][:, j]
        a_cells = (inner, i) if self.transpose_a else (i, inner)
        b_cells = (j, inner) if self.transpose_b else (inner, j)
        return Terms(
            index,
            (Cells(0, indices_of(*lead, *a_cells), a_values), Cells(1, indices_of(*lead, *b_cells), b_values)),
            a_values.astype(np.float64) * b_values,
        )

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        *lead, row, column = index
        rows, columns = self.output_shape(*shapes)[-2:]
        if i == 0:
            return indices_of(*lead, column if self.transpose_a else row, range(columns))
        return indices_of(*lead, range(rows), row if self.transpose_b else column)

    def output_axes(self, *inputs: Value) -> Axes:
        a, b = inputs
        if not a.axes or not b.axes:
            return ()
        rows, columns = a.axes[-1 if self.transpose_a else -2], b.axes[-2 if self.transpose_b else -1]
        return (*a.axes[:-2], rows, columns)

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE

    def _factors(self, *arrays: Array) -> tuple[Array, Array]:
        a, b = arrays
        return (
            np.swapaxes(a, -1, -2) if self.transpose_a else a,
            np.swapaxes(b, -1, -2) if self.transpose_b else b,
        )


@dataclass(frozen=True)
class AddBias(Op):
    """Add one row of biases to every row.

    net[..., j] = sum[..., j] + b[0, j].

    Derivative: dL/dsum = dL/dnet, and dL/db adds up the rows of dL/dnet.

    Shapes: (..., n) and (1, n) give (..., n).

    Raises
    ------
    ShapeError
        If the bias is not one row with as many columns.
    """

    title = "Add bias"
    says = "One bias for each column, added to every row."
    why = "Without {b} a row of zeros could only give zeros; a bias moves where each column begins."
    look = "Every row of {c} differs from its row in {a} by the same numbers."
    arity = 2
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (1, 4)))
        yield Example(cls(), ((1, 4), (1, 4)))
        yield Example(cls(), ((2, 3, 4), (1, 4)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        rows, bias = shapes
        if not rows or bias != (1, rows[-1]):
            raise self.fail(f"a bias of shape 1 × {rows[-1] if rows else 'n'}", rows, bias)
        return rows

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        rows, bias = arrays
        return np.asarray(np.add(rows, bias[0], out=out))

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return axis, 1 if axis == len(shapes[0]) - 1 else None

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        rows, bias = step.inputs
        assert delta is not None
        result = {rows: delta} if build.wants(rows) else {}
        if build.wants(bias):
            result[bias] = _sum_of_rows(bias, delta, build)
        return result

    def equation(self, *symbols: str) -> str:
        return f"{symbols[0]} + {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"{names[0]} + {names[1]}[0]"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = one_cell(0, index, arrays[0]), one_cell(1, (0, index[-1]), arrays[1])
        return Terms(index, cells, np.array([part.values[0] for part in cells], dtype=np.float64))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        if i == 0:
            return indices_of(*index)
        rows = all_indices(shapes[0][:-1])
        return np.column_stack([rows, np.full(len(rows), index[-1])])


def _sum_of_rows(bias: Value, delta: Value, build: GradientBuilder) -> Value:
    """Append the gradient of a bias: all rows of delta, added up."""
    purpose, axes = _every_row(delta), tuple(range(len(delta.shape) - 1))
    if axes in ((), (0,)):
        op = Sum((0,), keepdims=True) if axes else Reshape(bias.shape)
        return build.gradient(bias, op, delta, purpose=purpose)
    total = build.intermediate("added_up", Sum(axes), delta, about=bias, purpose=purpose)
    return build.gradient(bias, Reshape(bias.shape), total)


def _every_row(delta: Value) -> Purpose:
    """Return what the gradient of a bias is for."""
    return Purpose(
        f"A bias reaches every row, so its gradient adds up over {rows_of(delta)}.",
        why="The same bias was added in every row, so every row has a say in how it should change.",
        look="Where rows disagree in sign they cancel, and little is left in {c}.",
    )


def _purpose(factor: Value, delta: Value) -> Purpose:
    """Return what the gradient of a factor of a matrix product is for."""
    if factor.role is Role.WEIGHT:
        return replace(_OF_WEIGHTS, says=_OF_WEIGHTS.says.format(rows=rows_of(delta)))
    return _OF_INPUTS if factor.role is Role.OUT else _OF_FACTORS


def rows_of(value: Value) -> str:
    """Return what the rows of a matrix are: the samples, the tokens of all samples, or just rows."""
    axis = value.axis(-2) if value.axes else Axis()
    match axis.kind:
        case AxisKind.SAMPLE:
            return "all samples"
        case AxisKind.TOKEN:
            return "all tokens of all samples"
    return "all rows"


_OF_WEIGHTS = Purpose(
    "What came in times the delta that came back, added up over {rows}.",
    why="A weight has much to answer for where its input was large and the delta behind it, too.",
    look="A row of {c} is 0 where an input was always 0; a column is 0 where a delta was.",
)
_OF_INPUTS = Purpose(
    "Each delta goes back along the weights it came by, and all paths add up.",
    why="A number that fed several neurons reached the loss through all of them, so all their deltas come "
    "back, each times its weight.",
    look="Large cells of {c} are where strong weights lead to large deltas.",
)
_OF_FACTORS = Purpose(
    "The chain rule as a matrix product: each cell adds up what every path contributes.",
    why="A cell of a factor took part in a whole line of the product, so all the gradients of that line "
    "come back, each times the number that it met.",
    look="Click a cell of {c} to see the lines that meet in it.",
)
