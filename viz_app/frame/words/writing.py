"""How numbers are written: with how many digits, and with a point or a comma; what writes them asks here.

As with the contexts of ``decimal``, it is said once around a piece of work, and not to each of the many functions
that write a number.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

DIGITS = (2, 3, 4, 5, 6, 7)
"""The significant digits that a person may choose: float32 has no more."""
USUAL = 4
"""The significant digits of a number in a text, unless the person has chosen."""


@dataclass(frozen=True)
class Writing:
    """How numbers are written.

    Parameters
    ----------
    digits : int or None
        The significant digits at most; ``None`` is four, and in cells as many as there is room for.
    comma : bool
        Write a decimal comma; then a list has semicolons.
    """

    digits: int | None = None
    comma: bool = False

    @property
    def point(self) -> str:
        """What stands before the decimals."""
        return "," if self.comma else "."

    @property
    def between(self) -> str:
        """What stands between the numbers of a list."""
        return "; " if self.comma else ", "


_current: ContextVar[Writing] = ContextVar("writing", default=Writing())  # noqa: B039 - it is frozen


def current_writing() -> Writing:
    """Return how numbers are written here."""
    return _current.get()


def use_writing(writing: Writing) -> None:
    """Write numbers so from now on, in this thread: what the window tells besides its pictures."""
    _current.set(writing)


@contextmanager
def written(writing: Writing | None) -> Iterator[None]:
    """Write numbers so for a while; ``None`` leaves it as it is."""
    if writing is None:
        yield
        return
    token = _current.set(writing)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def with_points() -> Iterator[None]:
    """Write decimal points for a while, for a text that is to be localised as a whole."""
    with written(replace(_current.get(), comma=False)):
        yield


def localised(text: str) -> str:
    """Return a text with decimal points as it is written here: ``max(0, −0.5)`` becomes ``max(0; −0,5)``."""
    if not _current.get().comma:
        return text
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text.replace(", ", "; "))


def localised_tex(tex: str) -> str:
    """Return a formula in TeX with the decimal sign that is written here; its commas stay."""
    return re.sub(r"(?<=\d)\.(?=\d)", "{,}", tex) if _current.get().comma else tex
