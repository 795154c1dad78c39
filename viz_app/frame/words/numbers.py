"""Write numbers the way a person reads them."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.values import Array
from viz_app.frame.words.writing import USUAL, Writing, current_writing

MINUS = "−"
_SAME = 1e-7
"""What is as near as that, relative to the number, is the number: float32 has no more digits."""
_ROOM_FOR_ZERO = 4
"""So many characters a number below 1 has at least, without its sign, if a 0 stands before its comma: ``0,53``."""
_ALL = 99
"""No number in a cell has so many digits."""


def number(value: float, digits: int = USUAL) -> str:
    """Write a number with at most ``digits`` significant digits: ``0.1234``, ``−12.5``, ``1.2e−7``, ``NaN``, ``∞``.

    The digits before the point are all written, up to a million. Where a person has chosen how many digits are shown,
    the usual ones are as many, and fewer are no more; where more are asked for, they are the point.
    """
    writing = current_writing()
    chosen = writing.digits or USUAL
    digits = chosen if digits == USUAL else min(digits, chosen) if digits < USUAL else digits
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    size = abs(value)
    if 1e-4 <= size < 1e6:
        decimals = max(digits - 1 - math.floor(math.log10(size)), 0)
        text = _without_zeros(f"{value:.{min(decimals, digits + 3)}f}")
    else:
        text = _scientific(value, digits - 1, trimmed=True)
    return text.replace("-", MINUS).replace(".", writing.point)


def numbers(values: Sequence[float] | Array, digits: int = USUAL, most: int | None = None) -> str:
    """Write a list of numbers, ``most`` of them: ``0.5, 1, …``, or ``0,5; 1; …``."""
    told = [number(float(value), digits) for value in values[:most]]
    return current_writing().between.join([*told, *(["…"] if len(told) < len(values) else [])])


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as per cent: ``12.5%``."""
    return f"{share:.{decimals}%}".replace(".", current_writing().point)


def in_cell(value: float, characters: int, writing: Writing | None = None) -> str:
    """Write a number within a width in characters: ``.531``, ``−1.2``, ``5e−5``; empty where no right form is so short.

    What is written is the number rounded to the digits that are shown, as near as there is room for; ``0`` is 0. Zeros
    at the end are left out where nothing was rounded away. ``writing`` says how; ``None`` is as it is done here. Before
    a point no 0 is written, before a comma one is, as is the custom: ``0,53``; but where that would leave one digit.
    """
    writing = writing or current_writing()
    if value == 0 or not math.isfinite(value):
        text = number(value)
        return text if len(text) <= characters else ""
    sign, size = MINUS if value < 0 else "", abs(value)
    room = characters - len(sign)
    forms = _forms(size, room, writing.digits or _ALL, zero=writing.comma and room >= _ROOM_FOR_ZERO)
    best = min(forms, key=lambda text: abs(float(text) - size), default="")
    return sign + best.replace("-", MINUS).replace(".", writing.point) if best else ""


def _forms(size: float, room: int, digits: int, *, zero: bool) -> Iterator[str]:
    """Yield the longest fixed and the longest scientific form of a positive number that fit and are not 0.

    ``zero`` says whether a 0 stands before the point.
    """
    power = math.floor(math.log10(size))
    fixed = _fixed(size, power, room, digits, zero=zero) if 10.0**-room / 2 <= size < 10.0**room else ""
    if fixed:
        yield fixed
    if fixed and power >= zero - 3:
        return  # an exponent takes more room than the zeros after the point
    for decimals in range(min(max(room - 4, 0), digits - 1), -1, -1):
        text = f"{size:.{decimals}e}"
        text = _scientific(size, decimals, trimmed=_is_exact(text, size))
        if len(text) <= room and math.isfinite(float(text)):
            yield text
            return


def _fixed(size: float, power: int, room: int, digits: int, *, zero: bool) -> str:
    for decimals in range(min(max(room - 1 - max(power + 1, int(zero)), 0), max(digits - 1 - power, 0)), -1, -1):
        text = f"{size:.{decimals}f}"
        text = _short(text if zero else text.lstrip("0"), size)
        if 0 < len(text) <= room and text.strip(".0"):
            return text
    return ""


def _scientific(value: float, decimals: int, *, trimmed: bool) -> str:
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    return f"{_without_zeros(mantissa) if trimmed else mantissa}e{int(exponent)}"


def _short(text: str, size: float) -> str:
    """Return a fixed form without zeros at its end where it stands for the very number."""
    return _without_zeros(text) if text and text != "." and _is_exact(text, size) else text


def _is_exact(text: str, size: float) -> bool:
    return abs(float(text) - size) <= _SAME * size


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def characters_needed(numbers: Array) -> NDArray[np.intp]:
    """Return for every number how many characters ``in_cell`` needs to write at least one of its digits."""
    sizes = np.abs(np.asarray(numbers, np.float64))
    regular = np.isfinite(sizes) & (sizes > 0)
    sizes = np.where(regular, sizes, 1.0)
    sizes = np.where(sizes >= 1, np.rint(sizes), sizes)
    power = np.floor(np.log10(sizes)).astype(np.intp)
    fixed = np.where(power >= 0, power + 1, 1 - power + current_writing().comma)
    exponent = np.abs(power + (sizes >= 9.5 * 10.0**power))  # 9.6e9 is 1e10
    scientific = 3 + (power < 0) + (exponent > 9) + (exponent > 99)
    needed = np.minimum(fixed, scientific) + (numbers < 0)
    needed[np.isnan(numbers)] = 3
    return np.where(regular | ~np.isfinite(numbers), needed, 1)


def factor(value: float, digits: int = USUAL) -> str:
    """Write a number as it stands in a product: negative ones in brackets."""
    text = number(value, digits)
    return f"({text})" if text.startswith(MINUS) else text


def place(index: Sequence[int | str]) -> str:
    """Write a cell's index: ``[0, 3]``, or with a name ``[0, cat]``; nothing for a scalar."""
    return f"[{', '.join(str(i) for i in index)}]" if index else ""
