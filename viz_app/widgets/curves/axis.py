"""Choose the range of an axis and the numbers along it. Without Qt."""

import math
from collections.abc import Iterable, Sequence

_ROOM = 0.08
"""The share of the span that is left free beyond the ends."""
_FLAT = 1e-6
"""A span that is a smaller share of the numbers themselves is rounding, and not looked into."""
_LEAST = 1e-300
"""What is nearer to 0 is drawn as 0."""
_STEPS = (1, 2, 5, 10)
_FIXED = 1e-5, 1e6
"""From the least step to the largest number that are written without a power of ten."""

Ticks = list[tuple[float, str]]


def range_of(numbers: Sequence[float]) -> tuple[float, float]:
    """Return a sensible range for numbers: from 0 on, unless they are close together and far from 0.

    One number, or the same again and again, stands four fifths up an axis that begins with 0.
    """
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if max(abs(low), abs(high)) < _LEAST:
        return 0.0, 1.0
    if high - low <= _FLAT * max(abs(low), abs(high)):
        return (0.0, 1.25 * high) if high > 0 else (1.25 * low, 0.0)
    room = _ROOM * (high - low)
    if low >= 0 and low < high / 2:
        return 0.0, high + room
    return (low - room, high + room)


def log_range_of(numbers: Sequence[float]) -> tuple[float, float]:
    """Return a range of powers of ten for positive numbers: at least a whole decade, and a little more."""
    powers = [math.log10(number) for number in numbers]
    low, high = min(powers, default=-1.0), max(powers, default=0.0)
    missing = max(1.0 - (high - low), 0.0) / 2
    room = _ROOM * (high - low + 2 * missing)
    return low - missing - room, high + missing + room


def ticks(low: float, high: float, most: int, least_step: float = 0.0) -> Ticks:
    """Return at most ``most`` round numbers between two, at even steps, with their texts."""
    step = max(_round_step((high - low) / max(most, 1)), least_step)
    while math.floor(high / step) - math.ceil(low / step) + 1 > most:
        step = _round_step(step * 1.01)
    numbers = [count * step for count in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return _written(numbers, step)


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Return at most ``most`` numbers for a range of powers of ten, where they stand and their texts."""
    decades = range(math.ceil(low), math.floor(high) + 1)
    between = [(factor, power) for power in range(math.floor(low), math.ceil(high) + 1) for factor in (1, 2, 5)]
    fine = [(math.log10(factor) + power, factor, power) for factor, power in between]
    chosen = [(place, f"{factor * 10.0**power:.6g}") for place, factor, power in fine if low <= place <= high]
    if len(chosen) > most:
        every = -(-len(decades) // max(most, 1))
        chosen = [(float(power), f"{10.0**power:g}") for power in decades if power % every == 0]
    return [(place, _tidy(text)) for place, text in chosen]


def percent_ticks(low: float, high: float, most: int) -> Ticks:
    """Return at most ``most`` round shares between two, written as percent."""
    return [(place, f"{round(100 * place)} %") for place, _ in ticks(max(low, 0.0), min(high, 1.0), most, 0.1)]


def _round_step(least: float) -> float:
    """Return the next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def _written(numbers: Iterable[float], step: float) -> Ticks:
    """Return numbers with as many digits as tell them apart."""
    return [(number, _tidy(_text(number, step))) for number in numbers]


def _text(number: float, step: float) -> str:
    digits = -math.floor(math.log10(step) + 1e-9)
    if _FIXED[0] <= step and abs(number) < _FIXED[1]:
        return f"{number:.{max(digits, 0)}f}"
    size = math.floor(math.log10(abs(number)) + 1e-9) if number else 0
    return f"{number:.{max(size + digits, 0)}e}" if number else "0"


def _tidy(text: str) -> str:
    mantissa, _, power = text.partition("e")
    power = f"e{int(power)}" if power and int(power) else ""
    return f"{mantissa}{power}".replace("-", "−")
