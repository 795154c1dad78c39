"""Average cells, and find the largest, along any axes."""

from dataclasses import dataclass

import numpy as np

from core.ops.base import Combine, GradientBuilder, Gradients, Purpose, Step, Terms, indexed
from core.ops.elementwise import Divide, Equal, Hadamard, Scale
from core.ops.shape import Reshape
from core.ops.sums import BACK_IN_PLACE, Reduction, Sum
from core.values import Array, Index, Range, Value


@dataclass(frozen=True)
class Mean(Reduction):
    """Average cells along axes: the loss of a batch is the mean over its samples.

    m[j] = (1 / K) sum over i of a[i, j], where i runs along the axes that are reduced, over K cells.

    Parameters
    ----------
    axes : tuple of int or None
        The axes that are reduced; ``None`` is all of them.
    keepdims : bool
        Whether the axes that are reduced stay.
    letter : str
        What formulas call the number of cells where all axes are reduced: N where they are the samples.
    """

    letter: str = "N"

    title = noun = "Mean"
    says = "The mean of all cells."
    why = "One number stands for many cells of {a}; the mean does not grow with how many there are."
    look = "A single large cell of {a} can pull a mean far up."
    accepts_uniform = True

    def sentence(self, *names: str) -> str:
        return "The mean of all cells." if self.axes is None else f"The mean of all cells along {self.words}."

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        total = np.sum(arrays[0], axis=self.axes, keepdims=self.keepdims, out=out)
        return np.asarray(np.divide(total, self.count(arrays[0].shape), out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        if not build.wants(array):
            return {}
        count = self.count(array.shape)
        if delta is None:
            return {array: build.constant(f"one_over_{self.letter}", 1 / count, rf"\frac{{1}}{{{self.letter}}}")}
        number = build.constant(f"one_over_{count}", 1 / count, rf"\frac{{1}}{{{count}}}")
        share = build.intermediate("share", Scale(), number, delta, about=array, purpose=_SHARE)
        return {array: self.repeated(array, share, build, _SAME_SHARE)}

    def equation(self, *symbols: str) -> str:
        if self.axes is None:
            return rf"\frac{{1}}{{{self.letter}}} \sum_{{i=1}}^{{{self.letter}}} {indexed(symbols[0], 'i')}"
        letters = self.subscript()
        return rf"\mathrm{{mean}}_{{{letters}}} \left({symbols[0]}\right)"

    @property
    def function(self) -> str:
        return "mean"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self.cells(index, arrays[0])
        return Terms(index, (cells,), cells.values.astype(np.float64), Combine.MEAN)


@dataclass(frozen=True)
class Maximum(Reduction):
    """Find the largest cell along axes; one NaN among them makes NaN.

    m[j] = max over i of a[i, j], where i runs along the axes that are reduced.

    Derivative: dL/dm goes to the largest cell; equal cells share it evenly, as PyTorch's ``amax`` has it.
    """

    title = noun = "Maximum"
    says = "The largest of all cells."
    why = "Only the largest cell counts for what follows."
    look = "Click a cell of {c}: the cells of {a} that it was chosen from are marked."

    def sentence(self, *names: str) -> str:
        return "The largest of all cells." if self.axes is None else f"The largest of all cells along {self.words}."

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.max(arrays[0], axis=self.axes, keepdims=self.keepdims, out=out))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        (array,) = step.inputs
        assert delta is not None
        return {array: _to_the_largest(self, step, delta, build)} if build.wants(array) else {}

    def equation(self, *symbols: str) -> str:
        below = f"_{{{self.subscript()}}}" if self.axes else ""
        return rf"\max{below} \left({symbols[0]}\right)"

    @property
    def function(self) -> str:
        return "max"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        cells = self.cells(index, arrays[0])
        values = cells.values.astype(np.float64)
        return Terms(index, (cells,), values, Combine.MAX, own=int(values.argmax()))

    def output_range(self, *ranges: Range) -> Range:
        return ranges[0]


def _to_the_largest(op: Maximum, step: Step, delta: Value, build: GradientBuilder) -> Value:
    """Append the steps that share a gradient out among the largest cells."""
    (array,) = step.inputs
    kept, largest = op.kept(array.shape), step.output
    if largest.shape != kept:
        largest = build.intermediate("largest", Reshape(kept), largest, about=array, purpose=BACK_IN_PLACE)
        delta = build.intermediate("kept", Reshape(kept), delta, about=array, purpose=BACK_IN_PLACE)
    wins = build.intermediate("wins", Equal(), array, largest, about=array, purpose=_WINS)
    ties = build.intermediate("ties", Sum(op.reduced(len(array.shape)), keepdims=True), wins, about=array)
    share = build.intermediate("share", Divide(), delta, ties, about=array, purpose=_SHARED_TIES)
    return build.gradient(array, Hadamard(), wins, share, purpose=_TO_WINNERS)


_SHARE = Purpose(
    "A mean over K cells moves by 1/K of what one cell does.",
    why="Each cell has one part in K of the mean, so each gets one part in K of its gradient.",
    look="The pattern of {c} is that of {b}.",
)
_SAME_SHARE = Purpose(
    "Every cell of a mean gets the same share of its gradient.",
    why="All cells had the same part in the mean, so all get the same back.",
    look="Along the axes that were averaged all cells of {c} are equal.",
)
_WINS = Purpose(
    "1 where a cell is the largest, 0 elsewhere.",
    why="Only the largest cell moved the maximum; this map says where it was.",
    look="Where several cells are equally large, there are as many ones.",
)
_SHARED_TIES = Purpose(
    "Equal cells share the gradient evenly.",
    why="Where several cells are the largest, none of them is the winner alone.",
    look="Where there is one winner, {c} is {a}.",
)
_TO_WINNERS = Purpose(
    "The gradient goes to the largest cells; the others had no say.",
    why="A small change of a cell that is not the largest leaves the maximum as it is.",
    look="Most cells of {c} are 0.",
)
