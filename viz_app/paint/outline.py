"""Take the outlines out of a drawing, as one path that any painter can fill."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import (
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPolygonF,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer


def outline(renderer: QSvgRenderer, room: QRectF) -> QPainterPath:
    """Return what a drawing fills, drawn into a rectangle; its colours and lines are lost."""
    device = _OutlineDevice()
    with QPainter(device) as painter:
        renderer.render(painter, room)
    return device.engine.path


class _OutlineDevice(QPaintDevice):
    def __init__(self) -> None:
        super().__init__()
        self.engine = _OutlineEngine()

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return 1 << 16 if metric == QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatioScaled else 1


class _OutlineEngine(QPaintEngine):
    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.path = QPainterPath()
        self._transform = QTransform()

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        self._transform = state.transform()

    def drawPath(self, path: QPainterPath) -> None:
        self.path.addPath(self._transform.map(path))

    def drawPolygon(self, points: Iterable[QPointF], mode: QPaintEngine.PolygonDrawMode) -> None:
        part = QPainterPath()
        part.addPolygon(QPolygonF([QPointF(point) for point in points]))
        part.closeSubpath()
        self.drawPath(part)

    def drawRects(self, rects: Iterable[QRectF | QRect]) -> None:
        for rect in rects:
            part = QPainterPath()
            part.addRect(QRectF(rect))
            self.drawPath(part)
