"""Measure how far outputs are from their targets: by squares, by absolute values, or by both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.ops import longhand
from core.ops.base import (
    Example,
    GradientBuilder,
    Gradients,
    Op,
    Purpose,
    Scratch,
    Step,
)
from core.ops.elementwise import Subtract
from core.ops.limits import Clip, Sign
from core.ops.losses.base import Loss, weighted
from core.values import Array, Shape, Value, is_number


class Distance(Loss, abstract=True):
    """What the losses have in common that depend on the errors out - y alone, and so have slopes that do."""

    slope_name: ClassVar[str] = "slope"
    """What the slope is called where it is multiplied by what the samples count."""

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)))
        yield Example(cls(), ((1, 2), (1, 2)))
        yield Example(cls(), ((2, 3, 2), (2, 3, 2)))

    def gradients(self, step: Step, delta: Value | None, build: GradientBuilder) -> Gradients:
        out, y = step.inputs
        if not build.wants(out):
            return {}
        op, inputs, purpose = self.slope(out, y, build)
        if delta is None:
            return {out: build.gradient(out, op, *inputs, purpose=purpose)}
        slope = build.intermediate(self.slope_name, op, *inputs, about=out, purpose=purpose)
        return {out: weighted(build, out, delta, slope)}

    def slope(self, out: Value, y: Value, build: GradientBuilder) -> tuple[Op, tuple[Value, ...], Purpose]:
        """Return the operation that makes the slope of the loss at each output, of what, and what it is for."""
        raise NotImplementedError

    def added(self, out: Array, y: Array) -> NDArray[np.float64]:
        return self.added_by(out.astype(np.float64) - y)

    def added_by(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what outputs with these errors add to the loss."""
        raise NotImplementedError


@dataclass(frozen=True)
class SquaredError(Distance):
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
    slope_name = "error"

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        error = _errors(arrays, scratch)
        result = np.add.reduce(np.multiply(error, error, out=error), axis=-1, keepdims=True, out=out)
        return np.multiply(result, 0.5, out=result)

    def slope(self, out: Value, y: Value, build: GradientBuilder) -> tuple[Op, tuple[Value, ...], Purpose]:
        return Subtract(), (out, y), _ERROR

    def equation(self, *symbols: str) -> str:
        return rf"\frac{{1}}{{2}} \sum_{{j}} \left({symbols[0]} - {symbols[1]}\right)_{{j}}^{{2}}"

    def source(self, *names: str) -> str:
        return f"0.5 * (({names[0]} - {names[1]})**2).sum(axis=-1, keepdims=True)"

    def added_by(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.5 * error**2


@dataclass(frozen=True)
class AbsoluteError(Distance):
    """Measure the distance to the target with the sum of absolute values.

    l[i] = sum over j of |out[i, j] - y[i, j]|.

    Derivative: dl/dout = sign(out - y), with 0 where they are equal, as PyTorch chooses, too.

    References
    ----------
    Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009), section 10.6.
    """

    title = "Absolute error"
    says = "The sum of the differences between output and target, whatever their sign."
    why = (
        "Training needs one number that is small when the output is right. Here twice the error costs twice as much, "
        "and no more, so that one odd sample cannot outweigh all others."
    )
    look = "Every output that is not right pulls by the same amount, however large its part of {c} is."

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        error = _errors(arrays, scratch)
        return np.asarray(np.add.reduce(np.absolute(error, out=error), axis=-1, keepdims=True, out=out))

    def slope(self, out: Value, y: Value, build: GradientBuilder) -> tuple[Op, tuple[Value, ...], Purpose]:
        error = build.intermediate("error", Subtract(), out, y, about=out, purpose=_DISTANCE)
        return Sign(), (error,), _SIDE

    def equation(self, *symbols: str) -> str:
        return rf"\sum_{{j}} \left|{symbols[0]} - {symbols[1]}\right|_{{j}}"

    def source(self, *names: str) -> str:
        return f"np.abs({names[0]} - {names[1]}).sum(axis=-1, keepdims=True)"

    def added_by(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.abs(error)


@dataclass(frozen=True)
class HuberError(Distance):
    """Measure small distances to the target with squares, and large ones with absolute values.

    l[i] = sum over j of h(out[i, j] - y[i, j]), with h(e) = e²/2 up to |e| = d, and d (|e| - d/2) beyond. In one line
    it is h(e) = c (e - c/2), where c is e, brought between -d and d.

    Derivative: dl/dout = c.

    Parameters
    ----------
    limit : float
        d, positive and finite: how far an error is squared.

    References
    ----------
    Huber, "Robust Estimation of a Location Parameter" (1964).
    """

    limit: float = 1.0

    title = "Huber error"
    says = "Half the square of each difference up to the limit d, beyond it a straight line; all added up."
    why = (
        "Training needs one number that is small when the output is right. Squares are gentle near the target, and a "
        "straight line keeps one odd sample from outweighing all others: this has both."
    )
    look = "Find the outputs further than d from their target: beyond it they pull no harder."
    helpers = (longhand.huber,)

    def __post_init__(self) -> None:
        """Check the limit."""
        check_limit(self.limit)

    @classmethod
    def examples(cls) -> Iterator[Example]:
        yield Example(cls(), ((3, 4), (3, 4)))
        yield Example(cls(0.25), ((1, 2), (1, 2)))

    def scratch_shapes(self, *shapes: Shape) -> Mapping[str, Shape]:
        return {"cells": shapes[0], "half": shapes[0]}

    def compute(self, *arrays: Array, out: Array | None = None, scratch: Scratch | None = None) -> Array:
        y = arrays[1]
        room = Scratch.allocate(self.scratch_shapes(y.shape), y.dtype) if scratch is None else scratch
        cells, half = _errors(arrays, room), room["half"]
        np.clip(cells, -self.limit, self.limit, out=half)
        np.multiply(half, 0.5, out=half)
        np.multiply(np.subtract(cells, half, out=cells), half, out=cells)
        result = np.add.reduce(cells, axis=-1, keepdims=True, out=out)
        return np.multiply(result, 2, out=result)  # twice the half of c

    def slope(self, out: Value, y: Value, build: GradientBuilder) -> tuple[Op, tuple[Value, ...], Purpose]:
        limit = build.constant("huber_limit", self.limit, "d")
        error = build.intermediate("error", Subtract(), out, y, about=out, purpose=_DISTANCE)
        return Clip(), (limit, error), _LIMITED

    def equation(self, *symbols: str) -> str:
        return rf"\sum_{{j}} h\left({symbols[0]} - {symbols[1]}\right)_{{j}}"

    def source(self, *names: str) -> str:
        return f"huber({names[0]} - {names[1]}, {self.limit!r}).sum(axis=-1, keepdims=True)"

    def added_by(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        near = np.clip(error, -self.limit, self.limit)
        return near * (error - 0.5 * near)


def _errors(arrays: tuple[Array, ...], scratch: Scratch | None) -> Array:
    """Return out - y, in memory that may be written to."""
    output, y = arrays
    return np.subtract(output, y, out=np.empty_like(y) if scratch is None else scratch["cells"])


def check_limit(limit: object) -> None:
    """Raise ValueError unless this can be the limit of a Huber error."""
    if not is_number(limit) or not 0 < limit < inf:  # type: ignore[operator]
        raise ValueError(f"expected a positive, finite limit of the Huber error; got {limit!r}")


_ERROR = Purpose(
    "The derivative of half the squared error is the error itself.",
    why="The 2 of the square and the half of the loss cancel, and the error is left.",
    look="The sign says whether an output is too large or too small; a small error pulls only gently.",
)
_DISTANCE = Purpose(
    "How far each output is from its target, and on which side.",
    why="The slope of the loss depends on nothing but the distance between output and target.",
    look="The sign says whether an output is too large or too small.",
)
_SIDE = Purpose(
    "The slope of an absolute value is its sign.",
    why="An absolute value rises by 1 on one side of 0 and by −1 on the other; where output and target are equal the "
    "slope counts as 0.",
    look="However small an error is, it pulls as hard as a large one.",
)
_LIMITED = Purpose(
    "The slope of the Huber error is the error itself, and no more than the limit.",
    why="The slope of half a square is the error; that of the straight line beyond is the limit, with the sign of the "
    "error.",
    look="Only errors beyond {a} have been changed; small ones pull as those of the squared error do.",
)
