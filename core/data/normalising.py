"""Bring the numbers of samples to mean 0 and standard deviation 1: of all together, or of each feature."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.data.progress import Progress
from core.data.rows import Chosen, LazyRows, Rows, release_rows
from core.values import Array

_NUMBERS_AT_ONCE = 2**18


class By(StrEnum):
    """What has one mean and one standard deviation."""

    WHOLE = "whole"
    FEATURE = "feature"


@dataclass(frozen=True, eq=False)
class Normalisation:
    """A mean that is taken off, and a standard deviation that is divided by.

    Parameters
    ----------
    by : By
        Whether there is one of each for all numbers, or for every feature.
    mean, deviation : ndarray of shape () or (*sample_shape,)
        Of the samples that are trained on, float64. A feature that is always the same has the deviation 1.
    """

    by: By
    mean: Array
    deviation: Array

    def apply(self, inputs: Array) -> Array:
        """Return inputs, (*sample_shape,) or (n, *sample_shape), normalised, in their own dtype."""
        changed: Array = ((inputs - self.mean) / self.deviation).astype(inputs.dtype)
        return changed

    def undo(self, inputs: Array) -> Array:
        """Return what normalised inputs were before, but for the rounding."""
        changed: Array = (inputs * self.deviation + self.mean).astype(inputs.dtype)
        return changed


class NormalisedRows(LazyRows):
    """Rows that are normalised when they are taken."""

    def __init__(self, rows: Rows, normalisation: Normalisation) -> None:
        super().__init__(rows.shape, rows.dtype, (rows,))
        self.rows, self.normalisation = rows, normalisation

    @property
    def signed(self) -> bool:
        return True  # their mean is 0

    def take(self, chosen: Chosen) -> Array:
        return self.normalisation.apply(np.asarray(self.rows[chosen]))


def measure(rows: Rows, count: int, by: By, progress: Progress | None = None) -> Normalisation:
    """Return the mean and the standard deviation of the first ``count`` rows; some rows are in memory at a time.

    References
    ----------
    T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for Computing the Sample Variance" (1983): two passes.
    """
    progress = progress or Progress()
    axis = None if by is By.WHOLE else 0
    size = max(1, _NUMBERS_AT_ONCE // max(1, int(np.prod(rows.shape[1:]))))
    numbers = count if axis == 0 else count * int(np.prod(rows.shape[1:]))
    sums: list[Array] = []
    for power in (1, 2):
        total = np.float64(0)
        for start in range(0, count, size):
            progress.tell((power - 1) * count + start, 2 * count, "Measuring mean and deviation")
            part = np.asarray(rows[start : min(start + size, count)], np.float64)
            release_rows(rows)
            total = total + ((part - sums[0]) ** 2 if sums else part).sum(axis=axis)
        sums.append(np.asarray(total / numbers))
    mean, deviation = sums[0], np.asarray(np.sqrt(sums[1]))
    return Normalisation(by, mean, np.where(deviation > 0, deviation, 1.0))
