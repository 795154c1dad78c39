"""Paint objects as they look."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from core.data.objects import Look
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Sketch, Tone

_COLOURS: Mapping[str, str] = {"red": "#d92d2d", "green": "#2e9f4b", "blue": "#2f6fdb", "yellow": "#f2bd1d"}
_OUTLINE = 0.1
"""The width of an outline, in sizes of what it is around."""


def paint_sketch(painter: QPainter, sketch: Sketch, theme: Theme, em: float) -> None:
    """Paint an object in the middle of its rectangle."""
    rect = sketch.rect
    side = min(rect.width, rect.height)
    box = QRectF(rect.center[0] - side / 2, rect.center[1] - side / 2, side, side)
    paint_look(painter, sketch.look, box, theme)


def paint_look(painter: QPainter, look: Look, box: QRectF, theme: Theme) -> None:
    """Paint an object into a square."""
    width = max(_OUTLINE * box.width(), 1.0)
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.colour is None:
        painter.setPen(QPen(theme.color(Tone.TEXT), width))
        painter.setBrush(QBrush())
    else:
        color = QColor(_COLOURS[look.colour])
        painter.setPen(QPen(color.darker(140), width / 2))
        painter.setBrush(color)
    painter.drawPath(_PATHS[look.shape](inner))
    painter.restore()


def _circle(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(box)
    return path


def _square(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    inset = 0.06 * box.width()
    path.addRect(box.adjusted(inset, inset, -inset, -inset))
    return path


def _star(box: QRectF) -> QPainterPath:
    """Return a star with five points."""
    radius, center = box.width() / 2, box.center()
    path = QPainterPath()
    points = []
    for corner in range(10):
        angle, reach = math.pi * (corner / 5 - 0.5), radius * (1 if corner % 2 == 0 else 0.45)
        points.append(
            QPointF(center.x() + reach * math.cos(angle), center.y() + 0.05 * radius + reach * math.sin(angle))
        )
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def _heart(box: QRectF) -> QPainterPath:
    def at(x: float, y: float) -> QPointF:
        return QPointF(box.x() + x * box.width(), box.y() + y * box.height())

    path = QPainterPath(at(0.5, 0.97))
    path.cubicTo(at(0.1, 0.68), at(0.0, 0.5), at(0.0, 0.32))
    path.cubicTo(at(0.0, 0.0), at(0.4, -0.06), at(0.5, 0.25))
    path.cubicTo(at(0.6, -0.06), at(1.0, 0.0), at(1.0, 0.32))
    path.cubicTo(at(1.0, 0.5), at(0.9, 0.68), at(0.5, 0.97))
    return path


def _swatch(box: QRectF) -> QPainterPath:
    """Return a stripe of colour, which is no shape."""
    path = QPainterPath()
    stripe = box.adjusted(0, 0.28 * box.height(), 0, -0.28 * box.height())
    path.addRoundedRect(stripe, stripe.height() / 2, stripe.height() / 2)
    return path


_PATHS: Mapping[str | None, Callable[[QRectF], QPainterPath]] = {
    "circle": _circle,
    "square": _square,
    "star": _star,
    "heart": _heart,
    None: _swatch,
}
