"""Decide what is drawn of the losses: what a line may join, what is smoothed, and what has no place on the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Losses = Sequence[tuple[int, float]]
Numbers = NDArray[np.float64]

LEAST, LARGEST = 1e-300, 1e300
"""From the least number on a logarithmic axis to the largest on any: beyond them an axis has no numbers."""
SMOOTHED = 20
"""So many losses of different samples make a point of the smoothed line."""
SETTLED = 5
"""With fewer of them there is no smoothed line yet."""


class Edge(StrEnum):
    """Why a loss has no place on the axis, and is marked at its edge."""

    NAN = "not a number"
    HIGH = "infinite or above 1e300"
    LOW = "minus infinite or below −1e300"
    ZERO = "0 or less, which has no logarithm"


@dataclass(frozen=True, eq=False)
class LossCurve:
    """What is drawn of losses.

    Parameters
    ----------
    x, y : ndarray of shape (K,)
        The iterations and the losses that have a place on the axis.
    joined : ndarray of bool, of shape (K,)
        Whether a line goes from each point to the next: both are of the same samples, and nothing is missing between.
    other : ndarray of bool, of shape (K,)
        Whether each point is of other samples than the one before, or than the one after it.
    mean : ndarray of shape (K,)
        The mean of the losses of different samples up to each point, ``SMOOTHED`` of them at most.
    settled : ndarray of bool, of shape (K,)
        Whether ``SETTLED`` losses or more went into the mean.
    edges : tuple of (int, Edge)
        The iterations whose losses have no place on the axis, and why.
    """

    x: Numbers
    y: Numbers
    joined: NDArray[np.bool_]
    other: NDArray[np.bool_]
    mean: Numbers
    settled: NDArray[np.bool_]
    edges: tuple[tuple[int, Edge], ...]

    @property
    def smoothed(self) -> NDArray[np.bool_]:
        """Whether the smoothed line goes from each point to the next: both are of different samples."""
        smooth = self.other & self.settled
        return np.asarray(smooth & np.append(smooth[1:], False)[: len(smooth)] & ~self.joined)


def loss_curve(losses: Losses, other_samples: Sequence[bool], *, logarithmic: bool) -> LossCurve:
    """Return what is drawn of losses.

    Parameters
    ----------
    losses : sequence of (int, float)
        The iterations and their losses, in order.
    other_samples : sequence of bool
        Whether each is of other samples than the one before.
    logarithmic : bool
        Whether the axis is logarithmic.
    """
    x = np.array([iteration for iteration, _ in losses], float)
    y = np.array([loss for _, loss in losses], float)
    anew = np.array(other_samples, bool)
    placed = (y >= LEAST if logarithmic else y >= -LARGEST) & (y <= LARGEST)
    joined = np.append(placed[:-1] & placed[1:] & ~anew[1:], False)[: len(y)]
    other = anew | np.append(anew[1:], False)[: len(y)]
    edges = tuple((int(x[i]), _edge(float(y[i]))) for i in np.flatnonzero(~placed))
    mean = _means(y, other)
    settled = np.cumsum(other & (np.abs(y) <= LARGEST)) >= SETTLED
    if logarithmic:
        mean = np.where(mean > 0, mean, y)
    return LossCurve(x[placed], y[placed], joined[placed], other[placed], mean[placed], settled[placed], edges)


def _edge(loss: float) -> Edge:
    if np.isnan(loss):
        return Edge.NAN
    if abs(loss) > LARGEST:
        return Edge.HIGH if loss > 0 else Edge.LOW
    return Edge.ZERO


def _means(y: Numbers, other: NDArray[np.bool_]) -> Numbers:
    """Return the mean up to each point of those that are of different samples; what is not finite is left out."""
    counted = other & (np.abs(y) <= LARGEST)
    if not counted.any():
        return y
    window = np.concatenate([np.full(SMOOTHED - 1, np.nan), y[counted]])
    means = np.nanmean(np.lib.stride_tricks.sliding_window_view(window, SMOOTHED), axis=1)
    last = np.cumsum(counted) - 1
    return np.where(last >= 0, means[np.maximum(last, 0)], y)
