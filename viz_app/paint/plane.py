"""Paint what is to be seen of a plane: a number all over it, points, and lines."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap

from viz_app.frame.levels import Levels, MapKind
from viz_app.paint.colors import LAST, codes, table
from viz_app.paint.device import device_scale, is_raster
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Lines, Rect, Relief, Scatter, Tone

_STRONG = Levels(MapKind.DIVERGING, -1.5, 1.5)
"""The colours of points: not as dark, in the dark theme not as light, as the surest answer that they stand on."""
_DOT = 0.22
"""The radius of a point in a small plane, as a share of half its side."""
_STAMP = 1.9
"""How far the picture of a point reaches from its middle, in radii."""
_SHADE = 10
"""Points are painted in every tenth colour of the map."""
_FAINTEST = 0.04
"""Lines of smaller weights cannot be seen, and are left out."""
_MOST_LINES = 40
"""Of more weights between two layers, only the largest are painted."""
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
    if not is_raster(painter):  # a viewer would blend in its own way, or not at all
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        image = image.scaled(
            math.ceil(rect.width), math.ceil(rect.height), mode=Qt.TransformationMode.SmoothTransformation
        )
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
    shades = codes(scatter.heights, _STRONG) // _SHADE * _SHADE
    scale = device_scale(painter)
    for number in np.argsort(scatter.marked, kind="stable").tolist():
        look = _Look(int(shades[number]), bool(scatter.held_back[number]), bool(scatter.marked[number]))
        if not is_raster(painter):
            painter.translate(*scatter.centers[number].tolist())
            _paint_point(painter, look, theme, scatter.radius)
            painter.translate(*(-scatter.centers[number]).tolist())
            continue
        stamp = _stamp(look, theme, scatter.radius, scale)
        x, y = scatter.centers[number].tolist()
        half = stamp.width() / scale / 2
        painter.drawImage(QPointF(x - half, y - half), stamp)


@dataclass(frozen=True)
class _Look:
    """How a point looks; there are hundreds of points, and few looks."""

    shade: int
    hollow: bool
    ringed: bool


@lru_cache(maxsize=512)
def _stamp(look: _Look, theme: Theme, radius: float, scale: float) -> QImage:
    """Return the picture of a point, in pixels of the device."""
    side = 2 * math.ceil(_STAMP * radius * scale) + 1
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / scale / 2, side / scale / 2)
        _paint_point(painter, look, theme, radius)
    return image


def _paint_point(painter: QPainter, look: _Look, theme: Theme, radius: float) -> None:
    base, center = QColor(theme.base), QPointF(0, 0)
    color = QColor(int(table(theme, MapKind.DIVERGING)[look.shade]))
    pale = abs(2 * look.shade / LAST - 1) * _STRONG.high < _PALE
    if look.ringed:
        painter.setPen(QPen(theme.color(Tone.SELECTED), 0.36 * radius))
        painter.setBrush(base)
        painter.drawEllipse(center, 1.6 * radius, 1.6 * radius)
    if look.hollow:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(base)
        painter.drawEllipse(center, 1.15 * radius, 1.15 * radius)
        painter.setPen(QPen(theme.color(Tone.MUTED) if pale else color, 0.5 * radius))
        painter.drawEllipse(center, 0.7 * radius, 0.7 * radius)
    else:
        painter.setPen(QPen(theme.color(Tone.MUTED), 0.24 * radius) if pale else QPen(base, 0.36 * radius))
        painter.setBrush(color)
        painter.drawEllipse(center, radius, radius)


def paint_place(painter: QPainter, place: tuple[float, float], height: float, box: QRectF, theme: Theme) -> None:
    """Paint a point in a small plane that goes from -1 to 1, with its axes."""
    painter.fillRect(box, QColor(theme.base))
    painter.setPen(QPen(theme.color(Tone.FAINT), 1))
    center, half = box.center(), box.width() / 2
    painter.drawLine(QLineF(box.left(), center.y(), box.right(), center.y()))
    painter.drawLine(QLineF(center.x(), box.top(), center.x(), box.bottom()))
    at = np.array([[center.x() + place[0] * half, center.y() - place[1] * half]])
    no = np.array([False])
    rect = Rect(box.x(), box.y(), box.width(), box.height())
    paint_scatter(painter, Scatter(rect, at, np.array([height]), no, no, _DOT * half), theme, 1.0)


def paint_lines(painter: QPainter, lines: Lines, theme: Theme, em: float) -> None:
    """Paint lines of one look, or each as its weight asks for: the smallest first."""
    if lines.weights is None:
        painter.setPen(QPen(theme.color(lines.tone), lines.width, c=Qt.PenCapStyle.RoundCap))
        painter.drawLines([QLineF(*start, *end) for start, end in lines.ends.tolist()])
        return
    sizes = np.abs(lines.weights)
    seen = [number for number in np.argsort(sizes, kind="stable").tolist() if sizes[number] >= _FAINTEST]
    for number in seen[-_MOST_LINES:]:
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
