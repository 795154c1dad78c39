"""Paint what is to be seen of a plane: a number all over it, points, and lines."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap

from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.colors import codes, table
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Lines, Rect, Relief, Scatter, Tone

_STRONG = Levels(MapKind.DIVERGING, -1.5, 1.5)
"""The colours of points: not as dark, in the dark theme not as light, as the surest answer that they stand on."""
_ICON = 48
_PALE = 0.35
"""Points nearer to 0 than that have a dark rim: they are nearly as pale as the ground."""
_WIDEST = 0.22
"""The width of the line of the largest weight, in sizes of text."""


def paint_relief(painter: QPainter, relief: Relief, theme: Theme, em: float) -> None:
    """Paint a number in the colours of its map, blended between the middles of the cells."""
    places = codes(np.asarray(relief.heights), relief.levels)
    colors = np.ascontiguousarray(table(theme, relief.levels.kind)[places])
    rows, columns = colors.shape
    image = QImage(colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    rect = relief.rect
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(rect.x, rect.y, rect.width, rect.height), image)
    painter.restore()


def relief_icon(heights: NDArray[np.floating], levels: Levels, theme: Theme) -> QIcon:
    """Return a small picture of a number all over the plane, with a thin rim."""
    pixmap = QPixmap(_ICON, _ICON)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        paint_relief(painter, Relief(Rect(0, 0, _ICON, _ICON), heights, levels), theme, 1.0)
        painter.setPen(QPen(theme.color(Tone.MUTED), _ICON / 16))
        painter.drawRect(pixmap.rect())
    return QIcon(pixmap)


def paint_scatter(painter: QPainter, scatter: Scatter, theme: Theme, em: float) -> None:
    """Paint points, those of the batch last: with a ring around them."""
    colors = table(theme, MapKind.DIVERGING)[codes(scatter.heights, _STRONG)]
    base, ink, radius = QColor(theme.base), theme.color(Tone.SELECTED), scatter.radius
    rim = QPen(theme.color(Tone.MUTED), 0.24 * radius)
    order = np.argsort(scatter.marked, kind="stable").tolist()
    for number in order:
        center, color = QPointF(*scatter.centers[number]), QColor(int(colors[number]))
        if scatter.marked[number]:
            painter.setPen(QPen(ink, 0.36 * radius))
            painter.setBrush(base)
            painter.drawEllipse(center, 1.6 * radius, 1.6 * radius)
        pale = abs(scatter.heights[number]) < _PALE
        if scatter.held_back[number]:
            _ring(painter, center, radius, theme.color(Tone.MUTED) if pale else color, base)
        else:
            painter.setPen(rim if pale else QPen(base, 0.36 * radius))
            painter.setBrush(color)
            painter.drawEllipse(center, radius, radius)


def _ring(painter: QPainter, center: QPointF, radius: float, color: QColor, base: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(base)
    painter.drawEllipse(center, 1.15 * radius, 1.15 * radius)
    painter.setPen(QPen(color, 0.5 * radius))
    painter.drawEllipse(center, 0.7 * radius, 0.7 * radius)


def paint_lines(painter: QPainter, lines: Lines, theme: Theme, em: float) -> None:
    """Paint lines of one look, or each as its weight asks for: the smallest first."""
    if lines.weights is None:
        painter.setPen(QPen(theme.color(lines.tone), lines.width, c=Qt.PenCapStyle.RoundCap))
        painter.drawLines([QLineF(*start, *end) for start, end in lines.ends.tolist()])
        return
    for number in np.argsort(np.abs(lines.weights), kind="stable").tolist():
        (x, y), (to_x, to_y) = lines.ends[number].tolist()
        painter.setPen(QPen(_color(theme, float(lines.weights[number])), _width(float(lines.weights[number]), em)))
        painter.drawLine(QLineF(x, y, to_x, to_y))


def _color(theme: Theme, weight: float) -> QColor:
    strong: NDArray[np.uint8] = codes(np.array([np.sign(weight)]), _STRONG)
    color = QColor(int(table(theme, MapKind.DIVERGING)[strong][0]))
    color.setAlphaF(0.25 + 0.75 * abs(weight))
    return color


def _width(weight: float, em: float) -> float:
    return max(_WIDEST * em * abs(weight), 0.6)
