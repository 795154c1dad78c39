"""Do long work in parts, so that whoever waits for it can do something else in between."""

from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Parts = Generator[None, None, T]
"""Work that pauses after each of its parts, and returns what it has made."""
Pause = Callable[[], bool]
"""Tells whether somebody waits: then there is a pause before the next part."""


def finish(parts: Parts[T]) -> T:
    """Do all parts, one right after the other, and return what they make."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            made: T = end.value
            return made


def pausing(parts: Parts[T], pause: Pause, told: int) -> Generator[int, None, tuple[T, bool]]:
    """Do all parts; yield ``told`` at every pause, and return what they make, and whether there was a pause."""
    paused = False
    while True:
        try:
            next(parts)
        except StopIteration as end:
            return end.value, paused
        if pause():
            paused = True
            yield told
