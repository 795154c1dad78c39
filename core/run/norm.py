"""Measure how large arrays are, whatever numbers they hold."""

from collections.abc import Iterable
from math import isfinite, sqrt

import numpy as np

from core.values import Array

PRECISE = 1e-30, 1e30
"""Sums of squares beyond these are computed again on another scale: float32 rounds some of their terms to 0."""


def norm_of(arrays: Iterable[Array]) -> float:
    """Return the square root of the sum of the squares of all cells, however large or small they are; 0 for none."""
    arrays = tuple(arrays)
    with np.errstate(all="ignore"):
        total = sum(float(np.vdot(array, array)) for array in arrays)
        if PRECISE[0] < total < PRECISE[1]:
            return sqrt(total)
        largest = max((float(np.abs(array).max()) for array in arrays if array.size), default=0.0)
        if any(np.isnan(array).any() for array in arrays):
            return float("nan")
        if largest == 0 or not isfinite(largest):
            return largest
        scaled = (np.asarray(array, np.float64).ravel() / largest for array in arrays)
        return largest * sqrt(sum(float(np.vdot(array, array)) for array in scaled))
