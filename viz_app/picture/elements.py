"""Say what is drawn and where: a picture is a list of elements, and knows neither Qt nor the screen.

Stages and panels arrange pictures; ``viz_app.paint`` paints them, on the screen and into files.
All lengths are pixels of the picture; text sizes are multiples of its ``em``.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.objects import Look
from core.values import Array, Index
from viz_app.frame.levels import Levels
from viz_app.frame.words.writing import Writing
from viz_app.picture.grid import Grid

if TYPE_CHECKING:
    from viz_app.frame.frame import MapView


@dataclass(frozen=True)
class Rect:
    """A rectangle of the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.x + self.width / 2, self.y + self.height / 2)

    def inset(self, dx: float, dy: float | None = None) -> "Rect":
        """Return the rectangle made smaller on each side."""
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, max(self.width - 2 * dx, 0), max(self.height - 2 * dy, 0))

    def moved(self, dx: float, dy: float) -> "Rect":
        """Return the rectangle moved."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def centered(self, width: float, height: float) -> "Rect":
        """Return a rectangle of that size in the middle of this one."""
        return Rect(self.x + (self.width - width) / 2, self.y + (self.height - height) / 2, width, height)

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def overlaps(self, other: "Rect") -> bool:
        """Tell whether two rectangles share more than half a pixel."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > 0.5
            and min(self.bottom, other.bottom) - max(self.y, other.y) > 0.5
        )


class Tone(StrEnum):
    """What a colour means; the theme says which colour it is."""

    TEXT = "text"
    MUTED = "muted"
    FAINT = "faint"
    SURFACE = "surface"
    ACCENT = "accent"
    WARNING = "warning"
    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"
    FIRST = "first factor"
    SECOND = "second factor"
    SELECTED = "selected"
    REACHED = "reached"


class Align(StrEnum):
    """Where text stands in its rectangle."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, eq=False)
class Heatmap:
    """A map of an array's cells.

    ``compact`` is for thumbnails: neither cell borders nor numbers, and a click asks for the value, not for a cell.
    ``terms`` says that it holds the terms of the explained cell, made up for the picture.
    """

    rect: Rect
    map: "MapView"
    grid: Grid
    compact: bool = False
    terms: bool = False


@dataclass(frozen=True, eq=False)
class ColorImage:
    """An image in its own colours; ``channels`` of shape (3, H, W) holds red, green and blue from 0 to 1."""

    rect: Rect
    channels: Array

    def __post_init__(self) -> None:
        """Check the channels: a painter would read beyond fewer."""
        if self.channels.ndim != 3 or len(self.channels) != 3:
            raise ValueError(f"expected channels of shape (3, H, W); got {self.channels.shape}")


@dataclass(frozen=True)
class Sketch:
    """An object as it looks: filled with its colour, or an outline where it has none."""

    rect: Rect
    look: Look


@dataclass(frozen=True)
class Text:
    """A line of text, or a paragraph where ``wrap`` is set; made smaller where it would not fit.

    ``aside`` is the end of the text that tells what the mouse or a key can do: in a file it would mean nothing.
    ``result`` says that it tells the number of the explained cell.
    """

    rect: Rect
    text: str
    size: float = 1.0
    tone: Tone = Tone.TEXT
    align: Align = Align.CENTER
    bold: bool = False
    mono: bool = False
    wrap: bool = False
    aside: str = ""
    result: bool = False

    @property
    def without_aside(self) -> str:
        """What is left where there is neither mouse nor keyboard."""
        return self.text.removesuffix(self.aside)


@dataclass(frozen=True)
class Formula:
    """A formula in TeX-quality type; made smaller where it would not fit."""

    rect: Rect
    tex: str
    size: float = 1.0
    tone: Tone = Tone.TEXT
    align: Align = Align.CENTER


@dataclass(frozen=True)
class Legend:
    """A colour bar with the numbers at its ends (and 0 for signed data), horizontal."""

    rect: Rect
    levels: Levels


@dataclass(frozen=True)
class Stroke:
    """A line through points, with an arrow head at its end where ``arrow`` is set."""

    points: tuple[tuple[float, float], ...]
    tone: Tone = Tone.TEXT
    width: float = 1.5
    dashed: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    center: tuple[float, float]
    radius: float
    tone: Tone = Tone.SELECTED


@dataclass(frozen=True)
class Panel:
    """A filled rectangle with rounded corners, behind what stands on it.

    ``key`` makes it a button for the value of that name, ``choice`` one that sets a field of the view options, ``fold``
    one that folds or unfolds a block.
    """

    rect: Rect
    tone: Tone = Tone.SURFACE
    opacity: float = 1.0
    outline: Tone | None = None
    radius: float = 6.0
    key: str | None = None
    choice: tuple[str, int] | None = None
    fold: str | None = None


@dataclass(frozen=True, eq=False)
class Relief:
    """A number all over a rectangle, ``heights`` of shape (rows, columns), blended from cell to cell.

    ``key`` and ``cell`` make it a button that opens a cell of the value of that name.
    """

    rect: Rect
    heights: Array
    levels: Levels
    key: str | None = None
    cell: Index = ()


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points, each filled with the colour of its height, from -1 to 1; hollow where it is ``held_back``.

    ``centers`` of shape (n, 2); ``marked`` ones have a ring around them.
    """

    rect: Rect
    centers: NDArray[np.float64]
    heights: NDArray[np.float64]
    held_back: NDArray[np.bool_]
    marked: NDArray[np.bool_]
    radius: float


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines, ``ends`` of shape (K, 2, 2), of one tone, or each in the colour and as wide as its weight asks for.

    ``weights`` of shape (K,), as shares of the largest, from -1 to 1; ``None`` takes ``tone`` and ``width``.
    """

    rect: Rect
    ends: NDArray[np.float64]
    weights: NDArray[np.float64] | None = None
    tone: Tone = Tone.SELECTED
    width: float = 1.5


Element = Relief | Scatter | Lines | Heatmap | ColorImage | Sketch | Text | Formula | Legend | Stroke | Dot | Panel


@dataclass(frozen=True, eq=False)
class Picture:
    """Elements in the order in which they are painted, and the size they were arranged for.

    ``writing`` is how the numbers are written that are painted; ``None`` as it is done where they are.
    """

    width: float
    height: float
    em: float
    elements: tuple[Element, ...]
    writing: Writing | None = None

    @property
    def heatmaps(self) -> tuple[Heatmap, ...]:
        """The maps, in the order in which they are painted."""
        return tuple(element for element in self.elements if isinstance(element, Heatmap))

    def without_asides(self) -> "Picture":
        """Return the picture for a file, without words about the mouse and keys."""
        if not any(isinstance(element, Text) and element.aside for element in self.elements):
            return self
        left = (replace(e, text=e.without_aside) if isinstance(e, Text) else e for e in self.elements)
        return replace(self, elements=tuple(left))


def resized(element: Element, factor: float) -> Element:
    """Return an element with its text made larger; its rectangle stays."""
    return replace(element, size=element.size * factor) if isinstance(element, (Text, Formula)) else element


def moved(element: Element, dx: float, dy: float) -> Element:
    """Return an element somewhere else."""
    if isinstance(element, Stroke):
        return replace(element, points=tuple((x + dx, y + dy) for x, y in element.points))
    if isinstance(element, Dot):
        return replace(element, center=(element.center[0] + dx, element.center[1] + dy))
    rect = element.rect.moved(dx, dy)
    if isinstance(element, Scatter):
        return replace(element, rect=rect, centers=element.centers + np.array((dx, dy)))
    if isinstance(element, Lines):
        return replace(element, rect=rect, ends=element.ends + np.array((dx, dy)))
    return replace(element, rect=rect)


def thickened(element: Element, factor: float) -> Element:
    """Return an element with its lines made thicker and its dots larger."""
    if isinstance(element, Stroke):
        return replace(element, width=element.width * factor)
    return replace(element, radius=element.radius * factor) if isinstance(element, Dot) else element


def rect_of(element: Element) -> Rect:
    """Return the rectangle that an element covers."""
    if isinstance(element, Stroke):
        xs, ys = zip(*element.points, strict=True)
        return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    if isinstance(element, Dot):
        x, y = element.center
        return Rect(x - element.radius, y - element.radius, 2 * element.radius, 2 * element.radius)
    return element.rect
