"""Decide which numbers the two ends of a colour map stand for."""

import math
from dataclasses import dataclass
from enum import StrEnum

from core.values import Range


class MapKind(StrEnum):
    """The kind of colour map."""

    DIVERGING = "diverging"
    SEQUENTIAL = "sequential"
    PROBABILITY = "probability"
    GREY = "grey"
    """Of images, from black to white: they look as they do elsewhere, in every theme."""


@dataclass(frozen=True)
class Levels:
    """The kind of a colour map and the numbers at its two ends."""

    kind: MapKind
    low: float
    high: float


_ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


def levels_for(span: Range, low: float, high: float, *, image: bool = False) -> Levels:
    """Return the levels for numbers between ``low`` and ``high``.

    Signed data is diverging and symmetric about 0, non-negative data sequential from 0, probabilities go from 0 to 1.
    The pixels of an image are grey, unless they are signed: grey would hide the sign.
    The ends are rounded up to a round number, so that they stay while the numbers move a little.
    """
    if image and span is not Range.SIGNED:
        return Levels(MapKind.GREY, 0.0, 1.0 if span is Range.PROBABILITY else round_up(max(abs(low), abs(high))))
    if span is Range.PROBABILITY:
        return Levels(MapKind.PROBABILITY, 0.0, 1.0)
    end = round_up(max(abs(low), abs(high)))
    if span is Range.NON_NEGATIVE:
        return Levels(MapKind.SEQUENTIAL, 0.0, end)
    return Levels(MapKind.DIVERGING, -end, end)


def round_up(number: float) -> float:
    """Return the next round number: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten; 1 for 0 and for no number."""
    if not (math.isfinite(number) and number > 0):
        return 1.0
    exponent = math.floor(math.log10(number))
    power = 10.0**exponent
    return next((step * power for step in _ROUND if number <= step * power * (1 + 1e-9)), 10 * power)
