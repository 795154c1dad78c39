"""Measure how far the output is from the target, sample by sample."""

from collections.abc import Iterator, Mapping
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
    Purpose,
    Scratch,
    Step,
    Terms,
    indexed,
    indices_of,
)
from core.ops.elementwise import Binary, Scale, Subtract
from core.ops.softmax import Softmax
from core.values import Array, Index, Range, Shape, Value


class Loss(Op, abstract=True):
    """What the losses have in common: one number a sample.

    Shapes: outputs (N, n) and targets (N, n) give (N, 1).

    Raises
    ------
    ShapeError
        If the shapes differ or are not matrices.
    """

    arity = 2
    accepts_uniform = True
    constant_inputs = (1,)

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        out, y = shapes
        if len(out) != 2 or out != y:
            raise self.fail("outputs and targets of one shape (samples × outputs)", out, y)
        return (out[0], 1)

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"cells": shapes[0]}

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(index[0], 0)

    def output_range(self, *ranges: Range) -> Range:
        return Range.NON_NEGATIVE


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """Measure a predicted distribution against the target with the cross-entropy, in nats.

    l[i] = - sum over j of y[i, j] ln(out[i, j]). A probability of 0 counts as the smallest positive
    normal number, so that a hopeless prediction costs much and is not infinite.

    After softmax, with targets that add up to 1, the derivative is dl/dnet = out - y.

    References
    ----------
    Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 3.13.
    """

    title = "Cross-entropy"
    says = "Minus the logarithm of each probability, weighted by its target, all added up."
    why = (
        "Training needs one number that is small when the output is right. Minus the logarithm punishes a "
        "confident mistake most; a probability of 0 counts as the smallest normal number, so that the loss stays "
        "finite."
    )
    look = "An output that agrees with its target costs 0 where the target is certain."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)), ("distribution", "one_hot"))
        yield Example(cls(), ((1, 4), (1, 4)), ("distribution", "distribution"))

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        probability, y = arrays
        logs = np.empty_like(probability) if scratch is None else scratch["cells"]
        np.maximum(probability, np.finfo(probability.dtype).tiny, out=logs)
        np.log(logs, out=logs)
        np.multiply(y, logs, out=logs)
        result = np.add.reduce(logs, axis=1, keepdims=True, out=out)
        return np.negative(result, out=result)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        out, y = step.inputs
        if not build.wants(out):
            return {}
        producer = build.producer(out)
        if producer and isinstance(producer.op, Softmax) and not build.through_jacobian and not _varies(delta):
            (net,) = producer.inputs
            if delta is None:
                return {net: build.gradient(net, Subtract(), out, y, purpose=_DIFFERENCE)}
            error = build.intermediate("error", Subtract(), out, y, about=net, purpose=_DIFFERENCE)
            return {net: build.gradient(net, Scale(), delta, error, purpose=_SHARE_OF_ERROR)}
        ratio = build.intermediate("ratio", TargetRatio(), y, out, about=out, purpose=_RATIO)
        minus = build.constant("minus_one", -1.0, "-1")
        if delta is None:
            return {out: build.gradient(out, Scale(), minus, ratio, purpose=_MINUS)}
        negative = build.intermediate("slope", Scale(), minus, ratio, about=out, purpose=_MINUS)
        return {out: _weighted(build, out, delta, negative)}

    def equation(self, *symbols: str) -> str:
        return rf"-\sum_{{j}} {indexed(symbols[1], 'j')} \ln {indexed(symbols[0], 'j')}"

    def source(self, *names: str) -> str:
        out, y = names
        return f"-({y} * np.log(np.maximum({out}, np.finfo({out}.dtype).tiny))).sum(axis=1, keepdims=True)"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        probability, y = (array[index[0]] for array in arrays)
        where = indices_of(index[0], range(len(y)))
        logs = np.log(np.maximum(probability, np.finfo(probability.dtype).tiny).astype(np.float64))
        return Terms(index, (Cells(0, where, probability), Cells(1, where, y)), -y * logs)


@dataclass(frozen=True)
class SquaredError(Loss):
    """Measure the distance to the target with half the sum of squares.

    l[i] = 1/2 sum over j of (out[i, j] - y[i, j])².

    Derivative: dl/dout = out - y; the factor 1/2 cancels the 2 of the square.

    References
    ----------
    Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986);
    M. Mazur, "A Step by Step Backpropagation Example".
    """

    title = "Squared error"
    says = "Half the sum of the squared differences between output and target."
    why = (
        "Training needs one number that is small when the output is right. Squares punish one large error more "
        "than many small ones; the half cancels the 2 of the derivative."
    )
    look = "Find the output that adds most to {c}: it will get the largest gradient."

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)))
        yield Example(cls(), ((1, 2), (1, 2)))

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        output, y = arrays
        error = np.subtract(output, y, out=np.empty_like(y) if scratch is None else scratch["cells"])
        result = np.add.reduce(np.multiply(error, error, out=error), axis=1, keepdims=True, out=out)
        return np.multiply(result, 0.5, out=result)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        out, y = step.inputs
        if not build.wants(out):
            return {}
        if delta is None:
            return {out: build.gradient(out, Subtract(), out, y, purpose=_ERROR)}
        error = build.intermediate("error", Subtract(), out, y, about=out, purpose=_ERROR)
        return {out: _weighted(build, out, delta, error)}

    def equation(self, *symbols: str) -> str:
        return rf"\frac{{1}}{{2}} \sum_{{j}} \left({symbols[0]} - {symbols[1]}\right)_{{j}}^{{2}}"

    def source(self, *names: str) -> str:
        return f"0.5 * (({names[0]} - {names[1]})**2).sum(axis=1, keepdims=True)"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        out, y = (array[index[0]] for array in arrays)
        where = indices_of(index[0], range(len(y)))
        error = out.astype(np.float64) - y
        return Terms(index, (Cells(0, where, out), Cells(1, where, y)), 0.5 * error**2)


@dataclass(frozen=True)
class TargetRatio(Binary):
    """Divide targets by probabilities: the slope of the cross-entropy, without its sign.

    r = y / p. As in the cross-entropy a probability of 0 counts as the smallest positive normal number, so that the
    ratio is finite, and 0 where the target is 0.
    """

    title = "Quotient"
    says = "Cell by cell, the target over the probability; one of 0 counts as the smallest normal number."
    why = "The slope of the logarithm of {b} is 1 / {b}, and the loss takes the logarithm {a} times."
    look = "Where {a} is 0, so is {c}; the less probable the true class was, the larger is its cell."
    inplace = False
    differentiable = False
    ufunc = np.divide
    tex = r"\oslash"
    sign = "/"

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        y, probability = arrays
        out = np.maximum(probability, np.finfo(probability.dtype).tiny, out=out)
        return np.asarray(np.divide(y, out, out=out if out.shape else None))

    def source(self, *names: str) -> str:
        y, probability = names
        return f"{y} / np.maximum({probability}, np.finfo({probability}.dtype).tiny)"

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        least = np.finfo(cells[1].values.dtype).tiny
        return Terms(index, cells, np.array([a / np.maximum(b, float(least))]), Combine.APPLY)


@dataclass(frozen=True)
class ScaleRows(Op):
    """Multiply each row by that row's own number.

    c[i, j] = s[i, 0] a[i, j].

    Shapes: (N, 1) and (N, n) give (N, n).

    Raises
    ------
    ShapeError
        If there is not one number for each row.
    """

    title = "Scaling of rows"
    says = "Each row times its own number."
    why = "The samples need not count alike: each row of {b} has its own factor in {a}."
    look = "A row whose factor is 0 vanishes."
    arity = 2
    differentiable = False

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 1), (3, 4)))

    def output_shape(self, *shapes: Shape) -> Shape:
        self.check_arity(shapes)
        numbers, rows = shapes
        if len(rows) != 2 or numbers != (rows[0], 1):
            raise self.fail("a column of numbers and as many rows", *shapes)
        return rows

    def compute(self, *arrays: Array, out: Array | None = None) -> Array:
        return np.asarray(np.multiply(arrays[0], arrays[1], out=out))

    def cuts(self, axis: int, *shapes: Shape) -> tuple[int | None, ...] | None:
        return 0 if axis == 0 else None, axis

    def equation(self, *symbols: str) -> str:
        return rf"{symbols[0]} \odot {symbols[1]}"

    def source(self, *names: str) -> str:
        return f"{names[0]} * {names[1]}"

    def terms(self, index: Index, *arrays: Array) -> Terms:
        number, cell = arrays[0][index[0], 0], arrays[1][index]
        cells = Cells(0, indices_of(index[0], 0), number[None]), Cells(1, indices_of(*index), cell[None])
        return Terms(index, cells, np.array([float(number) * float(cell)]))

    def reach(self, i: int, index: Index, *shapes: Shape) -> Indices:
        return indices_of(index[0], range(shapes[1][1])) if i == 0 else indices_of(*index)


def _varies(delta: Value | None) -> bool:
    return delta is not None and delta.shape != ()


def _weighted(build: GradientBuilder, out: Value, delta: Value, slope: Value) -> Value:
    """Append the slope of a loss, times what the loss of each sample counts."""
    if delta.shape == ():
        return build.gradient(out, Scale(), delta, slope, purpose=_SHARE)
    return build.gradient(out, ScaleRows(), delta, slope)


_DIFFERENCE = Purpose(
    "Softmax and cross-entropy together leave the difference of output and target.",
    why="The logarithm of the loss divides by the probability, and softmax multiplies by it: both cancel. "
    "What is left is the difference, wherever the targets of a row add up to 1.",
    look="A negative cell asks its score to rise, a positive one to fall; each row adds up to 0.",
)
_ERROR = Purpose(
    "The derivative of half the squared error is the error itself.",
    why="The 2 of the square and the half of the loss cancel, and the error is left.",
    look="The sign says whether an output is too large or too small; a small error pulls only gently.",
)
_RATIO = Purpose(
    "The slope of the logarithm is one over its argument; the target picks whose.",
    why="Only probabilities with a target count; the less likely such an answer was, the steeper the loss.",
    look="A cell that is not 0 has a target; a large one was nearly ruled out by the network.",
)
_MINUS = Purpose(
    "Cross-entropy is minus the logarithm, so its slope has the other sign.",
    why="A probability that grows makes its logarithm grow and the loss shrink, so the slope is negative.",
    look="The same pattern as {b}, with the other sign.",
)
_SHARE = Purpose(
    "The loss is a mean over the batch, so each sample counts 1/N.",
    why="The loss of the batch is the mean over its N samples, so each adds 1/N of its own slope.",
    look="The pattern of {c} is that of {b}; with a batch of one sample nothing changes.",
)
_SHARE_OF_ERROR = Purpose(
    "The loss is a mean over the batch, so each sample's error counts 1/N.",
    why="The loss of the batch is the mean over its N samples, so each adds 1/N of its own error.",
    look="The pattern of {c} is that of {b}; with a batch of one sample nothing changes.",
)
