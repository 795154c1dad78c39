"""A paint device that writes SVG: text stays text as wide as it was arranged, and cells stay sharp in every viewer.

Qt's own generator gives text no width, so that it runs into its neighbours where a viewer has another font.
"""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTextItem,
    QTransform,
)

_FALLBACKS = {
    False: "'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
    True: "'DejaVu Sans Mono', Consolas, Menlo, monospace",
}
"""The families that stand in where a viewer has not the font, and whether they are of one width."""
_DPI = 96
_MM = 25.4
_COLORS = 1 << 24
_DEPTH = 32
_CAPS = {Qt.PenCapStyle.FlatCap: "butt", Qt.PenCapStyle.RoundCap: "round", Qt.PenCapStyle.SquareCap: "square"}
_JOINS = {Qt.PenJoinStyle.RoundJoin: "round", Qt.PenJoinStyle.MiterJoin: "miter"}


class SvgDevice(QPaintDevice):
    """A sheet that keeps what is painted on it as SVG.

    Parameters
    ----------
    width, height : int
        Its size in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._size = width, height
        self._engine = _SvgEngine()

    def paintEngine(self) -> QPaintEngine:
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kinds = QPaintDevice.PaintDeviceMetric
        width, height = self._size
        sizes = {
            kinds.PdmWidth: width,
            kinds.PdmHeight: height,
            kinds.PdmWidthMM: round(width * _MM / _DPI),
            kinds.PdmHeightMM: round(height * _MM / _DPI),
            kinds.PdmNumColors: _COLORS,
            kinds.PdmDepth: _DEPTH,
            kinds.PdmDevicePixelRatio: 1,
            kinds.PdmDevicePixelRatioScaled: round(QPaintDevice.devicePixelRatioFScale()),
        }
        return sizes.get(metric, _DPI)

    def document(self, title: str, description: str, scale: float = 1.0) -> str:
        """Return the file, once the painter has ended.

        Parameters
        ----------
        title, description : str
            What it shows, for who cannot see it.
        scale : float
            How much larger than painted it is shown.
        """
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
            f'width="{_n(width * scale)}" height="{_n(height * scale)}" viewBox="0 0 {width} {height}" role="img">'
        )
        words = f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>"
        return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, words, *self._engine.parts(), "</svg>\n"])


class _SvgEngine(QPaintEngine):
    """Write what is painted, in the coordinates of the sheet."""

    def __init__(self) -> None:
        # Of whatever is left out Qt would make something else, in C++ and with engines of its own alone: it crashes.
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self._parts: list[str] = []
        self._pen, self._brush, self._font = QPen(), QBrush(), QFont()
        self._transform = QTransform()
        self._opacity = 1.0
        self._smooth = False
        self._line: _Line | None = None

    def parts(self) -> list[str]:
        """Return the elements."""
        self._end_line()
        return self._parts

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        self._end_line()
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        self._pen, self._brush, self._font = state.pen(), state.brush(), state.font()
        self._transform, self._opacity = state.transform(), state.opacity()
        self._smooth = bool(state.renderHints() & QPainter.RenderHint.SmoothPixmapTransform)

    def drawPath(self, path: QPainterPath) -> None:
        rule = ' fill-rule="evenodd"' if path.fillRule() == Qt.FillRule.OddEvenFill else ""
        self._add(f'<path d="{_path(self._transform.map(path))}"{rule}{self._fill()}{self._stroke()}/>')

    def drawPolygon(self, points: Iterable[QPointF], mode: QPaintEngine.PolygonDrawMode) -> None:
        corners = " ".join(_point(self._transform.map(QPointF(point))) for point in points)
        if mode == QPaintEngine.PolygonDrawMode.PolylineMode:
            self._add(f'<polyline points="{corners}" fill="none"{self._stroke()}/>')
        else:
            self._add(f'<polygon points="{corners}"{self._fill()}{self._stroke()}/>')

    def drawRects(self, rects: Iterable[QRectF | QRect]) -> None:
        for rect in rects:
            self._add(f"<rect{_box(self._transform.mapRect(QRectF(rect)))}{self._fill()}{self._stroke()}/>")

    def drawImage(
        self,
        target: QRectF | QRect,
        image: QImage,
        source: QRectF | QRect,
        flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        part = image if QRectF(source) == QRectF(image.rect()) else image.copy(QRectF(source).toAlignedRect())
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        part.save(buffer, "PNG")  # type: ignore[call-overload]  # the annotation wants bytes; the call wants text
        data = bytes(buffer.data().toBase64().data()).decode()
        sharp = "" if self._smooth else ' image-rendering="optimizeSpeed" style="image-rendering:pixelated"'
        box = _box(self._transform.mapRect(QRectF(target)))
        self._add(f'<image{box} preserveAspectRatio="none"{sharp} xlink:href="data:image/png;base64,{data}"/>')

    def drawPixmap(self, target: QRectF | QRect, pixmap: QPixmap | QImage, source: QRectF | QRect) -> None:
        self.drawImage(target, pixmap.toImage() if isinstance(pixmap, QPixmap) else pixmap, source)

    def drawTextItem(self, place: QPointF | QPoint | QPainterPath.Element, item: QTextItem) -> None:
        """Write text; what goes on where the last ended, in the same font, is the same line: scripts come apart."""
        assert isinstance(place, QPointF)
        scale = self._transform.m11()
        font = item.font()
        begun = _Line(self._transform.map(place), item.text(), item.width() * scale, _look(font, scale), self._ink())
        if self._line is not None and self._line.leads_to(begun):
            self._line.text += begun.text
            self._line.width += begun.width
            return
        self._end_line()
        self._line = begun

    def _add(self, part: str) -> None:
        self._end_line()
        self._parts.append(part)

    def _end_line(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            self._parts += line.written()

    def _ink(self) -> str:
        return f' fill="{self._pen.color().name()}"{_alpha("fill", self._pen.color(), self._opacity)}'

    def _fill(self) -> str:
        if self._brush.style() == Qt.BrushStyle.NoBrush:
            return ' fill="none"'
        color = self._brush.color()
        return f' fill="{color.name()}"{_alpha("fill", color, self._opacity)}'

    def _stroke(self) -> str:
        pen = self._pen
        if pen.style() == Qt.PenStyle.NoPen:
            return ""
        scale = 1.0 if pen.isCosmetic() else self._transform.m11()
        width = max(pen.widthF(), 1.0 if pen.isCosmetic() else 0.0) * scale
        told = (
            f' stroke="{pen.color().name()}" stroke-width="{_n(width)}"{_alpha("stroke", pen.color(), self._opacity)}'
        )
        told += f' stroke-linecap="{_CAPS[pen.capStyle()]}" stroke-linejoin="{_JOINS.get(pen.joinStyle(), "bevel")}"'
        if pen.style() != Qt.PenStyle.SolidLine:
            told += f' stroke-dasharray="{" ".join(_n(part * width) for part in pen.dashPattern())}"'
        return told


class _Line:
    """A line of text that may go on."""

    def __init__(self, start: QPointF, text: str, width: float, look: str, ink: str) -> None:
        self.start, self.text, self.width, self._look, self._ink = start, text, width, look, ink

    def leads_to(self, other: "_Line") -> bool:
        """Tell whether another piece begins where this one ends, and looks the same."""
        gap = abs(self.start.x() + self.width - other.start.x()) + abs(self.start.y() - other.start.y())
        return gap < 0.5 and (self._look, self._ink) == (other._look, other._ink)

    def written(self) -> list[str]:
        """Return the element; nothing for a blank line."""
        text = self.text.rstrip()
        if not text:
            return []
        length = f' textLength="{_n(self.width)}" lengthAdjust="spacingAndGlyphs"' if len(self.text) > 1 else ""
        start = f' x="{_n(self.start.x())}" y="{_n(self.start.y())}"'
        return [f'<text xml:space="preserve"{start}{length}{self._look}{self._ink}>{escape(self.text)}</text>']


def _look(font: QFont, scale: float) -> str:
    info = QFontInfo(font)
    families = f"'{info.family()}', {_FALLBACKS[info.fixedPitch()]}"
    size = font.pixelSize() if font.pixelSize() > 0 else info.pixelSize()
    weight = ' font-weight="700"' if font.bold() else ""
    return f' font-family="{escape(families)}" font-size="{_n(size * scale)}"{weight}'


def _alpha(what: str, color: QColor, opacity: float) -> str:
    alpha = color.alphaF() * opacity
    return f' {what}-opacity="{_n(alpha)}"' if alpha < 1 else ""


def _box(rect: QRectF) -> str:
    return f' x="{_n(rect.x())}" y="{_n(rect.y())}" width="{_n(rect.width())}" height="{_n(rect.height())}"'


def _path(path: QPainterPath) -> str:
    """Return a path as SVG writes it."""
    kinds = QPainterPath.ElementType
    words = []
    places = range(path.elementCount())
    for element in map(path.elementAt, places):
        letter = {kinds.MoveToElement: "M", kinds.LineToElement: "L", kinds.CurveToElement: "C"}.get(element.type, "")
        words.append(f"{letter}{_n(element.x)},{_n(element.y)}")
    return " ".join(words)


def _point(point: QPointF) -> str:
    return f"{_n(point.x())},{_n(point.y())}"


def _n(number: float) -> str:
    """Return a number with at most three places behind the point."""
    return f"{number:.3f}".rstrip("0").rstrip(".") if number else "0"
