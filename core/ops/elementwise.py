"""Operate cell by cell on two arrays: sums, differences, products, quotients."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.ops import way_back
from core.ops.base import (
    NO_PURPOSE,
    Cells,
    Combine,
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
)
from core.ops.sums import Sum, cell_of, repeats_of, sum_to
from core.values import Array, Axes, Index, Range, Shape, Value


class Binary(Op, abstract=True):
    """What cell-by-cell operations on two arrays have in common."""

    arity = 2
    inplace = True
    ufunc: ClassVar[np.ufunc]
    tex: ClassVar[str]
    sign: ClassVar[str]

    @classmethod
    def examples(cls) -> Iterator[Example]:
        domains = ("real", "positive")
        yield Example(cls(), ((3, 4), (3, 4)), domains)
        yield Example(cls(), ((2, 1, 3), (2, 1, 3)), domains)

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(self.ufunc(*arrays, out=out))

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        whole = self.output_shape(*shapes)
        own = [axis - (len(whole) - len(shape)) for shape in shapes]
        return tuple(k if k >= 0 and shape[k] == whole[axis] else None for k, shape in zip(own, shapes, strict=True))

    def equation(self, *symbols: str) -> str:
        return f"{symbols[0]} {self.tex} {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"{names[0]} {self.sign} {names[1]}"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = tuple(one_cell(i, cell_of(index, array.shape), array) for i, array in enumerate(arrays))
        a, b = (float(part.values[0]) for part in cells)
        return self._combine(index, cells, a, b)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return repeats_of(index, shapes[i], self.output_shape(*shapes))

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE

    @abstractmethod
    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms: ...


class Paired(Binary, abstract=True):
    """What cell-by-cell operations have in common that repeat nothing.

    Shapes: two of one shape give that shape.

    Raises
    ------
    ShapeError
        If the shapes differ.
    """

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0] != shapes[1]:
            raise self.fail("two arrays of one shape", *shapes)
        return shapes[0]


class Arithmetic(Binary, abstract=True):
    """What cell-by-cell operations have in common that repeat the smaller array.

    Shapes: two of one shape, or two that NumPy can broadcast, give the shape that they have then.

    Raises
    ------
    ShapeError
        If an axis, counted from the last, has neither one length in both nor one position in either.
    """

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield from super().examples()
        yield Example(cls(), ((2, 1), (2, 3)), ("real", "positive"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        try:
            return tuple(np.broadcast_shapes(*shapes))
        except ValueError:
            raise self.fail("two arrays of one shape, or one that can be repeated along the other", *shapes) from None

    def output_axes(self, *inputs: Value) -> Axes:
        shape = self.output_shape(*(value.shape for value in inputs))
        whole = next((value.axes for value in inputs if value.shape == shape), ())
        first, second = (value.axes for value in inputs)
        if whole or not len(first) == len(second) == len(shape):
            return whole
        longer = zip(first, second, inputs[0].shape, strict=True)
        return tuple(b if size == 1 else a for a, b, size in longer)

    def share(self, build: GradientBuilder, of: Value, op: Op, *inputs: Value, purpose: Purpose = NO_PURPOSE) -> Value:
        """Append the gradient of an input; what was repeated adds up over its copies."""
        whole = op.output_shape(*(value.shape for value in inputs))
        if whole == of.shape:
            return build.gradient(of, op, *inputs, purpose=purpose)
        return sum_to(build, of, build.intermediate("repeated", op, *inputs, about=of, purpose=purpose))


@dataclass(frozen=True)
class Add(Arithmetic):
    """Add two arrays cell by cell.

    c = a + b.

    Derivative: dL/da = dL/db = dL/dc.
    """

    title = "Sum"
    says = "Cell plus cell: the same place in both."
    why = "It puts two things together that count alike."
    look = "A cell of {c} moves exactly as much as the cell of {a} or of {b} moves: a sum hands gradients on unchanged."
    ufunc = np.add
    tex = sign = "+"

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        assert delta is not None
        return {value: sum_to(build, value, delta) for value in step.inputs if build.wants(value)}

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        return Terms(index, cells, np.array([a, b]))


@dataclass(frozen=True)
class Subtract(Arithmetic):
    """Subtract cell by cell.

    c = a - b.

    Derivative: dL/da = dL/dc and dL/db = -dL/dc.
    """

    title = "Difference"
    says = "Cell minus cell: the same place in both."
    why = "It compares: {c} is what is left of {a} without {b}."
    look = "The sign of a cell says which of the two is larger there; 0 means that they agree."
    ufunc = np.subtract
    tex = sign = "-"

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        a, b = step.inputs
        assert delta is not None
        result = {a: sum_to(build, a, delta)} if build.wants(a) else {}
        if build.wants(b):
            minus = build.constant("minus_one", -1.0, "-1")
            result[b] = self.share(build, b, Scale(), minus, delta, purpose=way_back.TAKEN_OFF)
        return result

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        return Terms(index, cells, np.array([a, -b]))


@dataclass(frozen=True)
class Hadamard(Arithmetic):
    """Multiply cell by cell: the Hadamard product.

    c = a ⊙ b, c[i, j] = a[i, j] b[i, j].

    Derivative: dL/da = dL/dc ⊙ b and dL/db = dL/dc ⊙ a.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 2.2.
    """

    title = "Hadamard product"
    says = "Cell times cell: the same place in both."
    why = "Two factors that belong to the same cell are multiplied place by place; no cell meets another."
    look = "A 0 in either factor leaves a 0 in {c}."
    ufunc = np.multiply
    tex = r"\odot"
    sign = "*"

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        a, b = step.inputs
        assert delta is not None
        return {
            value: self.share(build, value, Hadamard(), delta, other, purpose=way_back.OTHER_FACTOR)
            for value, other in ((a, b), (b, a))
            if build.wants(value)
        }

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        return Terms(index, cells, np.array([a * b]))


@dataclass(frozen=True)
class Divide(Arithmetic):
    """Divide cell by cell.

    c = a / b.

    Derivative: dL/da = dL/dc / b and dL/db = -dL/dc ⊙ c / b.
    """

    title = "Quotient"
    says = "Cell by cell, the one over the other: the same place in both."
    why = "It measures {a} in units of {b}, cell by cell."
    look = "Look where {b} is near 0: a small divisor makes a large cell."
    ufunc = np.divide
    tex = r"\oslash"
    sign = "/"

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        a, b = step.inputs
        assert delta is not None
        over = way_back.OVER_DIVISOR
        result = {a: self.share(build, a, Divide(), delta, b, purpose=over)} if build.wants(a) else {}
        if build.wants(b):
            share = build.intermediate("quotient", Divide(), step.output, b, about=b, purpose=way_back.FALLS)
            product = build.intermediate(
                "quotient_delta", Hadamard(), delta, share, about=b, purpose=way_back.TIMES_FALL
            )
            minus = build.constant("minus_one", -1.0, "-1")
            result[b] = self.share(build, b, Scale(), minus, product, purpose=way_back.FALLING)
        return result

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        return Terms(index, cells, np.divide([a], [b]), Combine.APPLY)


@dataclass(frozen=True)
class Equal(Arithmetic):
    """Tell where two arrays are equal: 1 there, 0 elsewhere; NaN equals nothing.

    c = [a = b].
    """

    title = "Equality"
    says = "Where both have the same number there is 1, elsewhere 0."
    why = "A map of where two agree picks the cells that a gradient goes to."
    look = "{c} holds nothing but 0 and 1."
    differentiable = False
    ufunc = np.equal
    tex = "="
    sign = "=="

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((2, 3), (2, 1)), ("one_hot", "one_hot"))

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        a, b = arrays
        out = np.empty(self.output_shape(a.shape, b.shape), a.dtype) if out is None else out
        return np.asarray(np.equal(a, b, out=out, casting="unsafe"))

    def equation(self, *symbols: str) -> str:
        return rf"\left[{symbols[0]} = {symbols[1]}\right]"

    def source(self, *names: str) -> str:
        return f"({names[0]} == {names[1]}).astype({names[0]}.dtype)"

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        return Terms(index, cells, np.array([float(a == b)]), Combine.APPLY)


@dataclass(frozen=True)
class Scale(Op):
    """Multiply an array by one number.

    c = s a.

    Derivative: dL/da = s dL/dc, and dL/ds adds up the cells of dL/dc ⊙ a.

    Shapes: a scalar and any shape give that shape.

    Raises
    ------
    ShapeError
        If the first input is not a scalar.
    """

    title = "Scaling"
    says = "Every cell times the same number."
    why = "One number, {a}, says how much all of {b} counts."
    look = (
        "The pattern of {c} is that of {b}: only the numbers at the legend change, and with a negative factor the "
        "signs."
    )
    arity = 2
    inplace = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((), (3, 4)))
        yield Example(cls(), ((), ()))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        if shapes[0]:
            raise self.fail("a number and an array", *shapes)
        return shapes[1]

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.multiply(arrays[0], arrays[1], out=out))

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return tuple(axis if shape else None for shape in shapes)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        number, array = step.inputs
        assert delta is not None
        result = (
            {array: build.gradient(array, Scale(), number, delta, purpose=_SCALED_BACK)} if build.wants(array) else {}
        )
        if build.wants(number):
            product = build.intermediate("scale_product", Hadamard(), delta, array, about=number)
            result[number] = build.gradient(number, Sum(), product)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \, {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"{names[0]} * {names[1]}"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = one_cell(0, (), arrays[0]), one_cell(1, index, arrays[1])
        return Terms(index, cells, np.array([float(cells[0].values[0]) * float(cells[1].values[0])]))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return all_indices(shapes[1]) if i == 0 else indices_of(*index) if index else np.empty((1, 0), np.intp)

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED if Range.SIGNED in ranges else Range.NON_NEGATIVE


_SCALED_BACK = Purpose(
    "What was scaled on the way there is scaled by the same number on the way back.",
    why="A number that scales what goes forward scales what comes back: a change counts {a} times.",
    look="The pattern of {c} is that of {b}.",
)
