"""What is told of a guest: who it is, where, what the network answers to it, and whether the run learns from it."""

from dataclasses import dataclass

from core.data.guest import Guest
from core.values import Array

_MOST_LETTERS = 24
"""Longer names of guests are cut in their middle, where a file has its ending."""


def shortened(title: str) -> str:
    """Return what a guest is called, no longer than there is room for in a headline."""
    if len(title) <= _MOST_LETTERS:
        return title
    half = (_MOST_LETTERS - 1) // 2
    return f"{title[:half].rstrip()}…{title[-half:].lstrip()}"


@dataclass(frozen=True, eq=False)
class Visited:
    """A guest in an iteration.

    Parameters
    ----------
    guest : Guest
        Who comes first in the batch; its target is ``None`` where the network's own guess is taken.
    iteration : int
        On whose weights it is stepped.
    rows : int
        How many samples the batch has, the guest among them.
    outputs : ndarray of shape (k,) or None
        What the network answers to it; ``None`` where that is no row of numbers.
    target : ndarray of shape (k,) or None
        What it is asked for: its own target, or the guess; ``None`` where it is asked for nothing.
    classes : tuple of str
        What the outputs stand for, where they are classes.
    learns, learnt : bool
        Whether the run can learn from it, and whether the iteration has learnt from it just as it is.
    """

    guest: Guest
    iteration: int
    rows: int
    outputs: Array | None
    target: Array | None
    classes: tuple[str, ...]
    learns: bool
    learnt: bool

    @property
    def guesses(self) -> bool:
        """Whether the target is the network's own guess."""
        return self.guest.target is None and self.target is not None

    @property
    def label(self) -> int | None:
        """The class that it is of, as it was said; ``None`` where the network guesses, or there are no classes."""
        if not self.classes or self.guest.target is None or self.target is None:
            return None
        return int(self.target.argmax())

    @property
    def guess(self) -> int | None:
        """The class that the network takes it for; ``None`` where there are no classes."""
        return int(self.outputs.argmax()) if self.classes and self.outputs is not None else None
