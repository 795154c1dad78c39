"""Measure probabilities against the targets by their logarithm: of a whole row, or of each output by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ops import longhand
from core.ops.activations import Sigmoid
from core.ops.base import (
    Cells,
    Combine,
    Example,
    GradientBuilder,
    Gradients,
    Purpose,
    Scratch,
    Step,
    Terms,
    indexed,
)
from core.ops.elementwise import Paired, Scale, Subtract
from core.ops.losses.base import Loss, share_of, varies, weighted
from core.ops.softmax import Softmax
from core.values import Array, Index, Range, Shape, Value


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

    of_probabilities = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)), ("distribution", "one_hot"))
        yield Example(cls(), ((1, 4), (1, 4)), ("distribution", "distribution"))
        yield Example(cls(), ((2, 3, 4), (2, 3, 4)), ("distribution", "one_hot"))

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        probability, y = arrays
        logs = np.empty_like(probability) if scratch is None else scratch["cells"]
        np.maximum(probability, np.finfo(probability.dtype).tiny, out=logs)
        np.log(logs, out=logs)
        np.multiply(y, logs, out=logs)
        result = np.add.reduce(logs, axis=-1, keepdims=True, out=out)
        return np.negative(result, out=result)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        out, y = step.inputs
        if not build.wants(out):
            return {}
        producer = build.producer(out)
        if producer and isinstance(producer.op, Softmax) and not build.through_jacobian and not varies(delta):
            (net,) = producer.inputs
            if delta is None:
                return {net: build.gradient(net, Subtract(), out, y, purpose=_DIFFERENCE)}
            error = build.intermediate("error", Subtract(), out, y, about=net, purpose=_DIFFERENCE)
            return {net: build.gradient(net, Scale(), delta, error, purpose=share_of(net, "error"))}
        ratio = build.intermediate("ratio", TargetRatio(), y, out, about=out, purpose=_RATIO)
        minus = build.constant("minus_one", -1.0, "-1")
        if delta is None:
            return {out: build.gradient(out, Scale(), minus, ratio, purpose=_MINUS)}
        negative = build.intermediate("slope", Scale(), minus, ratio, about=out, purpose=_MINUS)
        return {out: weighted(build, out, delta, negative)}

    def equation(self, *symbols: str) -> str:
        return rf"-\sum_{{j}} {indexed(symbols[1], 'j')} \ln {indexed(symbols[0], 'j')}"

    def source(self, *names: str) -> str:
        out, y = names
        return f"-({y} * np.log(np.maximum({out}, np.finfo({out}.dtype).tiny))).sum(axis=-1, keepdims=True)"

    def added(self, out: Array, y: Array) -> NDArray[np.float64]:
        logs: NDArray[np.float64] = np.log(np.maximum(out, np.finfo(out.dtype).tiny).astype(np.float64))
        return -y * logs


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """Measure outputs that are probabilities, each of its own question, with the binary cross-entropy, in nats.

    l[i] = - sum over j of (y[i, j] ln(out[i, j]) + (1 - y[i, j]) ln(1 - out[i, j])). A probability of 0 counts as the
    smallest positive normal number, and one of 1 as the largest number below it, so that a hopeless prediction costs
    much and is not infinite.

    After a sigmoid the derivative is dl/dnet = out - y.

    References
    ----------
    Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.2.
    """

    title = "Binary cross-entropy"
    says = "Minus the logarithm of what each output gives to its target: {a} to a 1, the rest of 1 to a 0."
    why = (
        "Training needs one number that is small when the output is right. Here each output answers a question of "
        "its own with yes or no; minus the logarithm of what it gives to the right answer punishes a sure mistake most."
    )
    look = "Find the output that adds most to {c}: it is the surest of the wrong answer."
    helpers = (longhand.binary_cross_entropy,)
    of_probabilities = True

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)), ("distribution", "one_hot"))
        yield Example(cls(), ((1, 4), (1, 4)), ("distribution", "distribution"))

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"cells": shapes[0], "others": shapes[0]}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        probability, y = arrays
        room = Scratch.allocate(self.scratch_shapes(y.shape), y.dtype) if scratch is None else scratch
        cells, others = room["cells"], room["others"]
        np.minimum(probability, _most(probability), out=others)
        np.log1p(np.negative(others, out=others), out=others)
        np.multiply(np.subtract(1, y, out=cells), others, out=others)
        np.log(np.maximum(probability, np.finfo(probability.dtype).tiny, out=cells), out=cells)
        np.add(np.multiply(y, cells, out=cells), others, out=cells)
        result = np.add.reduce(cells, axis=-1, keepdims=True, out=out)
        return np.negative(result, out=result)

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        out, y = step.inputs
        if not build.wants(out):
            return {}
        producer = build.producer(out)
        if producer and isinstance(producer.op, Sigmoid):
            (net,) = producer.inputs
            if delta is None:
                return {net: build.gradient(net, Subtract(), out, y, purpose=_BINARY_DIFFERENCE)}
            error = build.intermediate("error", Subtract(), out, y, about=net, purpose=_BINARY_DIFFERENCE)
            return {net: weighted(build, net, delta, error, "error")}
        if delta is None:
            return {out: build.gradient(out, BinaryEntropySlope(), y, out)}
        slope = build.intermediate("slope", BinaryEntropySlope(), y, out, about=out)
        return {out: weighted(build, out, delta, slope)}

    def equation(self, *symbols: str) -> str:
        out, y = (indexed(symbol, "j") for symbol in symbols)
        yes, no = rf"{y} \ln {out}", rf"\left(1 - {y}\right) \ln \left(1 - {out}\right)"
        return rf"-\sum_{{j}} \left({yes} + {no}\right)"

    def source(self, *names: str) -> str:
        return f"binary_cross_entropy({', '.join(names)})"

    def added(self, out: Array, y: Array) -> NDArray[np.float64]:
        yes = np.log(np.maximum(out, np.finfo(out.dtype).tiny).astype(np.float64))
        no = np.log1p(-np.minimum(out, _most(out)).astype(np.float64))
        targets = y.astype(np.float64)
        return -(targets * yes + (1 - targets) * no)


@dataclass(frozen=True)
class TargetRatio(Paired):
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
class BinaryEntropySlope(Paired):
    """Differentiate the binary cross-entropy of each output by that output.

    d = (1 - y) / (1 - p) - y / p. As in the binary cross-entropy a probability of 0 counts as the smallest positive
    normal number, and one of 1 as the largest number below it, so that the slope is finite.
    """

    title = "Slope of the binary cross-entropy"
    says = "One over what is left of 1, where {a} is 0; minus one over {b}, where it is 1."
    why = "The slope of the logarithm is one over its argument; the target in {a} picks whose."
    look = "A cell of {c} is negative where its target is 1; the surer the wrong answer was, the larger it is."
    inplace = False
    differentiable = False
    helpers = (longhand.binary_slope,)
    sign = tex = ""

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)), ("one_hot", "distribution"))
        yield Example(cls(), ((2, 1, 3), (2, 1, 3)), ("distribution", "distribution"))

    def cuts(self, axis: int, *shapes: Shape) -> None:
        return None

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"cells": shapes[0]}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        y, probability = arrays
        cells = np.empty_like(y) if scratch is None else scratch["cells"]
        out = np.minimum(probability, _most(probability), out=out)
        np.subtract(1, out, out=out)
        np.divide(np.subtract(1, y, out=cells), out, out=out)
        np.maximum(probability, np.finfo(probability.dtype).tiny, out=cells)
        return np.asarray(np.subtract(out, np.divide(y, cells, out=cells), out=out))

    def equation(self, *symbols: str) -> str:
        y, p = symbols
        return rf"\frac{{1 - {y}}}{{1 - {p}}} - \frac{{{y}}}{{{p}}}"

    def source(self, *names: str) -> str:
        return f"binary_slope({', '.join(names)})"

    def output_range(self, *ranges: Range) -> Range:
        return Range.SIGNED

    def _combine(self, index: Index, cells: tuple[Cells, ...], a: float, b: float) -> Terms:
        limits = np.finfo(cells[1].values.dtype)
        least, most = float(limits.tiny), float(1 - limits.epsneg)
        slope = (1 - a) / (1 - np.minimum(b, most)) - a / np.maximum(b, least)
        return Terms(index, cells, np.array([slope]), Combine.APPLY)


def _most(probability: Array) -> float:
    """Return the largest number below 1."""
    return float(1 - np.finfo(probability.dtype).epsneg)


_BINARY_DIFFERENCE = Purpose(
    "Sigmoid and binary cross-entropy together leave the difference of output and target.",
    why="The slope of the loss divides by the output and by what is left of 1, and the slope of the sigmoid is their "
    "product: both cancel, and the difference is left, however sure the output is.",
    look="A negative cell asks its score to rise, a positive one to fall; each output is judged by itself.",
)
_DIFFERENCE = Purpose(
    "Softmax and cross-entropy together leave the difference of output and target.",
    why="The logarithm of the loss divides by the probability, and softmax multiplies by it: both cancel. "
    "What is left is the difference, wherever the targets of a row add up to 1.",
    look="A negative cell asks its score to rise, a positive one to fall; each row adds up to 0.",
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
