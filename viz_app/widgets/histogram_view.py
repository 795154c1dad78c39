"""Draw how values are spread, over the iterations: a column for each, the darker, the more values are in a bin."""

from math import isfinite

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.frame.layer_history import Axis, Counts, Histogram
from viz_app.frame.levels import MapKind
from viz_app.frame.numbers import number
from viz_app.paint.colors import LAST, table
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_LEAST_LINES, _USUAL_LINES = 5, 8
_GAP = 4


class HistogramView(QWidget):
    """A histogram over time: iterations from left to right, values from below to above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._why_empty = ""
        self._theme = LIGHT
        self.setAccessibleName("Histogram of values over the iterations")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip("Darker: more of the values. Each column is shaded by itself.")

    def show_histogram(self, histogram: Histogram | None, why_empty: str = "") -> None:
        """Draw a histogram as it is now; where there is nothing in it, say why."""
        self._histogram, self._why_empty = histogram, why_empty
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._histogram is None or not len(self._histogram)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(17 * line, _USUAL_LINES * line)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(6 * line, _LEAST_LINES * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self.empty:
                painter.setPen(self._theme.color(Tone.MUTED))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(QRectF(self.rect()).adjusted(_GAP, 0, -_GAP, 0), int(flags), self._why_empty)
                return
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        histogram, metrics = self._histogram, self.fontMetrics()
        assert histogram is not None
        counts = histogram.counts
        low, high = bins_used(counts)
        marks = self._marks(histogram, low, high)
        left = max((metrics.horizontalAdvance(text) for _, text in marks), default=0) + 2 * _GAP
        line = metrics.height()
        box = QRectF(left, line / 2, self.width() - left - _GAP, self.height() - 1.6 * line)
        if box.width() < line or box.height() < line:
            return
        painter.drawImage(box, image_of(counts[:, low:high], self._theme))
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(box)
        painter.setPen(self._theme.color(Tone.MUTED))
        for place, text in marks:
            y = box.bottom() - box.height() * (place - low) / (high - low)
            at = QRectF(0, y - line / 2, left - _GAP, line)
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        below = QRectF(box.left(), box.bottom() + 1, box.width(), line)
        first, last = f"{histogram.first:,}", f"{histogram.last:,}"
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
        if first != last:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
        if metrics.horizontalAdvance(f"{first}  iteration  {last}") < box.width():
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "iteration")

    def _marks(self, histogram: Histogram, low: int, high: int) -> list[tuple[float, str]]:
        """Return which numbers are told, each with its place among the bins."""
        places = {low: low, high: high}
        marks: list[tuple[float, str]] = []
        middle = len(histogram.counts[0]) // 2
        if histogram.axis is Axis.LINEAR and low < middle < high:
            far = (high - low) / 6
            places = {place: place for place in places if abs(place - middle) > far}
            marks.append((middle, "0"))
        for place in places:
            edge = histogram.edge(place)
            text = f"{'>' if not isfinite(edge) else ''}{number(edge, 2)}" if isfinite(edge) else "∞"
            marks.append((place, text))
        return marks


def bins_used(counts: Counts) -> tuple[int, int]:
    """Return the range of bins in which something is, in any column; at least one."""
    used = np.flatnonzero(counts.any(axis=0))
    return (int(used[0]), int(used[-1]) + 1) if used.size else (0, counts.shape[1])


def image_of(counts: Counts, theme: Theme) -> QImage:
    """Return the counts as colours, a pixel each; the most of a column has the end of the map."""
    most = np.maximum(counts.max(axis=1, keepdims=True), 1).astype(np.float32)
    shades = (np.sqrt(counts / most, dtype=np.float32) * LAST).astype(np.uint8)
    colors = np.ascontiguousarray(table(theme, MapKind.PROBABILITY)[shades.T[::-1]])
    height, width = colors.shape
    return QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
