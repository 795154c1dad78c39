"""Mark an answer that a person typed to a question of a quiz. Pure.

An answer is right if it rounds to the number that is shown, of as many significant digits as are asked for; whoever
gives more digits may have rounded the last one of those.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from math import isfinite, isinf, isnan

from viz_app.frame.words.numbers import MINUS, number
from viz_app.frame.words.writing import Writing, current_writing, written

DIGITS = 3
"""So many significant digits are asked for, unless a person has chosen how many are shown."""
_NEAR = 3
"""So many units of the last digit that is asked for an answer may be off where only rounding can be at fault."""
_EXACT = 1e-6
"""A fraction as near as that, relative to the number, is the number."""
_LONGEST = 40
_DECIMAL = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_ANSWER = re.compile(rf"({_DECIMAL})\s*(%)?(?:\s*/\s*({_DECIMAL}))?")
_WORDS = {"nan": float("nan"), "inf": float("inf"), "∞": float("inf"), "infinity": float("inf")}


class Verdict(StrEnum):
    """What an answer is worth."""

    RIGHT = "right"
    SIGN = "sign"
    """All but the sign is right."""
    ROUNDING = "rounding"
    """It is right but for its last digits, or has too few of them."""
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    """It is no number, and so no answer."""


@dataclass(frozen=True)
class Marked:
    """A verdict, and what is said of it in one sentence, and in a short one."""

    verdict: Verdict
    sentence: str
    short: str = ""

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.verdict is Verdict.RIGHT


@dataclass(frozen=True)
class _Answer:
    """A number as it was typed: the exact one, and half a unit of its last digit (0 for a fraction).

    ``coarse`` is half a unit of its last digit that is not 0: 12300 may be rounded to hundreds.
    """

    exact: Fraction | float
    slack: Fraction
    coarse: Fraction

    @property
    def value(self) -> float:
        return float(self.exact)


def digits_asked() -> int:
    """Return how many significant digits are asked for."""
    return current_writing().digits or DIGITS


def mark(text: str, value: float, digits: int = DIGITS) -> Marked:
    """Return what an answer is worth.

    Parameters
    ----------
    text : str
        What was typed: ``0.43``, ``0,43``, ``4.3e-1``, ``43 %`` or ``3/7``.
    value : float
        The number that is asked for.
    digits : int
        How many significant digits it is shown with.
    """
    answer = _read(text)
    if answer is None:
        short = text.strip()[:20]
        said = f"Expected a number, such as 0.5, {MINUS}1e{MINUS}3 or 3/8; got {short!r}."
        return Marked(Verdict.UNREADABLE, said, "That is no number.")
    if _is_right(answer, value, digits):
        return Marked(Verdict.RIGHT, "Right.")
    if value and isfinite(value) and _is_right(_negative(answer), value, digits):
        return Marked(Verdict.SIGN, "Close: the sign is wrong.")
    if _is_rounded(answer, value, digits):
        said = f"Close: a matter of rounding; {digits} digits are asked for."
        return Marked(Verdict.ROUNDING, said, "Close: rounding.")
    return Marked(Verdict.WRONG, "Not right.")


def _read(text: str) -> _Answer | None:
    text = text.strip().replace(MINUS, "-").replace("\N{EN DASH}", "-")
    if len(text) > _LONGEST:
        return None
    sign = -1 if text.startswith("-") else 1
    word = _WORDS.get(text.lstrip("+-").lower())
    if word is not None:
        return _Answer(sign * word, Fraction(0), Fraction(0))
    found = _ANSWER.fullmatch(text)
    if found is None:
        return None
    try:
        above = Decimal(found[1].replace(",", "."))
        below = Decimal(found[3].replace(",", ".")) if found[3] else Decimal(1)
        exact = Fraction(above) / Fraction(below)
        float(exact)  # beyond what a float holds there is no answer
    except (InvalidOperation, ZeroDivisionError, OverflowError):
        return None
    share = Fraction(1, 100) if found[2] else Fraction(1)
    slack, coarse = (Fraction(0) if found[3] else share * _half_unit(one) for one in (above, above.normalize()))
    return _Answer(exact * share, slack, coarse)


def _half_unit(written: Decimal) -> Fraction:
    last = written.as_tuple().exponent
    assert isinstance(last, int)  # what is written in figures is finite
    return Fraction(10) ** last / 2


def _negative(answer: _Answer) -> _Answer:
    return _Answer(-answer.exact, answer.slack, answer.coarse)


def _is_right(answer: _Answer, value: float, digits: int) -> bool:
    if not isfinite(value) or isinstance(answer.exact, float):
        same = answer.value == value if isinf(value) else isnan(value) and isnan(answer.value)
        return bool(same)
    with written(Writing(digits)):
        if number(answer.value) == number(value):
            return True
    if abs(answer.exact - Fraction(value)) <= Fraction(_EXACT) * abs(Fraction(value)):
        return True
    precise = bool(answer.slack) and answer.slack <= _unit(value, digits) / 2
    return precise and abs(answer.exact - Fraction(value)) <= answer.slack


def _is_rounded(answer: _Answer, value: float, digits: int) -> bool:
    """Tell whether an answer is the number with too few digits, or off in its last ones alone."""
    if not isfinite(value) or isinstance(answer.exact, float) or not value or not answer.exact:
        return False
    away = abs(answer.exact - Fraction(value))
    return away <= _NEAR * _unit(value, digits) or (bool(answer.coarse) and away <= answer.coarse)


def _unit(value: float, digits: int) -> Fraction:
    """Return the unit of the last digit that a number is shown with; the digits before the point are all shown."""
    if not value:
        return Fraction(0)
    size = Decimal(abs(value))
    power = size.adjusted() - digits + 1
    return Fraction(10) ** (min(power, 0) if abs(value) < 1e6 else power)
