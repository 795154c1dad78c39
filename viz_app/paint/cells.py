"""Where the cells of a map lie, in whole pixels of the device."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect


@dataclass(frozen=True)
class Cells:
    """Rows and columns of cells that fill a rectangle, and the part of them that is seen.

    Parameters
    ----------
    frame : QRect
        The rectangle of the whole map.
    size : tuple of int
        Its rows and columns.
    seen : QRect
        The part of the rectangle that is painted.
    """

    frame: QRect
    size: tuple[int, int]
    seen: QRect

    @property
    def width(self) -> float:
        """The width of a cell."""
        return self.frame.width() / self.size[1]

    @property
    def height(self) -> float:
        """The height of a cell."""
        return self.frame.height() / self.size[0]

    @cached_property
    def seen_rows(self) -> range:
        """The rows that are seen, at least in part."""
        return _cut(self.seen.top() - self.frame.top(), self.seen.height(), self.height, self.size[0])

    @cached_property
    def seen_columns(self) -> range:
        """The columns that are seen, at least in part."""
        return _cut(self.seen.left() - self.frame.left(), self.seen.width(), self.width, self.size[1])

    def x(self, column: int) -> int:
        """Return the left edge of a column."""
        return self.frame.x() + round(column * self.width)

    def y(self, row: int) -> int:
        """Return the upper edge of a row."""
        return self.frame.y() + round(row * self.height)

    def box(self, row: int, column: int, rows: int, columns: int) -> QRect:
        """Return the rectangle of a block of cells; no block is less than a pixel."""
        left, top = self.x(column), self.y(row)
        return QRect(left, top, max(self.x(column + columns) - left, 1), max(self.y(row + rows) - top, 1))


def _cut(start: int, length: int, each: float, count: int) -> range:
    first = min(max(int(start / each), 0), count - 1)
    last = max(int((start + length - 1) / each), first)
    return range(first, min(last, count - 1) + 1)
