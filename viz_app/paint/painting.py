"""Paint a picture, element by element: the same on the screen, into files and at any zoom."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from viz_app.frame.words.writing import written
from viz_app.paint.device import device_rect, draw_cells, is_raster, painting_device_pixels
from viz_app.paint.difference import MARGIN
from viz_app.paint.formula import paint_formula
from viz_app.paint.heatmap import paint_heatmap
from viz_app.paint.legend import paint_legend
from viz_app.paint.plane import paint_lines, paint_relief, paint_scatter
from viz_app.paint.sketch import paint_sketch
from viz_app.paint.text import paint_text
from viz_app.paint.theme import Theme
from viz_app.picture.elements import (
    ColorImage,
    Dot,
    Element,
    Formula,
    Heatmap,
    Legend,
    Lines,
    Panel,
    Picture,
    Rect,
    Relief,
    Scatter,
    Sketch,
    Stroke,
    Text,
    Tone,
    rect_of,
)

_HINTS = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing


def paint(painter: QPainter, picture: Picture, theme: Theme, visible: Rect | None = None, zoom: float = 1.0) -> None:
    """Paint a picture in its own coordinates; the painter's transform, without rotation, says where and how large.

    Parameters
    ----------
    painter : QPainter
        On a widget, an image, or a device that keeps vectors.
    picture : Picture
        What is painted.
    theme : Theme
        Its colours; the ground is the caller's to paint.
    visible : Rect or None
        The part of the picture that is seen: elements outside it are left out.
    zoom : float
        How much of the painter's scale is there to see more: numbers in cells have more digits, and lines are thin.
    """
    painter.setRenderHints(_HINTS)
    with written(picture.writing):
        _paint_elements(painter, picture, theme, visible, zoom)


def _paint_elements(painter: QPainter, picture: Picture, theme: Theme, visible: Rect | None, zoom: float) -> None:
    seen = None if visible is None else visible.inset(-MARGIN)
    for element in picture.elements:
        if seen is not None and not _touch(rect_of(element), seen):
            continue
        if isinstance(element, (Heatmap, Stroke)):
            _MAGNIFIED[type(element)](painter, element, theme, picture.em, zoom)
        else:
            _PAINTERS[type(element)](painter, element, theme, picture.em)


def _touch(a: Rect, b: Rect) -> bool:
    return a.x <= b.right and b.x <= a.right and a.y <= b.bottom and b.y <= a.bottom


def _paint_stroke(painter: QPainter, stroke: Stroke, theme: Theme, em: float, zoom: float) -> None:
    """Paint a line, which stays as thin when it is magnified: it would cover the cells that it goes around."""
    color = theme.color(stroke.tone)
    width = stroke.width / zoom
    style = Qt.PenStyle.DashLine if stroke.dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(color, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    points = [QPointF(x, y) for x, y in stroke.points]
    if stroke.arrow and len(points) > 1:
        head = _arrow_head(points[-2], points[-1], 3 / zoom + 2.2 * width)
        points[-1] = (head[1] + head[2]) / 2
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF(head))
    else:
        painter.drawPolyline(points)


def _arrow_head(start: QPointF, end: QPointF, length: float) -> list[QPointF]:
    """Return the tip and the two corners at the back."""
    angle = math.atan2(end.y() - start.y(), end.x() - start.x())
    back = QPointF(end.x() - length * math.cos(angle), end.y() - length * math.sin(angle))
    side = QPointF(-math.sin(angle), math.cos(angle)) * (length * 0.5)
    return [end, back + side, back - side]


def _paint_color(painter: QPainter, element: ColorImage, theme: Theme, em: float) -> None:
    """Paint an image in its own colours, every cell a sharp square."""
    pixels = np.ascontiguousarray(np.moveaxis(element.channels, 0, -1).clip(0, 1) * 255 + 0.5, dtype=np.uint8)
    rows, columns, _ = pixels.shape
    image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    rect = element.rect
    if is_raster(painter):
        painter.drawImage(QRectF(rect.x, rect.y, rect.width, rect.height), image)
        return
    target = device_rect(painter, rect)
    with painting_device_pixels(painter):
        draw_cells(painter, target, image)


def _paint_dot(painter: QPainter, dot: Dot, theme: Theme, em: float) -> None:
    pen, brush = _dot_look(theme, dot.tone, dot.radius)
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawEllipse(QPointF(*dot.center), dot.radius, dot.radius)


@lru_cache(maxsize=64)
def _dot_look(theme: Theme, tone: Tone, radius: float) -> tuple[QPen, QBrush]:
    """Return the rim and the inside of a dot; there are hundreds of the same."""
    return QPen(QColor(theme.base), max(1.0, radius * 0.25)), QBrush(theme.color(tone))


def _paint_panel(painter: QPainter, panel: Panel, theme: Theme, em: float) -> None:
    color = theme.color(panel.tone)
    color.setAlphaF(panel.opacity)
    painter.setBrush(color)
    painter.setPen(QPen(theme.color(panel.outline), 1.5) if panel.outline else Qt.PenStyle.NoPen)
    room = panel.rect.inset(0.75) if panel.outline else panel.rect
    painter.drawRoundedRect(QRectF(room.x, room.y, room.width, room.height), panel.radius, panel.radius)


_MAGNIFIED: dict[type[Element], Callable[..., None]] = {Heatmap: paint_heatmap, Stroke: _paint_stroke}
_PAINTERS: dict[type[Element], Callable[..., None]] = {
    ColorImage: _paint_color,
    Sketch: paint_sketch,
    Text: paint_text,
    Formula: paint_formula,
    Legend: paint_legend,
    Dot: _paint_dot,
    Panel: _paint_panel,
    Relief: paint_relief,
    Scatter: paint_scatter,
    Lines: paint_lines,
}
