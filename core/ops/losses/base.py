"""What the losses have in common: one number a sample or token, and what each counts in the gradient."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.ops.base import (
    Cells,
    GradientBuilder,
    Indices,
    Op,
    Purpose,
    Terms,
    indices_of,
)
from core.ops.elementwise import Hadamard, Scale
from core.values import Array, Index, Range, Shape, Value


class Loss(Op, abstract=True):
    """What the losses have in common: one number a sample, or a token of it.

    Shapes: outputs (N, n) and targets (N, n) give (N, 1); in sequences (N, T, n) gives one number a token, (N, T, 1).

    Raises
    ------
    ShapeError
        If the shapes differ, or are neither matrices nor stacks of them.
    """

    arity = 2
    accepts_uniform = True
    constant_inputs = (1,)
    of_probabilities: ClassVar[bool] = False
    """Whether outputs and targets have to be probabilities."""

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        out, y = shapes
        if len(out) not in (2, 3) or out != y:
            raise self.fail("outputs and targets of one shape (samples × outputs)", out, y)
        return (*out[:-1], 1)

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"cells": shapes[0]}

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(*index[:-1], 0)

    def terms(self, index: Index, *arrays: Array) -> Terms:
        """Return what each output of a sample adds to its loss, beside the output and its target."""
        out, y = (array[index[:-1]] for array in arrays)
        where = indices_of(*index[:-1], range(len(y)))
        return Terms(index, (Cells(0, where, out), Cells(1, where, y)), self.added(out, y))

    def added(self, out: Array, y: Array) -> NDArray[np.float64]:
        """Return what each of the n outputs of a sample adds to its loss, in double precision."""
        raise NotImplementedError

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


def varies(delta: Value | None) -> bool:
    """Tell whether the samples do not count alike."""
    return delta is not None and delta.shape != ()


def weighted(build: GradientBuilder, of: Value, delta: Value, slope: Value, what: str = "slope") -> Value:
    """Append the slope of a loss (or the error), times what the loss of each sample counts."""
    if delta.shape == ():
        return build.gradient(of, Scale(), delta, slope, purpose=share_of(of, what))
    return build.gradient(of, Hadamard(), delta, slope, purpose=_BY_SAMPLE)


def share_of(outputs: Value, what: str) -> Purpose:
    """Return why what each sample has, or each token of a sequence, counts as one of many in the loss."""
    each = "" if what == "slope" else f"'s {what}"
    if len(outputs.shape) == 3:
        return Purpose(
            f"The loss is a mean over all tokens, so each token{each} counts 1/K.",
            why=f"The loss is the mean over all K tokens of the batch, so each adds 1/K of its own {what}.",
            look="The pattern of {c} is that of {b}.",
        )
    return Purpose(
        f"The loss is a mean over the batch, so each sample{each} counts 1/N.",
        why=f"The loss of the batch is the mean over its N samples, so each adds 1/N of its own {what}.",
        look="The pattern of {c} is that of {b}; with a batch of one sample nothing changes.",
    )


_BY_SAMPLE = Purpose(
    "Each row times its own number.",
    why="The samples need not count alike: each row of {b} has its own factor in {a}.",
    look="A row whose factor is 0 vanishes.",
)
