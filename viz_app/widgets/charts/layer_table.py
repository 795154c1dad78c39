"""Draw the numbers of layers below each other, with bars that compare them, and the way that gradients have come."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viz_app.frame.told.layer_history import Norms
from viz_app.frame.told.layer_scale import Scale, Span, scale_below, span_of
from viz_app.frame.told.layer_stats import (
    EXPLODING,
    SIGMOID_LIMIT,
    TANH_LIMIT,
    VANISHING,
    Idle,
    LayerStats,
)
from viz_app.frame.told.measured import Measured
from viz_app.frame.words.numbers import in_cell, number, percent
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_ROW, _HEAD, _BAR, _PAD = 2.5, 1.2, 0.25, 6
"""The height of a row, of the headings and of a bar, in lines of text, and the space beside a column in pixels."""
_SPARK_FROM = 0.6
"""The curve of the gradient takes the rest of the width from here on."""
_UNKNOWN = "–"


_UPDATE = Scale(1e-6, 1.0)
_SHARE = Scale(0.0, 1.0, logarithmic=False)
_HEADINGS = "gradient", "output", "update", "dead"
_TIPS = (
    "The norm of the gradient of all parameters of the layer. "
    f"It vanishes below {number(VANISHING)} of the largest, and explodes above {number(EXPLODING)}.",
    "The root mean square of the output of the layer.",
    "The norm of the update over the norm of the weights. About 0.001 is usual.",
    "Dead: the share of neurons whose ReLU is 0 for every sample of the batch; a feature map is one neuron. "
    f"Saturated: the share of outputs of tanh beyond ±{TANH_LIMIT}, of a sigmoid below {SIGMOID_LIMIT} or above "
    f"{1 - SIGMOID_LIMIT}. Neither passes a gradient back.",
)
_TONES = Tone.BACKWARD, Tone.FORWARD, Tone.UPDATE, Tone.SECOND


class LayerTable(QWidget):
    """The layers below each other; a click chooses one."""

    layer_chosen = Signal(int)
    """Its place in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: Measured | None = None
        self._scales: tuple[Scale, ...] = (_UPDATE,) * 4
        self._chosen, self._digit = 0, 1
        self._theme = LIGHT
        self.setAccessibleName("Layers: gradient, output, update, dead neurons")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_measured(self, measured: Measured) -> None:
        """Draw the layers."""
        count = len(self._measured.layers) if self._measured else -1
        self._measured, layers = measured, measured.layers
        gradients = scale_below([layer.gradient for layer in layers], 8)
        outputs = scale_below([layer.output for layer in layers], 4)
        self._scales = gradients, outputs, _UPDATE, _SHARE
        if count != len(layers):
            self.updateGeometry()
        self.update()

    def choose(self, row: int) -> None:
        """Mark a layer as the one that more is told of."""
        self._chosen = row
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    @property
    def headings(self) -> tuple[str, ...]:
        """What the columns are."""
        why = {layer.why_idle for layer in self._layers if layer.why_idle}
        return (*_HEADINGS[:3], "saturated" if why == {Idle.SATURATED} else "idle" if len(why) > 1 else "dead")

    def texts(self, row: int) -> tuple[str, ...]:
        """Return what stands in the columns of a layer, and what is wrong with it."""
        layer = self._layers[row]
        return (*(self._text(layer, column, 9) for column in range(4)), layer.warning)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(round(17 * line), round((_HEAD + _ROW * len(self._layers)) * line) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(9 * self.fontMetrics().height()), self.sizeHint().height())

    @property
    def _layers(self) -> tuple[LayerStats, ...]:
        return self._measured.layers if self._measured else ()

    def row_at(self, y: float) -> int | None:
        """Return the layer at a height; ``None`` where there is none."""
        line = self.fontMetrics().height()
        row = int((y - _HEAD * line) // (_ROW * line))
        return row if y >= _HEAD * line and row < len(self._layers) else None

    # What is painted

    def paintEvent(self, event: QPaintEvent) -> None:
        line = self.fontMetrics().height()
        with QPainter(self) as painter:
            self._digit = max(self.fontMetrics().horizontalAdvance("0"), 1)
            self._paint_headings(painter, line)
            span = span_of([history.gradients for history in self._measured.histories]) if self._measured else None
            for row, layer in enumerate(self._layers):
                box = QRectF(0, (_HEAD + row * _ROW) * line, self.width(), _ROW * line)
                if row == self._chosen and len(self._layers) > 1:
                    painter.fillRect(box, QColor(self._theme.tones[Tone.SURFACE]))
                self._paint_name(painter, layer, box, line)
                if self._measured is not None and span is not None:
                    self._paint_curve(painter, self._measured.histories[row].gradients, span, box, line)
                for column in range(4):
                    self._paint_cell(painter, layer, column, box, line)

    def _column(self, column: int) -> tuple[float, float]:
        width = (self.width() - _PAD) / 4
        return _PAD + column * width, width - _PAD

    def _paint_headings(self, painter: QPainter, line: int) -> None:
        painter.setPen(self._theme.color(Tone.MUTED))
        for column, text in enumerate(self.headings):
            left, width = self._column(column)
            if self.fontMetrics().horizontalAdvance(text) > width:
                text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(left, 0, width, _HEAD * line), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_name(self, painter: QPainter, layer: LayerStats, box: QRectF, line: int) -> None:
        metrics, name = self.fontMetrics(), f"{layer.number}  {layer.name}"
        whole = self.width() - 2 * _PAD
        room = round(whole * (_SPARK_FROM if layer.trained else 1.0)) - _PAD
        warning = metrics.horizontalAdvance(layer.warning)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(room - warning - _PAD * bool(warning), 0))
        painter.setPen(self._theme.color(Tone.TEXT))
        at = QRectF(_PAD, box.top(), room, 1.2 * line)
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, shown)
        if layer.warning:
            painter.setPen(self._theme.color(Tone.WARNING))
            painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, layer.warning)

    def _paint_curve(self, painter: QPainter, norms: Norms, span: Span, box: QRectF, line: int) -> None:
        whole = self.width() - 2 * _PAD
        left, width = _PAD + _SPARK_FROM * whole + _PAD, (1 - _SPARK_FROM) * whole - _PAD
        if len(norms.iterations) < 2 or width < line:
            return
        x = left + (norms.iterations - span.first) * (width / max(span.last - span.first, 1))
        height = 0.9 * line
        y = box.top() + 0.15 * line + height * (1 - span.heights(norms.numbers))
        painter.setPen(QPen(self._theme.color(Tone.BACKWARD), 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolyline([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_cell(self, painter: QPainter, layer: LayerStats, column: int, box: QRectF, line: int) -> None:
        left, width = self._column(column)
        value, exists = self._value(layer, column)
        if not exists:
            return
        top = box.top() + 1.05 * line
        text = self._text(layer, column, int(width // self._digit))
        wrong = column == 0 and bool(layer.warning)
        tone = Tone.WARNING if wrong else Tone.TEXT if value is not None else Tone.FAINT
        painter.setPen(self._theme.color(tone))
        painter.drawText(QRectF(left, top, width, line), Qt.AlignmentFlag.AlignVCenter, text)
        scale, track = self._scales[column], QRectF(left, top + 1.0 * line, width, _BAR * line)
        painter.fillRect(track, QColor(self._theme.hover))
        if value is not None:
            bar = QRectF(track.left(), track.top(), track.width() * scale.share(value), track.height())
            painter.fillRect(bar, self._theme.color(Tone.WARNING if wrong else _TONES[column]))
        painter.setPen(QPen(QColor(self._theme.base), 1))
        for tick in scale.ticks:
            x = track.left() + tick * track.width()
            painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))

    def _value(self, layer: LayerStats, column: int) -> tuple[float | None, bool]:
        """Return a number of a layer, and whether there is or will be one."""
        numbers = layer.gradient, layer.output, layer.update, layer.idle
        exist = layer.trained, True, layer.trained, layer.why_idle is not None
        return numbers[column], exist[column]

    def _text(self, layer: LayerStats, column: int, characters: int) -> str:
        value, exists = self._value(layer, column)
        if value is None:
            return _UNKNOWN if exists else ""
        if column == 3:
            return percent(value, 0 if value in (0, 1) or 0.01 <= value <= 0.99 else 1)
        text = number(value, 3)
        return text if len(text) <= characters else in_cell(value, characters) or "…"

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.layer_chosen.emit(row)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def tip(self, x: int, y: int) -> str:
        """Return what is told of a place."""
        column = min(max(int((x - _PAD) / max((self.width() - _PAD) / 4, 1)), 0), 3)
        row = self.row_at(y)
        if row is None:
            return f"{_TIPS[column]} {self._scales[column].text}".strip()
        layer = self._layers[row]
        value, exists = self._value(layer, column)
        name = f"{layer.name}: {self.headings[column]}"
        if not exists:
            why = "nothing is trained here" if column in (0, 2) else "it has no ReLU, tanh or sigmoid"
            return f"{name}: none, as {why}."
        if value is None:
            return f"{name} is not computed yet. {_TIPS[column]}"
        shown = percent(value, 2) if column == 3 else number(value, 6)
        wrong = f", {layer.warning}" if column == 0 and layer.warning else ""
        return f"{name} {shown}{wrong}. {_TIPS[column]} {self._scales[column].text}".strip()
