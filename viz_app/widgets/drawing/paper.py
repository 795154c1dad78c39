"""A sheet of white paper, and what is drawn on it with dark ink: every stroke can be undone. Without Qt."""

from dataclasses import dataclass
from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray

from core.values import Array

SIDE = 420
"""The pixels along a side of a sheet: fifteen for each of 28."""
MOST_UNDONE = 60
"""So many changes can be undone; each keeps a sheet."""
_WHITE = 255
_PIECE = 4.0
"""A curve is drawn in straight pieces about so long, in pixels."""
_CORE = 0.3
"""The share of a soft stroke's half width that is all ink."""

Grey = NDArray[np.uint8]
Point = tuple[float, float, float]
"""A place in pixels, and half the width of the stroke there."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom of what has changed, in pixels; the last two lie outside."""
NOTHING: Box = (0, 0, 0, 0)


@dataclass(frozen=True)
class Brush:
    """What is drawn with.

    Parameters
    ----------
    width : float
        The width of a stroke in pixels of the paper.
    soft : bool
        Whether the ink fades towards the edges.
    erases : bool
        Whether it takes ink away.
    """

    width: float
    soft: bool = False
    erases: bool = False


class Paper:
    """Ink on a square sheet.

    A stroke is a smooth curve through the middles between the places that it is led to, whatever the time between
    them, and a straight line up to its end. Where it crosses itself it is no darker.

    Parameters
    ----------
    side : int
        The pixels along a side.
    """

    def __init__(self, side: int = SIDE) -> None:
        self._pixels: Grey = np.full((side, side), _WHITE, np.uint8)
        self._shown = self._pixels.view()
        self._shown.flags.writeable = False
        self._done: list[Grey] = []
        self._undone: list[Grey] = []
        self._brush: Brush | None = None
        self._led: list[Point] = []

    @property
    def pixels(self) -> Grey:
        """The sheet, from 0 for ink to 255 for paper: it can be read, and changes as somebody draws."""
        return self._shown

    @property
    def blank(self) -> bool:
        """Whether there is no ink."""
        return bool((self._pixels == _WHITE).all())

    @property
    def untouched(self) -> bool:
        """Whether nobody has drawn yet."""
        return not (self._done or self._undone)

    @property
    def drawing(self) -> bool:
        """Whether a stroke has begun and not ended."""
        return self._brush is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return bool(self._undone)

    def take(self, pixels: Grey | None) -> None:
        """Begin with another sheet, such as one that was saved, or with a blank one; that cannot be undone."""
        self._brush, self._led = None, []
        self._done.clear()
        self._undone.clear()
        if pixels is not None and pixels.shape == self._pixels.shape:
            self._done.append(np.full_like(self._pixels, _WHITE))
            self._pixels[:] = pixels
        else:
            self._pixels[:] = _WHITE

    def begin(self, brush: Brush, x: float, y: float, pressure: float = 1.0) -> Box:
        """Put a brush on the paper; a stroke that has not ended ends. Return what changes, as all that draws does.

        Parameters
        ----------
        brush : Brush
            What is drawn with.
        x, y : float
            Where, in pixels from the left and from the top.
        pressure : float
            The share of its width that the brush has here, from 0 to 1.
        """
        self.end()
        self._keep()
        self._brush = brush
        self._led = [self._point(x, y, pressure)]
        return self._ink(self._led[0], self._led[0])

    def lead(self, x: float, y: float, pressure: float = 1.0) -> Box:
        """Lead the brush on; nothing changes where none is on the paper."""
        if self._brush is None:
            return NOTHING
        self._led = [*self._led[-2:], self._point(x, y, pressure)]
        if len(self._led) == 2:
            return self._ink(self._led[0], _middle(*self._led))
        return self._curve(*self._led)

    def end(self) -> Box:
        """Lift the brush, where it was led to last."""
        changed = NOTHING
        if self._brush is not None and len(self._led) > 1:
            changed = self._ink(_middle(*self._led[-2:]), self._led[-1])
        self._brush, self._led = None, []
        return changed

    def clear(self) -> Box:
        """Take all ink away; a blank sheet stays as it is."""
        self.end()
        if self.blank:
            return NOTHING
        self._keep()
        self._pixels[:] = _WHITE
        return self._all

    def undo(self) -> Box:
        """Take the last change back."""
        self.end()
        return self._swap(self._done, self._undone)

    def redo(self) -> Box:
        """Do what was undone last again."""
        self.end()
        return self._swap(self._undone, self._done)

    @property
    def _all(self) -> Box:
        return (0, 0, self._pixels.shape[1], self._pixels.shape[0])

    def _keep(self) -> None:
        """Remember the sheet as it is before a change."""
        self._done = [*self._done[1 - MOST_UNDONE :], self._pixels.copy()]
        self._undone = []

    def _swap(self, source: list[Grey], target: list[Grey]) -> Box:
        if not source:
            return NOTHING
        target.append(self._pixels.copy())
        self._pixels[:] = source.pop()
        return self._all

    def _point(self, x: float, y: float, pressure: float) -> Point:
        assert self._brush is not None
        least = 0.5  # half a pixel: the faintest touch can be seen
        return x, y, max(self._brush.width / 2 * pressure, least)

    def _curve(self, start: Point, bend: Point, end: Point) -> Box:
        """Ink the parabola between two middles that is bent by the place between them."""
        first, last = _middle(start, bend), _middle(bend, end)
        length = hypot(bend[0] - first[0], bend[1] - first[1]) + hypot(last[0] - bend[0], last[1] - bend[1])
        count = min(max(ceil(length / _PIECE), 1), 256)
        changed, here = NOTHING, first
        for number in range(1, count + 1):
            there = _on_parabola(first, bend, last, number / count)
            changed = joined(changed, self._ink(here, there))
            here = there
        return changed

    def _ink(self, start: Point, end: Point) -> Box:
        """Ink a straight piece with round ends: what lies nearer to it than half its width."""
        assert self._brush is not None
        (x0, y0, half0), (x1, y1, half1) = start, end
        reach = max(half0, half1) + 1
        box = self._inside(min(x0, x1) - reach, min(y0, y1) - reach, max(x0, x1) + reach, max(y0, y1) + reach)
        left, top, right, bottom = box
        if left >= right or top >= bottom:
            return NOTHING
        across = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x0)
        down = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - y0))[:, None]
        along_x, along_y = x1 - x0, y1 - y0
        length = along_x**2 + along_y**2
        share: Array | float = np.clip((across * along_x + down * along_y) / length, 0, 1) if length > 0 else 0.0
        distance = np.hypot(across - share * along_x, down - share * along_y)
        ink = _amount(distance, half0 + share * (half1 - half0), soft=self._brush.soft)
        part = self._pixels[top:bottom, left:right]
        if self._brush.erases:
            np.maximum(part, (_WHITE * ink + 0.5).astype(np.uint8), out=part)
        else:
            np.minimum(part, (_WHITE * (1 - ink) + 0.5).astype(np.uint8), out=part)
        return box

    def _inside(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return the pixels of a rectangle that lie on the paper."""
        high, wide = self._pixels.shape
        across = (int(min(max(edge, 0), wide)) for edge in (left, right + 1))
        down = (int(min(max(edge, 0), high)) for edge in (top, bottom + 1))
        (x0, x1), (y0, y1) = across, down
        return x0, y0, x1, y1


def _amount(distance: Array, half: Array | float, *, soft: bool) -> Array:
    """Return how much ink there is at distances from the middle of a stroke, from 0 to 1."""
    if not soft:
        return np.asarray(np.clip(half - distance + 0.5, 0, 1))
    share = np.clip((half - distance) / ((1 - _CORE) * half), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2


def _on_parabola(a: Point, bend: Point, b: Point, share: float) -> Point:
    weights = (1 - share) ** 2, 2 * share * (1 - share), share**2
    x, y, half = (sum(w * p[axis] for w, p in zip(weights, (a, bend, b), strict=True)) for axis in range(3))
    return x, y, half


def joined(a: Box, b: Box) -> Box:
    """Return the smallest box around two; nothing adds nothing."""
    if NOTHING in (a, b):
        return b if a == NOTHING else a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
