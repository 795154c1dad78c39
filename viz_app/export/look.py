"""How exported pictures look, and how long each is shown."""

from dataclasses import dataclass

from core.run.trace import Cursor
from viz_app.paint.theme import THEMES, Theme

Size = tuple[int, int]

_EMS = (80, 45)
"""How many sizes of text a page is wide and high."""


@dataclass(frozen=True)
class Look:
    """How pictures look.

    Parameters
    ----------
    size : tuple of int
        The width and height that a picture is arranged for, in pixels.
    theme_name : str
        ``light``, ``dark`` or ``print``.
    scale : float
        How many pixels a pixel of the arrangement becomes.
    transparent : bool
        Leave out the ground, where the format can.
    """

    size: Size = (1920, 1080)
    theme_name: str = "light"
    scale: float = 1.0
    transparent: bool = False

    @property
    def pixels(self) -> Size:
        """The width and height of an image, in pixels."""
        width, height = self.size
        return max(round(width * self.scale), 1), max(round(height * self.scale), 1)

    @property
    def theme(self) -> Theme:
        """The colours."""
        return THEMES[self.theme_name]

    @property
    def em(self) -> float:
        """The size of text, in pixels of the arrangement."""
        return em_of(self.size)


def em_of(size: Size) -> float:
    """Return the size of text on a page, in pixels."""
    return min(length / count for length, count in zip(size, _EMS, strict=True))


@dataclass(frozen=True)
class Timing:
    """How long pictures are shown, in seconds; ``rate`` is the pictures of a video in a second."""

    step: float = 1.5
    cell: float = 0.2
    hold: float = 2.0
    rate: int = 30

    def seconds(self, cursor: Cursor, *, last: bool) -> float:
        """Return how long the picture of a place is shown; ``last`` is held."""
        return (self.step if cursor.cell is None else self.cell) + (self.hold if last else 0.0)
