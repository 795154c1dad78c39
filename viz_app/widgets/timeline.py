"""Draw all steps of an iteration as one bar, coloured by phase and labelled by layer; drag along it to scrub."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.notation import equation, plain, symbol
from core.program import Program, Step
from viz_app.frame import walking
from viz_app.frame.frame import Frame
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone

_GAP = 1.0
_SIZES = (1.0, 0.85, 0.72)
"""The sizes of the names in the bar; the first that fits is taken."""
_PALE = 0.32
"""The opacity of steps that are still to come."""


class Timeline(QWidget):
    """The steps of an iteration: those before the current one full, those to come pale."""

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._names: list[str] = []
        self._bars: tuple[object, QPixmap, QPixmap] | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline of the steps of one iteration")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_frame(self, frame: Frame) -> None:
        """Mark the frame's step."""
        old = self._frame
        self._frame = frame
        if old is None or old.program is not frame.program or old.options.notation != frame.options.notation:
            steps = frame.program.steps
            self._names = [plain(symbol(frame.program, step.output, frame.options.notation)) for step in steps]
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, round(4.35 * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def step_at(self, x: float) -> int:
        """Return the step that is drawn at a place; the nearest one beyond the ends."""
        count = len(self._frame.program.steps) if self._frame else 1
        return min(max(int(x / max(self.width(), 1) * count), 0), count - 1)

    def segment(self, step: int) -> QRectF:
        """Return where a step is drawn."""
        count = len(self._frame.program.steps) if self._frame else 1
        line = self.fontMetrics().height()
        left, right = (self.width() * i / count for i in (step, step + 1))
        return QRectF(left, 2.1 * line, right - left, 1.6 * line).adjusted(_GAP, 0, -_GAP, 0)

    def tip(self, step: int) -> str:
        """Return what the mouse is told of a step."""
        if self._frame is None:
            return ""
        program = self._frame.program
        that = program.steps[step]
        return f"step {step} · {that.phase} · {plain(equation(program, that, self._frame.options.notation))}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(self.step_at(event.pos().x())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def _scrub(self, event: QMouseEvent) -> None:
        if self._frame is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        step = self.step_at(event.position().x())
        if step != self._frame.cursor.step or self._frame.inside:
            self.step_requested.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None:
            QPainter(self).fillRect(self.rect(), QColor(self._theme.base))
            return
        done, to_come = self._painted_bars(self._frame)
        split = round(self.segment(self._frame.cursor.step).right() + _GAP)
        with QPainter(self) as painter:
            painter.setClipRect(split, 0, self.width() - split, self.height())
            painter.drawPixmap(0, 0, to_come)
            painter.setClipRect(0, 0, split, self.height())
            painter.drawPixmap(0, 0, done)
            painter.setClipping(False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_current(painter)

    def _painted_bars(self, frame: Frame) -> tuple[QPixmap, QPixmap]:
        """Return the bar with every step done and with every step to come: any place in it is a part of each."""
        look = (
            frame.program, frame.options.notation, frame.broken, self._theme, self.size().toTuple(),
            self.devicePixelRatioF(), self.font().key(),
        )  # fmt: skip
        if self._bars is None or self._bars[0] != look:
            self._bars = look, self._painted_bar(frame, done=True), self._painted_bar(frame, done=False)
        return self._bars[1:]

    def _painted_bar(self, frame: Frame, *, done: bool) -> QPixmap:
        bar = QPixmap(self.size() * self.devicePixelRatioF())
        bar.setDevicePixelRatio(self.devicePixelRatioF())
        bar.fill(QColor(self._theme.base))
        with QPainter(bar) as painter:
            painter.setFont(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_labels(painter, frame.program)
            for step in frame.program.steps:
                self._paint_step(painter, step, broken=frame.broken is step, done=done)
        return bar

    def _paint_labels(self, painter: QPainter, program: Program) -> None:
        phases = [i for i, step in enumerate(program.steps) if i == 0 or step.phase != program.steps[i - 1].phase]
        for start, end in pairwise([*phases, len(program.steps)]):
            color = self._theme.phase(program.steps[start].phase)
            self._label(painter, start, end, 0, (program.steps[start].phase.value,), color)
        for start, end in pairwise([*walking.group_starts(program), len(program.steps)]):
            layer = program.steps[start].layer
            if layer is not None:
                self._label(painter, start, end, 1, (f"layer {layer}", f"{layer}"), self._theme.color(Tone.MUTED))

    def _label(self, painter: QPainter, start: int, end: int, line: int, texts: tuple[str, ...], color: QColor) -> None:
        """Write the first of the texts that fits, with a rule below that says how far it goes."""
        metrics = self.fontMetrics()
        box = self.segment(start).united(self.segment(end - 1))
        box.moveTop(line * 1.02 * metrics.height())
        box.setHeight(metrics.height())
        text = next((text for text in texts if metrics.horizontalAdvance(text) <= box.width()), "")
        painter.setPen(color)
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)
        if line == 0:
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1.5), color)

    def _paint_step(self, painter: QPainter, step: Step, *, broken: bool, done: bool) -> None:
        box, color = self.segment(step.number), self._theme.phase(step.phase)
        color.setAlphaF(1.0 if done else _PALE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(box, 2, 2)
        if broken:
            self._paint_broken(painter, box)
        else:
            painter.setPen(QColor(self._theme.on_accent) if done else self._theme.color(Tone.TEXT))
            self._paint_name(painter, box, self._names[step.number])

    def _paint_name(self, painter: QPainter, box: QRectF, name: str) -> None:
        """Write a name if it fits, in a smaller size if need be."""
        for share in _SIZES:
            font = QFont(self.font())
            font.setPixelSize(max(round(share * self.fontInfo().pixelSize()), 1))
            if QFontMetrics(font).horizontalAdvance(name) + 3 <= box.width():
                painter.setFont(font)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
                painter.setFont(self.font())
                return

    def _paint_broken(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(QColor(self._theme.nan))
        painter.drawRoundedRect(box, 2, 2)
        painter.setPen(QColor(self._theme.cross))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")

    def _widened(self, painter: QPainter, box: QRectF) -> QRectF:
        """Give the current step the room that its name takes, over its neighbours; return its rectangle."""
        assert self._frame is not None
        name = self._names[self._frame.cursor.step]
        missing = self.fontMetrics().horizontalAdvance(name) + 8 - box.width()
        if missing <= 0 or self._frame.broken is self._frame.step:
            return box
        wide = box.adjusted(-missing / 2, 0, missing / 2, 0)
        wide.translate(max(-wide.left(), 0) + min(self.width() - wide.right(), 0), 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.phase(self._frame.phase))
        painter.drawRoundedRect(wide, 2, 2)
        painter.setPen(QColor(self._theme.on_accent))
        painter.drawText(wide, Qt.AlignmentFlag.AlignCenter, name)
        return wide

    def _paint_current(self, painter: QPainter) -> None:
        assert self._frame is not None
        cursor, box = self._frame.cursor, self.segment(self._frame.cursor.step)
        middle = box.center().x()
        box = self._widened(painter, box)
        color = self._theme.color(Tone.SELECTED)
        pen = painter.pen()
        pen.setColor(color)
        pen.setWidthF(2.0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        low = box.bottom() + 2
        painter.drawPolygon(
            QPolygonF([QPointF(middle, low), QPointF(middle - 5, low + 6), QPointF(middle + 5, low + 6)])
        )
        if cursor.cell is not None:
            share = (cursor.cell + 1) / walking.cell_count(self._frame.program, cursor)
            painter.drawRect(QRectF(box.left(), box.bottom() - 4, box.width() * share, 4))
