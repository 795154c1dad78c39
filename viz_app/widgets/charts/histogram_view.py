"""Draw how values are spread, over the iterations: a column for each, the darker, the more values are in a bin."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.frame.levels import MapKind
from viz_app.frame.told.layer_history import Axis, Counts, Histogram
from viz_app.frame.words.numbers import number
from viz_app.paint.colors import LAST, table
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_LEAST_LINES, _USUAL_LINES = 5, 8
_GAP = 4
_ZERO_SHARE = 16
"""Where sizes are drawn, 0 has one part in so many of the height."""


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
        scene = _scene(histogram)
        left = max((metrics.horizontalAdvance(text) for _, text in scene.marks), default=0) + 2 * _GAP
        line = metrics.height()
        box = QRectF(left, line / 2, self.width() - left - _GAP, self.height() - 1.6 * line)
        if box.width() < line or box.height() < line:
            return
        painter.drawImage(box, image_of(scene.counts, scene.zero, self._theme))
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(box)
        painter.setPen(self._theme.color(Tone.MUTED))
        for place, text in scene.marks:
            y = box.bottom() - box.height() * place / scene.counts.shape[1]
            at = QRectF(0, y - line / 2, left - _GAP, line)
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        below = QRectF(box.left(), box.bottom() + 1, box.width(), line)
        first, last = f"{histogram.first:,}", f"{histogram.last:,}"
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
        if first != last:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
        if metrics.horizontalAdvance(f"{first}  iteration  {last}") < box.width():
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "iteration")


@dataclass(frozen=True, eq=False)
class _Scene:
    """What is drawn of a histogram: the bins in which something is.

    Parameters
    ----------
    counts : ndarray of int, shape (columns, bins)
        Their counts.
    zero : slice
        The bins that 0 is in.
    marks : list of (float, str)
        The numbers that are told, each with its place among the bins.
    """

    counts: Counts
    zero: slice
    marks: list[tuple[float, str]]


def _scene(histogram: Histogram) -> _Scene:
    counts = histogram.counts
    return _linear(histogram, counts) if histogram.axis is Axis.LINEAR else _by_size(histogram, counts)


def _linear(histogram: Histogram, counts: Counts) -> _Scene:
    zero = counts.shape[1] // 2
    low, high = bins_used(counts, zero)
    low, high = min(low, zero), max(high, zero + 1)
    far = (high - low) / 6
    ends = [(place - low, number(histogram.edge(place), 2)) for place in (low, high) if abs(place - zero) > far]
    return _Scene(counts[:, low:high], slice(zero - low, zero - low + 1), [(zero - low, "0"), *ends])


def _by_size(histogram: Histogram, counts: Counts) -> _Scene:
    """Return the scene of sizes: 0 stands right below the smallest, however far away that is."""
    low, high = bins_used(counts[:, 1:], 0)
    low, high = low + 1, high + 1
    rows = -(-(high - low) // _ZERO_SHARE)
    zeros = np.repeat(counts[:, :1], rows, axis=1) if counts[:, 0].any() else counts[:, :0]
    marks = [(zeros.shape[1] + place - low, _text(histogram.edge(place))) for place in (low, high)]
    if zeros.shape[1]:
        marks = [(zeros.shape[1] / 2 - 0.5, "0"), *marks[-1:]]
    return _Scene(np.concatenate([zeros, counts[:, low:high]], axis=1), slice(0, zeros.shape[1]), marks)


def _text(edge: float) -> str:
    return number(edge, 2) if isfinite(edge) else "∞"


def bins_used(counts: Counts, zero: int) -> tuple[int, int]:
    """Return the range of bins in which something is, in any column; at least that of ``zero``."""
    used = np.flatnonzero(counts.any(axis=0))
    return (int(used[0]), int(used[-1]) + 1) if used.size else (zero, zero + 1)


def image_of(counts: Counts, zero: slice, theme: Theme) -> QImage:
    """Return the counts as colours, a pixel each.

    The most of a column has the end of the map, apart from the bins ``zero``: ReLU makes so many zeros that nothing
    else would be seen.
    """
    others = np.delete(counts, zero, axis=1)
    most = np.maximum(others.max(axis=1, keepdims=True, initial=0), 1)
    shades = (np.sqrt(np.minimum(counts / most, 1.0)) * LAST).astype(np.uint8)
    colors = np.ascontiguousarray(table(theme, MapKind.PROBABILITY)[shades.T[::-1]])
    height, width = colors.shape
    return QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
