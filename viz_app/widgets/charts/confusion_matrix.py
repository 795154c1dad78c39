"""Draw which class is taken for which: a row for each class, a column for what its samples are taken for."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viz_app.frame.levels import MapKind
from viz_app.paint.colors import LAST, bright, table
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_ROW, _LEAST_ROW, _MOST_LINES, _LEAST_LINES = 1.35, 0.45, 28, 9
"""The height of a row in lines of text, and the least, and of all rows together."""
_LEAST_TEXT = 6.5
"""Numbers that would be smaller, in pixels, are left out."""
_NAMES = 0.28
"""The share of the width that the names of classes may take."""
_GAP = 4

Cell = tuple[int, int]
"""A class, and what it is taken for."""


class ConfusionMatrix(QWidget):
    """The counts, and for each class the share that is found; a click chooses a cell."""

    cell_chosen = Signal(int, int)
    """The class, and what it is taken for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.intp] = np.zeros((0, 0), np.intp)
        self.names: tuple[str, ...] = ()
        """What the classes are called."""
        self._chosen: Cell | None = None
        self._theme = LIGHT
        self.setAccessibleName("Confusion matrix: a row for each class, a column for what it is taken for")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_counts(self, counts: NDArray[np.intp], names: tuple[str, ...]) -> None:
        """Draw how many samples of each class (row) are taken for each class (column), and what classes are called."""
        if counts.shape != self._counts.shape:
            self._chosen = None
            self.updateGeometry()
        self._counts, self.names = counts, names
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Mark a cell."""
        self._chosen = cell
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(17 * self.fontMetrics().height()), self._height(_MOST_LINES))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(9 * self.fontMetrics().height()), self._height(_LEAST_LINES))

    def _height(self, lines: float) -> int:
        """Return the height of all rows where they have so many lines of text together."""
        rows = len(self.names) + 1
        row = max(_LEAST_ROW, min(lines / rows, _ROW))
        return round(row * rows * self.fontMetrics().height()) + 2 if rows > 1 else 0

    def cell_at(self, x: float, y: float) -> Cell | None:
        """Return the cell at a place; ``None`` where there is none."""
        left, width, height = self._grid
        column, row = int((x - left) // width) if width > 0 else -1, int(y // height) - 1
        count = len(self.names)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def box(self, cell: Cell) -> QRectF:
        """Return where a cell is drawn."""
        left, width, height = self._grid
        return QRectF(left + cell[1] * width, (cell[0] + 1) * height, width, height)

    def share(self, label: int) -> float | None:
        """Return the share of the samples of a class that are found; ``None`` where it has no samples."""
        total = int(self._counts[label].sum())
        return int(self._counts[label, label]) / total if total else None

    def tip(self, x: float, y: float) -> str:
        """Return what is told of a place."""
        cell = self.cell_at(x, y)
        if cell is None:
            return "Rows: the class. Columns: what it is taken for. Right: the share of the class that is found."
        count, (row, column) = int(self._counts[cell]), cell
        whose = f"{count:,} of class {self.names[row]}"
        what = "found" if row == column else f"taken for {self.names[column]}"
        return f"{whose} {what}. Click to see {'it' if count == 1 else 'them'}." if count else f"{whose} {what}."

    @property
    def _grid(self) -> tuple[float, float, float]:
        """Where the cells begin from the left, and how wide and high they are."""
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(name) for name in self.names), default=0)
        left = min(longest, _NAMES * self.width()) + 2 * _GAP
        across, count = max(self.width() - left - self._share_width, 0.0), len(self.names)
        return left, across / max(count, 1), (self.height() - 2) / (count + 1)

    @property
    def _share_width(self) -> float:
        return self.fontMetrics().horizontalAdvance("100%") + 2 * _GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self.names)
        left, width, height = self._grid
        if not count or width <= 0:
            return
        with QPainter(self) as painter:
            painter.setFont(self._sized(min(1.0, height / self.fontMetrics().height())))
            self._paint_names(painter, left, width, height)
            codes = shades_of(self._counts)
            font = self._font(width, height)
            for row in range(count):
                for column in range(count):
                    self._paint_cell(painter, (row, column), int(codes[row, column]), font)
            painter.setPen(QPen(QColor(self._theme.border), 1))
            grid = QRectF(left, height, count * width, count * height)
            painter.drawRect(grid)
            if self._chosen is not None:
                painter.setPen(QPen(self._theme.color(Tone.SELECTED), 2))
                painter.drawRect(self.box(self._chosen).adjusted(1, 1, -1, -1))

    def _paint_names(self, painter: QPainter, left: float, width: float, height: float) -> None:
        metrics, align = painter.fontMetrics(), Qt.AlignmentFlag
        elide, middle = Qt.TextElideMode.ElideRight, align.AlignVCenter
        for number, name in enumerate(() if height < _LEAST_TEXT else self.names):
            painter.setPen(self._theme.color(Tone.TEXT))
            beside = QRectF(0, (number + 1) * height, left - _GAP, height)
            shown = metrics.elidedText(name, elide, round(left) - 2 * _GAP + 1)
            painter.drawText(beside, align.AlignRight | middle, shown)
            above = QRectF(left + number * width, 0, width, height)
            shown = metrics.elidedText(name, elide, round(width)) if metrics.horizontalAdvance(name) > width else name
            painter.drawText(above, align.AlignCenter, shown)
            share = self.share(number)
            right = QRectF(self.width() - self._share_width, (number + 1) * height, self._share_width - _GAP, height)
            painter.setPen(self._theme.color(Tone.FAINT if share is None else Tone.MUTED))
            painter.drawText(right, align.AlignRight | middle, "–" if share is None else f"{share:.0%}")

    def _paint_cell(self, painter: QPainter, cell: Cell, code: int, font: QFont | None) -> None:
        count, box = int(self._counts[cell]), self.box(cell)
        kind = MapKind.PROBABILITY if cell[0] == cell[1] else MapKind.SEQUENTIAL
        painter.fillRect(box.adjusted(0.5, 0.5, -0.5, -0.5), QColor.fromRgb(int(table(self._theme, kind)[code])))
        if count and font is not None:
            painter.setFont(font)
            dark = bool(bright(self._theme, kind)[code])
            painter.setPen(QColor(self._theme.ink_dark if dark else self._theme.ink_light))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{count}")

    def _font(self, width: float, height: float) -> QFont | None:
        """Return the font in which every count fits into its cell; ``None`` where it would be too small."""
        longest, usual = f"{int(self._counts.max())}", QFontMetricsF(self.font())
        scale = min(1.0, (width - 2) / usual.horizontalAdvance(longest), height / usual.height())
        return None if scale * self.fontInfo().pixelSize() < _LEAST_TEXT else self._sized(scale)

    def _sized(self, scale: float) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(int(scale * self.fontInfo().pixelSize()), 1))
        return font

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(*cell)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)


def shades_of(counts: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the place of every cell in its colour map: by the root of its share of the row, so that few are seen."""
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shades: NDArray[np.uint8] = np.rint(np.sqrt(counts / totals) * LAST).astype(np.uint8)
    return shades
