"""Say what a person may put into the fields of a layer: it stands in their annotations, beside the types."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any

from core.initialisers import DRAWN
from core.layers.base import ACTIVATIONS, activation_title
from core.values import Shape, is_number, is_whole

LARGEST = 4096
"""Larger numbers are mistakes, or come by file: nobody can look at so many units."""
LARGEST_WINDOW = 100
_LONGEST = 200
"""So many letters of what is typed are read."""


class Entry(ABC):
    """What may stand in a field."""

    @abstractmethod
    def check(self, value: object) -> None:
        """Raise ValueError, with what is expected in one sentence, unless this value may stand in the field."""


@dataclass(frozen=True)
class Flag(Entry):
    """Yes or no."""

    def check(self, value: object) -> None:
        if not isinstance(value, bool):
            raise ValueError(f"Expected yes or no; got {_short(value)}.")


@dataclass(frozen=True)
class Whole(Entry):
    """A whole number.

    Parameters
    ----------
    usual : int
        What a new layer has, where the layer itself has no default.
    least, most : int
        Its bounds.
    """

    usual: int = 1
    least: int = 1
    most: int = LARGEST

    def check(self, value: object) -> None:
        if not is_whole(value) or not self.least <= value <= self.most:  # type: ignore[operator]
            raise ValueError(f"Expected a whole number from {self.least} to {self.most:,}; got {_short(value)}.")


@dataclass(frozen=True)
class Choice(Entry):
    """One of several.

    Parameters
    ----------
    entries : tuple of (object, str)
        What can be chosen, and what a person reads of it.
    begins : bool
        Whether it says how weights begin: with another choice they begin anew.
    """

    entries: tuple[tuple[Any, str], ...]
    begins: bool = False

    def check(self, value: object) -> None:
        if not any(value == known for known, _ in self.entries):
            texts = ", ".join(text for _, text in self.entries)
            raise ValueError(f"Expected one of {texts}; got {_short(value)}.")


@dataclass(frozen=True)
class Subset(Entry):
    """Any of several names."""

    names: tuple[str, ...]

    def check(self, value: object) -> None:
        if not isinstance(value, frozenset) or not value <= set(self.names):
            raise ValueError(f"Expected any of {', '.join(self.names)}; got {_short(value)}.")


class Written(Entry):
    """What is written as a text.

    ``none`` is what no text stands for, as a person reads it; empty where there must be one.
    """

    none: str

    @property
    @abstractmethod
    def hint(self) -> str:
        """What is expected, as a noun."""

    @abstractmethod
    def read(self, text: str) -> Any:
        """Return the value that a person wrote; raise ValueError, with what is expected, where it is none."""

    def write(self, value: Any) -> str:
        """Return a value as a text that is read as the same value."""
        if isinstance(value, tuple):
            return self.separator.join(map(str, value))
        return "" if value is None else str(value)

    separator = ", "

    def check(self, value: object) -> None:
        try:
            same = self.read(self.write(value)) == value
        except ValueError:
            same = False
        if not same:
            raise self._refusal(value)

    def _refusal(self, value: object) -> ValueError:
        return ValueError(f"Expected {self.hint}; got {_short(value)}.")


@dataclass(frozen=True)
class Sizes(Written):
    """A whole number, or one for each way of an image.

    Parameters
    ----------
    usual : int or None
        What a new layer has, where the layer itself has no default.
    counts : tuple of int
        How many numbers there may be.
    least, most : int
        The bounds of each.
    words : tuple of str
        What may stand in place of numbers.
    none : str
        What no number stands for; empty where there must be one.
    """

    usual: int | None = None
    counts: tuple[int, ...] = (1, 2)
    least: int = 1
    most: int = LARGEST_WINDOW
    words: tuple[str, ...] = ()
    none: str = ""
    separator = " × "

    @property
    def hint(self) -> str:
        words = "".join(f"{word}, or " for word in self.words)
        none = f", or nothing ({self.none})" if self.none else ""
        others = " or ".join(str(count) for count in self.counts if count > 1)
        more = f", or {others} of them with × between" if others else ""
        return f"{words}a whole number from {self.least} to {self.most:,}{more}{none}"

    def read(self, text: str) -> int | Shape | str | None:
        text = text.strip()[:_LONGEST]
        if not text and self.none:
            return None
        if text in self.words:
            return text
        parts = re.split(r"\s*[×x,;]\s*|\s+", text)
        if len(parts) not in self.counts or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
            raise self._refusal(text)
        numbers = tuple(map(int, parts))
        if not all(self.least <= number <= self.most for number in numbers):
            raise self._refusal(text)
        return numbers if len(numbers) > 1 else numbers[0]


@dataclass(frozen=True)
class Real(Written):
    """A number that need not be whole.

    Parameters
    ----------
    least, most : float
        Its bounds.
    open : str
        Which bounds it may not be itself: ``least``, ``most``, ``both`` or nothing.
    """

    least: float = 0.0
    most: float = 1.0
    open: str = ""
    none: str = ""

    @property
    def hint(self) -> str:
        above = "above" if self.open in ("least", "both") else "from"
        below = "to less than" if self.open in ("most", "both") else "to"
        return f"a number {above} {self.least:g} {below} {self.most:g}"

    def read(self, text: str) -> float:
        try:
            number = float(text.strip()[:_LONGEST].replace("_", "?"))
        except ValueError:
            raise self._refusal(text) from None
        if not self.holds(number):
            raise self._refusal(text)
        return number

    def write(self, value: Any) -> str:
        return repr(float(value)) if is_number(value) else str(value)

    def check(self, value: object) -> None:
        if not is_number(value) or not self.holds(value):  # type: ignore[arg-type]
            raise self._refusal(value)

    def holds(self, number: float) -> bool:
        """Tell whether a number is within the bounds."""
        above = self.least < number if self.open in ("least", "both") else self.least <= number
        return above and (number < self.most if self.open in ("most", "both") else number <= self.most)


@dataclass(frozen=True)
class Names(Written):
    """Names with commas between.

    Parameters
    ----------
    per : str
        The field that says how many there are, where one does: they are forgotten when it changes.
    none : str
        What no name stands for.
    """

    per: str = ""
    none: str = "numbers"

    @property
    def hint(self) -> str:
        return "names with commas between, or nothing (numbers)"

    def read(self, text: str) -> tuple[str, ...] | None:
        if not text.strip():
            return None
        names = tuple(part.strip() for part in text.split(","))
        if not all(names):
            raise self._refusal(text)
        return names


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 24 else f"{text[:24]}…"


_CELLWISE = tuple((name, activation_title(name)) for name in ACTIVATIONS)
_SOFTMAX = ("softmax", activation_title("softmax"))
_LINEAR = (None, activation_title(None))

CELLWISE = Choice((*_CELLWISE, _LINEAR))
"""Activation functions that work cell by cell."""
ANY_ACTIVATION = Choice((*_CELLWISE, _SOFTMAX, _LINEAR))
REAL_ACTIVATION = Choice((*_CELLWISE, _SOFTMAX))
INITIALISER = Choice(((None, "as usual"), *((name, name.capitalize()) for name in DRAWN)), begins=True)
WINDOW = Sizes(3)

Units = Annotated[int, Whole(32)]
Initialisation = Annotated[str | None, INITIALISER]
