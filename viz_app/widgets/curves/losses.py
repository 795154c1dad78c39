"""Decide what is drawn of the losses: what a line may join, what is smoothed, and what has no place on the axis."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.run.record import Series

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST, LARGEST = 1e-300, 1e300
"""From the least number on a logarithmic axis to the largest on any: beyond them an axis has no numbers."""
SMOOTHED = 20
"""So many losses of different samples make a point of the smoothed line."""
SETTLED = 5
"""With fewer of them there is no smoothed line yet."""
MOST = 2_000
"""Of more losses the least and the largest of every so many are drawn: there are not as many pixels."""
_MOST_EDGES = 200
"""Only the newest so many have a mark at the edge."""


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


def loss_curve(losses: Series, other_samples: Flags, *, logarithmic: bool, smoothed: int = SMOOTHED) -> LossCurve:
    """Return what is drawn of losses.

    Parameters
    ----------
    losses : Series
        The iterations and their losses, in order.
    other_samples : ndarray of bool
        Whether each is of other samples than the one before.
    logarithmic : bool
        Whether the axis is logarithmic.
    smoothed : int
        So many losses of different samples make a point of the smoothed line.
    """
    x, y, anew = losses.iterations.astype(float), losses.numbers, other_samples
    placed = (y >= LEAST if logarithmic else y >= -LARGEST) & (y <= LARGEST)
    chosen = _drawn(y, placed)
    other = anew | np.append(anew[1:], False)[: len(y)]
    finite = np.abs(y) <= LARGEST
    settled = (np.cumsum(other & finite) >= SETTLED)[chosen]
    mean = _means(y, other & finite, chosen, smoothed)
    if logarithmic:
        mean = np.where(mean > 0, mean, y[chosen])
    unbroken = np.cumsum(~placed | anew)  # the same at two losses that a line may join
    joined = np.append(unbroken[chosen[1:]] == unbroken[chosen[:-1]], False)[: len(chosen)]
    edges = tuple((int(x[i]), _edge(float(y[i]))) for i in np.flatnonzero(~placed)[-_MOST_EDGES:])
    return LossCurve(x[chosen], y[chosen], joined, other[chosen], mean, settled, edges)


def _drawn(y: Numbers, placed: Flags) -> NDArray[np.intp]:
    """Return which losses are drawn: all that have a place, or the least and the largest of every few."""
    places = np.flatnonzero(placed)
    if len(places) <= MOST:
        return places
    width = 1 << (2 * len(places) - 1).bit_length() - MOST.bit_length()
    bins = -(-len(places) // width)
    padded = np.pad(y[places], (0, bins * width - len(places)), mode="edge").reshape(bins, width)
    starts = np.arange(bins) * width
    ends = padded.argmin(axis=1) + starts, padded.argmax(axis=1) + starts
    return np.asarray(places[np.unique(np.concatenate([[0, len(places) - 1], *ends]))])


def _edge(loss: float) -> Edge:
    if np.isnan(loss):
        return Edge.NAN
    if abs(loss) > LARGEST:
        return Edge.HIGH if loss > 0 else Edge.LOW
    return Edge.ZERO


def _means(y: Numbers, counted: Flags, chosen: NDArray[np.intp], smoothed: int) -> Numbers:
    """Return the mean of the last few counted losses up to each chosen one."""
    if not counted.any():
        return y[chosen]
    kept = np.concatenate([np.full(smoothed - 1, np.nan), y[counted]])
    last = np.cumsum(counted)[chosen] - 1
    windows = np.lib.stride_tricks.sliding_window_view(kept, smoothed)
    means = np.nanmean(windows[np.maximum(last, 0)], axis=1)
    return np.where(last >= 0, means, y[chosen])
