"""Remember how layers have changed from iteration to iteration, in bounded room: norms, and histograms of values."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from math import frexp, isfinite

import numpy as np
from numpy.typing import NDArray

from core.values import Array

MOST_COLUMNS, MOST_NORMS = 256, 128
"""So many columns of a histogram, and norms, are remembered; when they are full, two and two become one."""
BINS = 128
"""Bins of a linear axis; an even number, so that 0 stands between two of them."""
_LEAST_REACH = 2.0**-40
_PER_DECADE, _LOWEST, _HIGHEST = 6, -12, 4
"""The logarithmic axis: bins of a power of ten, and the powers at its ends."""
LOG_BINS = _PER_DECADE * (_HIGHEST - _LOWEST) + 2
"""Besides those there is one for 0 and what is below the axis, and one for what is above it."""

Counts = NDArray[np.int64]
Merge = Callable[[NDArray[np.generic], NDArray[np.generic]], NDArray[np.generic]]


class Columns:
    """Rows of numbers for iterations that come one after the other; the oldest are merged two by two.

    Parameters
    ----------
    width : int
        Numbers of a column.
    merge : callable
        Makes one column of two.
    dtype : str
        What the numbers are.
    most : int
        So many columns there can be; an even number.
    """

    def __init__(self, width: int, merge: Merge, dtype: str, most: int = MOST_COLUMNS) -> None:
        self._merge, self._most, self._stride, self._taken = merge, most, 1, 0
        self.cells = np.zeros((most, width), dtype)
        self._first, self._last = np.zeros(most, np.int64), np.zeros(most, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def last(self) -> int:
        """The last iteration that was taken; -1 before the first."""
        return int(self._last[self._count - 1]) if self._count else -1

    @property
    def first(self) -> int:
        """The first iteration that was taken."""
        return int(self._first[0])

    @property
    def ends(self) -> NDArray[np.int64]:
        """The last iteration of every column."""
        return self._last[: self._count]

    @property
    def known(self) -> NDArray[np.generic]:
        """The columns, one a row, oldest first."""
        return self.cells[: self._count]

    def take(self, iteration: int, column: NDArray[np.generic]) -> None:
        """Take the column of an iteration that comes after all others."""
        if self._count and self._taken < self._stride:
            place = self._count - 1
            self.cells[place] = self._merge(self.cells[place], column)
            self._last[place], self._taken = iteration, self._taken + 1
            return
        if self._count == self._most:
            self._halve()
        place, self._count, self._taken = self._count, self._count + 1, 1
        self.cells[place] = column
        self._first[place] = self._last[place] = iteration

    def forget(self, iteration: int) -> None:
        """Forget all columns in which this iteration or a later one is."""
        kept = int(np.searchsorted(self._last[: self._count], iteration))
        if kept < self._count:
            self._count, self._taken = kept, self._stride
            if not kept:
                self._stride = 1

    def _halve(self) -> None:
        half = self._most // 2
        self.cells[:half] = self._merge(self.cells[0::2], self.cells[1::2])
        self._first[:half], self._last[:half] = self._first[0::2].copy(), self._last[1::2].copy()
        self._count, self._stride = half, 2 * self._stride


class Norms:
    """A norm over the iterations; of those that share a column, the largest."""

    def __init__(self) -> None:
        self._columns = Columns(1, np.maximum, "float64", MOST_NORMS)

    @property
    def iterations(self) -> NDArray[np.int64]:
        """The iterations, one for each norm."""
        return self._columns.ends

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The norms; what was not finite is infinite."""
        return np.asarray(self._columns.known[:, 0], np.float64)

    def take(self, iteration: int, norm: float) -> None:
        """Take the norm of an iteration, unless it has been taken."""
        if iteration > self._columns.last:
            self._columns.take(iteration, np.array([norm if isfinite(norm) else np.inf]))

    def forget(self, iteration: int) -> None:
        """Forget this iteration and all after it."""
        self._columns.forget(iteration)


class Axis(StrEnum):
    """How values are put into bins."""

    LINEAR = "linear"
    """Bins of the same width on both sides of 0; where they do not reach far enough, they become twice as wide."""
    SIZE = "size"
    """By the size of a value on a logarithmic axis: it shows how small they get."""


class Histogram:
    """How many values are in each bin, over the iterations.

    Parameters
    ----------
    axis : Axis
        What the bins are.
    """

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self._reach = _LEAST_REACH
        self._columns = Columns(BINS if axis is Axis.LINEAR else LOG_BINS, np.add, "int64")

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def counts(self) -> Counts:
        """The counts, shape (columns, bins): the oldest column and the lowest bin first."""
        return np.asarray(self._columns.known, np.int64)

    @property
    def first(self) -> int:
        """The first iteration."""
        return self._columns.first

    @property
    def last(self) -> int:
        """The last iteration; -1 before the first."""
        return self._columns.last

    def edge(self, place: int) -> float:
        """Return the number between two bins: ``place`` is the one above it."""
        if self.axis is Axis.LINEAR:
            return self._reach * (2 * place / BINS - 1)
        return 0.0 if place <= 0 else float("inf") if place >= LOG_BINS else 10 ** (_LOWEST + (place - 1) / _PER_DECADE)

    def take(self, iteration: int, values: Array) -> None:
        """Take the values of an iteration, unless it has been taken; what is no number is in no bin."""
        if iteration <= self._columns.last:
            return
        with np.errstate(all="ignore"):
            counts = self._linear(values) if self.axis is Axis.LINEAR else _by_size(values)
        self._columns.take(iteration, counts)

    def forget(self, iteration: int) -> None:
        """Forget this iteration and all after it."""
        self._columns.forget(iteration)
        if not len(self._columns):
            self._reach = _LEAST_REACH

    def _linear(self, values: Array) -> Counts:
        values = values[np.isfinite(values)].astype(np.float64)
        largest = float(np.abs(values).max()) if values.size else 0.0
        while self._reach <= largest and isfinite(2 * self._reach):
            self._widen(largest)
        places = (values / self._reach + 1) * (BINS // 2)
        return np.bincount(np.clip(places, 0, BINS - 1).astype(np.int64), minlength=BINS)

    def _widen(self, largest: float) -> None:
        """Make the bins twice as wide, or, before there is anything in them, as wide as is needed at once."""
        if not len(self._columns):
            self._reach = max(2.0 ** min(frexp(largest)[1], 1023), self._reach)
            return
        cells, quarter = self._columns.cells, BINS // 4
        pairs = cells[:, 0::2] + cells[:, 1::2]
        cells[:] = 0
        cells[:, quarter : 3 * quarter] = pairs
        self._reach *= 2


def _by_size(values: Array) -> Counts:
    values = values[~np.isnan(values)]
    places = np.floor((np.log10(np.abs(values), dtype=np.float64) - _LOWEST) * _PER_DECADE) + 1
    return np.bincount(np.clip(places, 0, LOG_BINS - 1).astype(np.int64), minlength=LOG_BINS)


def some_of(arrays: Sequence[Array], most: int) -> Array:
    """Return at most so many cells of arrays together, evenly spaced."""
    total = sum(array.size for array in arrays)
    step = -(-total // most) if total > most else 1
    step += step > 1 and step % 2 == 0  # an even step would meet the same columns of many matrices again and again
    parts = [array.ravel()[::step] for array in arrays]
    return np.concatenate(parts) if len(parts) != 1 else parts[0]
