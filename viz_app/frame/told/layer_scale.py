"""Put the numbers of layers on scales that they have in common, so that they can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from viz_app.frame.told.layer_history import Norms
from viz_app.frame.words.numbers import number


@dataclass(frozen=True)
class Scale:
    """The ends of a bar.

    Parameters
    ----------
    low, high : float
        The numbers at its ends; on a logarithmic one both are powers of ten.
    logarithmic : bool
        Whether it is.
    """

    low: float
    high: float
    logarithmic: bool = True

    def share(self, value: float) -> float:
        """Return how long the bar of a number is, from 0 to 1; that of no number is full."""
        if not isfinite(value):
            return 1.0
        if not self.logarithmic:
            return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        if value <= self.low:
            return 0.0
        return min((log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low)), 1.0)

    @property
    def ticks(self) -> Sequence[float]:
        """Where powers of ten are, from 0 to 1."""
        powers = round(log10(self.high / self.low)) if self.logarithmic else 0
        return [place / powers for place in range(1, powers)]

    @property
    def text(self) -> str:
        """What a person is told of it."""
        return f"Bars are logarithmic, from {number(self.low)} to {number(self.high)}." if self.logarithmic else ""


def scale_below(values: Sequence[float | None], decades: int) -> Scale:
    """Return the logarithmic scale of numbers: so many powers of ten, up to the one above the largest."""
    largest = max((value for value in values if value is not None and isfinite(value)), default=0.0)
    top = min(max(ceil(log10(largest)), -290 + decades), 300) if largest > 0 else 0
    return Scale(10.0 ** (top - decades), 10.0**top)


@dataclass(frozen=True)
class Span:
    """What the curves of all layers have in common: the iterations, and the powers of ten."""

    first: int
    last: int
    low: float
    high: float

    def heights(self, norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how high norms are, from 0 to 1."""
        with np.errstate(all="ignore"):
            return np.clip((np.log10(norms) - self.low) / max(self.high - self.low, 1.0), 0.0, 1.0)


def span_of(norms: Sequence[Norms]) -> Span | None:
    """Return what the curves of norms have in common; ``None`` where there are none."""
    known = [one for one in norms if len(one.iterations)]
    if not known:
        return None
    numbers = np.concatenate([one.numbers for one in known])
    powers = np.log10(numbers[np.isfinite(numbers) & (numbers > 0)])
    low, high = (float(powers.min()), float(powers.max())) if powers.size else (0.0, 0.0)
    first = min(int(one.iterations[0]) for one in known)
    return Span(first, max(int(one.iterations[-1]) for one in known), low, high)
