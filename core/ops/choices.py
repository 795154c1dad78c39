"""Bring cells into a range, and choose between two arrays cell by cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.ops.activations import Derivative
from core.ops.base import (
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Indices,
    Op,
    Purpose,
    Scratch,
    ShapeError,
    Step,
    Terms,
    one_cell,
)
from core.ops.elementwise import Hadamard
from core.ops.sums import cell_of, repeats_of, sum_to
from core.ops.unary import Unary
from core.values import Array, Index, Range, Role, Shape, Value


@dataclass(frozen=True)
class Clamp(Unary):
    """Bring every cell into a range.

    c = min(max(a, low), high).

    Derivative: dL/da is dL/dc where a is in the range, its ends included, and 0 elsewhere, as PyTorch has it.

    Parameters
    ----------
    low, high : float
        The ends of the range; infinite where there is none.

    Raises
    ------
    ShapeError
        If the range is empty.
    """

    low: float = 0.0
    high: float = 1.0

    title = "Clipping to a range"
    says = "What is outside of the range becomes its nearer end; the rest stays."
    why = "A range keeps a number from growing, or shrinking, beyond what makes sense."
    look = "The flat ends of the curve are where cells of {a} have been cut off: they let no gradient back."
    inplace = True

    def __post_init__(self) -> None:
        """Check the range."""
        if not self.low <= self.high:
            raise ShapeError(f"{self.title}: expected a range from low to high; got {self.low} to {self.high}")

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(0.0, 2.5), ((2, 3),))
        yield Example(cls(-2.5, 0.05), ((3, 2),))

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.clip(arrays[0], self.low, self.high, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (a,) = step.inputs
        assert delta is not None
        if not build.wants(a):
            return {}
        inside = build.intermediate("inside", ClampDerivative(self.low, self.high), a, about=a, role=Role.DERIVATIVE)
        return {a: build.gradient(a, Hadamard(), delta, inside)}

    def equation(self, *symbols: str) -> str:
        return rf"\min\left({self.high:g}, \max\left({self.low:g}, {symbols[0]}\right)\right)"

    def source(self, *names: str) -> str:
        return f"np.clip({names[0]}, {self.low!r}, {self.high!r})"

    def output_range(self, *ranges: Range) -> Range:
        if self.low >= 0:
            return Range.PROBABILITY if self.high <= 1 else Range.NON_NEGATIVE
        return ranges[0]


@dataclass(frozen=True)
class ClampDerivative(Derivative):
    """Differentiate the clipping to a range: 1 within it and at its ends, else 0.

    c = 1 if low <= a <= high else 0.
    """

    low: float = 0.0
    high: float = 1.0

    title = "Derivative of clipping to a range"
    says = "The slope of the clipping: 1 within the range, 0 outside."
    why = "What was cut off does not move with its argument; what was not, moves with it at the rate 1."
    look = "Its zeros are where {a} was cut off: there the gradient ends."
    inplace = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(0.0, 2.5), ((2, 3),))

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        out = np.clip(arrays[0], self.low, self.high, out=out)
        return np.asarray(np.equal(out, arrays[0], out=out if out.shape else None, casting="unsafe"), arrays[0].dtype)

    def equation(self, *symbols: str) -> str:
        return rf"\left[{self.low:g} \leq {symbols[0]} \leq {self.high:g}\right]"

    def source(self, *names: str) -> str:
        return f"(({names[0]} >= {self.low!r}) & ({names[0]} <= {self.high!r})).astype({names[0]}.dtype)"

    def output_range(self, *ranges: Range) -> Range:
        return Range.PROBABILITY


@dataclass(frozen=True)
class Where(Op):
    """Choose cell by cell: from the first array where the mask is not 0, from the second where it is.

    c = a where m is not 0, else b.

    Derivative: dL/da is dL/dc where m is not 0, else 0; dL/db the other way round.

    Shapes: a mask and two arrays that NumPy can broadcast give the shape that they have then.

    Raises
    ------
    ShapeError
        If they cannot be broadcast.
    """

    title = "Choice by a mask"
    says = "Where {a} is not 0 the cell of {b}, elsewhere that of the third."
    why = "A mask says which of two arrays counts in which place; what is not chosen has no say."
    look = "A cell of {c} is a copy of the cell in the same place of one of the two, whichever the mask chose."
    arity = 3
    constant_inputs = (0,)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((2, 1), (2, 3), ()), ("one_hot", "real", "real"))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        try:
            return tuple(np.broadcast_shapes(*shapes))
        except ValueError:
            raise self.fail("a mask and two arrays that can be repeated along each other", *shapes) from None

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"chosen": shapes[0]}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        mask, a, b = arrays
        if scratch is None:
            scratch = Scratch.allocate(self.scratch_shapes(mask.shape), mask.dtype)
        chosen = scratch["chosen"].reshape(-1).view(np.bool_)[: mask.size].reshape(mask.shape)
        np.not_equal(mask, 0, out=chosen)
        out = np.empty(self.output_shape(mask.shape, a.shape, b.shape), a.dtype) if out is None else out
        np.copyto(out, b)
        np.copyto(out, a, where=chosen)
        return out

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        mask, a, b = step.inputs
        assert delta is not None
        result, zero = {}, build.constant("zero", 0.0, "0")
        for value, inputs in ((a, (mask, delta, zero)), (b, (mask, zero, delta))):
            if not build.wants(value):
                continue
            if value.shape == delta.shape:
                result[value] = build.gradient(value, Where(), *inputs, purpose=_CHOSEN)
            else:
                part = build.intermediate("chosen", Where(), *inputs, about=value, purpose=_CHOSEN)
                result[value] = sum_to(build, value, part)
        return result

    def equation(self, *symbols: str) -> str:
        return rf"\mathrm{{where}}\left({', '.join(symbols)}\right)"

    def source(self, *names: str) -> str:
        mask, a, b = names
        return f"np.where({mask} != 0, {a}, {b})"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = tuple(one_cell(i, cell_of(index, array.shape), array) for i, array in enumerate(arrays))
        mask, a, b = (float(part.values[0]) for part in cells)
        return Terms(index, cells, np.array([b if mask == 0 else a]), Combine.APPLY)

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return repeats_of(index, shapes[i], self.output_shape(*shapes))

    def output_range(self, *ranges: Range) -> Range:
        _, *others = ranges
        return max(others, key=list(Range)[::-1].index)


_CHOSEN = Purpose(
    "The gradient goes to the array that was chosen; the other gets 0 there.",
    why="What was not chosen had no say in the result, so it has no gradient in that place.",
    look="The cells that are 0 are those where the other array was chosen.",
)
