"""A pointer over what is presented: a dot of light, or a spotlight that leaves the rest in the dark."""

from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QRadialGradient
from PySide6.QtWidgets import QWidget

_LIGHT = QColor(255, 32, 32)
"""The colour of a laser, which no map has."""
_DARK = QColor(0, 0, 0, 150)
_DOT, _SPOT = 0.016, 0.16
"""The radius of the dot, and that of the spotlight, as shares of the height."""
_LEAST_DOT = 9.0


class Look(StrEnum):
    """What the pointer looks like."""

    NONE = "none"
    DOT = "dot"
    SPOTLIGHT = "spotlight"


_NEXT = {Look.NONE: Look.DOT, Look.DOT: Look.SPOTLIGHT, Look.SPOTLIGHT: Look.NONE}


class Pointer(QWidget):
    """Follow the mouse, over all else; what lies below gets every click."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Pointer")
        self._look = Look.NONE
        self._at: QPoint | None = None
        self.hide()

    @property
    def look(self) -> Look:
        """What it looks like."""
        return self._look

    @property
    def at(self) -> QPoint | None:
        """Where it points; nowhere before the mouse has moved."""
        return self._at

    def show_next(self) -> None:
        """Be a dot, then a spotlight, then nothing."""
        self._look = _NEXT[self._look]
        self.setVisible(self._look is not Look.NONE)
        self.raise_()
        self.update()

    def move_to(self, at: QPoint | None) -> None:
        """Point elsewhere; only what changes is painted again."""
        before, self._at = self._at, at
        if before is None or at is None:
            self.update()
            return
        self.update(self._around(before))
        self.update(self._around(at))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._at is None or self._look is Look.NONE:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        center, radius = QPointF(self._at), self._radius
        if self._look is Look.DOT:
            light = QRadialGradient(center, radius)
            for place, alpha in ((0.0, 255), (0.45, 235), (0.6, 110), (1.0, 0)):
                light.setColorAt(place, QColor(_LIGHT.red(), _LIGHT.green(), _LIGHT.blue(), alpha))
            painter.setBrush(light)
            painter.drawEllipse(center, radius, radius)
        else:
            dark = QPainterPath()
            dark.addRect(self.rect())
            dark.addEllipse(center, radius, radius)
            painter.fillPath(dark, _DARK)
        painter.end()

    @property
    def _radius(self) -> float:
        if self._look is Look.SPOTLIGHT:
            return _SPOT * self.height()
        return max(_DOT * self.height(), _LEAST_DOT)

    def _around(self, at: QPoint) -> QRect:
        reach = int(self._radius) + 2
        return QRect(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
