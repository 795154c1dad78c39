"""Sample the curve that an activation function or a loss follows."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.ops.activations import Sigmoid, Tanh
from core.ops.base import Op
from core.ops.losses import BinaryCrossEntropy, HuberError, Loss
from core.ops.unary import Unary
from core.values import Index
from viz_app.frame.levels import Levels
from viz_app.frame.views import MapView

Numbers = NDArray[np.float64]

_BEND = 4.0
"""How far a curve is drawn at least that would look straight near 0."""
_LEAST_END, _MOST_END = 1e-30, 1e30
"""How far a curve is drawn at least and at most: beyond, the numbers of its ends cannot be held."""
_FARTHEST = 1.05
"""How far an output is from its target at least where the curve of a distance ends."""
_NEAREST = 0.004
"""The least probability on the curve of a cross-entropy, which is infinite at 0."""
_LINE = 2.0
"""So many times its limit is how far the curve of a Huber error goes: half of it is straight."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A function of one number: ``ys`` of ``xs``, both of shape (K,).

    ``points`` are the outputs of the explained sample on the curve of a loss, (N, 2). The curve of an activation
    function has none of its own: every cell of the operand and the result is a point on it.
    """

    xs: Numbers
    ys: Numbers
    points: Numbers


def curve_of(op: Op, operands: tuple[MapView, ...], cell: Index | None) -> Curve | None:
    """Return the curve of an operation that has one; ``cell`` is the output cell that is explained."""
    if isinstance(op, Unary):
        return Curve(*_function(op, *_ends(op, operands[0].levels)), np.empty((0, 2)))
    if isinstance(op, Loss) and cell is not None:
        outputs, targets = (np.asarray(view.array, np.float64)[cell[:-1]] for view in operands)
        return _of_sample(op, outputs, targets) if np.isfinite(outputs).all() else None
    return None


def _ends(op: Unary, levels: Levels) -> tuple[float, float]:
    """Return where a curve begins and ends: with the numbers that the colours of its argument stand for."""
    end = min(max(abs(levels.low), abs(levels.high), _LEAST_END), _MOST_END)
    if isinstance(op, (Sigmoid, Tanh)):
        end = max(end, _BEND)
    return (0.0 if levels.low >= 0 else -end), end


@lru_cache(maxsize=64)
def _function(op: Unary, low: float, high: float) -> tuple[Numbers, Numbers]:
    xs = np.linspace(low, high, 201)
    with np.errstate(all="ignore"):
        return _read_only(xs, np.asarray(op.compute(xs), np.float64))


def _of_sample(op: Loss, outputs: Numbers, targets: Numbers) -> Curve:
    """Return the loss of one output as a function of what it gives to its target, or of its distance from it."""
    if isinstance(op, BinaryCrossEntropy):
        places, target = np.where(targets >= 0.5, outputs, 1 - outputs), 1.0
    elif op.of_probabilities:
        places, target = outputs[targets != 0], 1.0
    else:
        places, target = outputs - targets, 0.0
    return Curve(*_loss(op), np.column_stack([places, _losses(op, places, target)]))


@lru_cache(maxsize=8)
def _loss(op: Loss) -> tuple[Numbers, Numbers]:
    end = max(_FARTHEST, _LINE * op.limit if isinstance(op, HuberError) else 0.0)
    low, high, target = (_NEAREST, 1.0, 1.0) if op.of_probabilities else (-end, end, 0.0)
    xs = np.linspace(low, high, 160)
    return _read_only(xs, _losses(op, xs, target))


def _losses(op: Loss, outputs: Numbers, target: float) -> Numbers:
    """Return the loss of each output by itself."""
    column = outputs[:, None]
    return np.asarray(op.compute(column, np.full_like(column, target))[:, 0], np.float64)


def _read_only(xs: Numbers, ys: Numbers) -> tuple[Numbers, Numbers]:
    xs.setflags(write=False)
    ys.setflags(write=False)
    return xs, ys
