"""Read a number as a person types it: with a point or a comma, scientific, or as a fraction."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from viz_app.frame.words.numbers import MINUS
from viz_app.frame.words.writing import current_writing

_DECIMAL = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:\s*/\s*({_DECIMAL}))?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_LONGEST = 40
_EXACT = 2**53
"""Up to here a float holds every whole number."""
_SHOWN = 20

Number = int | float


class UnreadableError(ValueError):
    """What was typed is no number that is taken; the message is one sentence."""


@dataclass(frozen=True)
class Bounds:
    """Which numbers are taken.

    Parameters
    ----------
    least, most : int or float
        The smallest and the largest.
    whole : bool
        Take whole numbers only.
    """

    least: Number
    most: Number
    whole: bool = False

    def __contains__(self, number: Number) -> bool:
        return self.least <= number <= self.most

    def read(self, text: str) -> Number:
        """Return the number that a person wrote.

        A comma is a decimal mark, as a point is. In whole numbers neither stands, but with an exponent: 1,000 is one
        to some people and a thousand to others.

        Raises
        ------
        UnreadableError
            If it is no number, or none that is taken.
        """
        number = self._value(text.strip().replace(MINUS, "-"))
        if number is None or number not in self:
            raise UnreadableError(f"{self._expected()}; got {_quoted(text)}.")
        return number

    def write(self, number: Number) -> str:
        """Return a number as a field shows it: the shortest text that is read as the very same number."""
        return self._plain(number).replace(".", current_writing().point)

    def _plain(self, number: Number) -> str:
        if self.whole:
            return str(number)
        short = f"{number:.10g}"
        text = short if float(short) == number else repr(float(number))
        mantissa, mark, exponent = text.partition("e")
        return f"{mantissa}e{int(exponent)}" if mark else mantissa

    def stepped(self, number: Number, count: int) -> Number:
        """Return the number after so many steps of the last digit that is shown, within the bounds.

        Where the last digit may not become 0, the one behind it is stepped: 0.2, 0.1, 0.09.
        """
        for _ in range(abs(count)):
            number = self._next(number, 1 if count > 0 else -1)
        return number

    def _next(self, number: Number, way: int) -> Number:
        if self.whole:
            return min(max(number + way, self.least), self.most)
        now = Decimal(self._plain(number))
        last = now.as_tuple().exponent
        assert isinstance(last, int)  # a number that is shown is finite
        after = now + way * Decimal(1).scaleb(last)
        if after == 0 and 0 not in self:
            after = now + way * Decimal(1).scaleb(last - 1)
        stepped = float(after)
        return stepped if stepped in self else number

    def _value(self, text: str) -> Number | None:
        found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            return None
        if self.whole and _WHOLE.fullmatch(text):
            return int(text)
        parts = [part.replace(",", ".") for part in found.groups() if part is not None]
        try:
            value = float(parts[0]) / (float(parts[1]) if parts[1:] else 1.0)
        except (ZeroDivisionError, OverflowError):
            return None
        vanished = value == 0 and not _is_zero(parts[0])
        if vanished or not isfinite(value):
            return None
        if not self.whole:
            return value
        exact = value.is_integer() and abs(value) < _EXACT and not any(map(_is_marked, parts))
        return int(value) if exact else None

    def _expected(self) -> str:
        ends = f"from {_end(self.least)} to {_end(self.most)}"
        if self.whole and self.least == self.most:
            return f"Expected {_end(self.least)}, the only choice here"
        if self.whole:
            return f"Expected a whole number {ends}"
        return f"Expected a number {ends}, such as 0.5, 1e{MINUS}3 or 1/16"


def _is_marked(part: str) -> bool:
    return "." in part and "e" not in part.lower()


def _is_zero(part: str) -> bool:
    return not any(digit in part.lower().partition("e")[0] for digit in "123456789")


def _end(number: Number) -> str:
    return (f"{number:,}" if isinstance(number, int) else f"{number:g}".replace("e+", "e")).replace("-", MINUS)


def _quoted(text: str) -> str:
    """Return what was typed as a message shows it: short, and on one line."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
