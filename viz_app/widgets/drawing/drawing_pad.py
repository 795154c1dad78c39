"""A sheet of white paper to draw on, with mouse, pen, finger or keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.drawing.paper import NOTHING, Box, Brush, Grey, Paper

LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH = 4, 80, 30
"""Widths of the brush, in pixels of the paper."""
_MARGIN = 3
_STEP, _FINE = 8.0, 1.0
"""How far an arrow key moves the pen, in pixels of the paper; and together with Shift."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class DrawingPad(QWidget):
    """Draw with the left button, erase with the right one or with the other end of a pen.

    A pen draws as wide as it is pressed. With the keyboard, Space puts the pen down and lifts it, and the arrow keys
    lead it. The paper is white and the ink dark in every theme: that is what is drawn, as a photo would show it.
    """

    drawn = Signal()
    """What is on the paper has changed, maybe in the middle of a stroke."""
    finished = Signal()
    """A stroke has ended, or something was undone, done again or cleared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paper = Paper()
        self.width_chosen: float = USUAL_WIDTH
        self.soft = self.erases = False
        self._theme = LIGHT
        side = self.paper.pixels.shape[0]
        self._pen = side / 2, side / 2
        self._pen_seen = False
        self._button: Qt.MouseButton | None = None
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription("Space puts the pen down and lifts it; the arrow keys lead it.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # What a person chooses

    def undo(self) -> None:
        """Take the last change back."""
        self._change(self.paper.undo())

    def redo(self) -> None:
        """Do what was undone last again."""
        self._change(self.paper.redo())

    def clear(self) -> None:
        """Take all ink away; that can be undone."""
        self._change(self.paper.clear())

    def take(self, pixels: Grey | None) -> None:
        """Show a sheet that was saved, or a blank one; nobody is told that somebody has drawn."""
        self._button = None
        self.paper.take(pixels)
        self.update()

    def lift(self) -> None:
        """End a stroke that is being drawn."""
        self._end()

    def set_theme(self, theme: Theme) -> None:
        """Frame the paper in the colours of a theme."""
        self._theme = theme
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be no higher than the paper is wide."""
        super().resizeEvent(event)
        self.setMaximumHeight(max(self.width(), self.minimumSizeHint().height()))

    def sizeHint(self) -> QSize:
        side = self.paper.pixels.shape[0]
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    # What is drawn with

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons = {Qt.MouseButton.LeftButton: self.erases, Qt.MouseButton.RightButton: True}
        if event.button() not in buttons or self._button is not None:
            super().mousePressEvent(event)
            return
        self._button = event.button()
        self._begin(event.position(), 1.0, erases=buttons[event.button()])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._lead(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is self._button:
            self._end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Draw: two quick strokes are two strokes."""
        self.mousePressEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        eraser = event.pointerType() is QPointingDevice.PointerType.Eraser
        kind = event.type()
        if kind is QEvent.Type.TabletPress:
            second = event.button() is Qt.MouseButton.RightButton
            self._begin(event.position(), event.pressure(), erases=self.erases or eraser or second)
        elif kind is QEvent.Type.TabletRelease:
            self._end()
        else:
            self._lead(event.position(), event.pressure() if self.paper.drawing else 1.0)
        event.accept()  # else Qt makes a mouse of it

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger; a second one does not disturb it."""
        if isinstance(event, QTouchEvent) and event.points():
            at = event.points()[0].position()
            if event.type() is QEvent.Type.TouchBegin:
                self._begin(at, 1.0, erases=self.erases)
            elif event.type() is QEvent.Type.TouchUpdate:
                self._lead(at, 1.0)
            else:
                self._end()
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._toggle_pen()
        elif arrow is not None:
            step = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            self._lead_pen(self._pen[0] + step * arrow[0], self._pen[1] + step * arrow[1], 1.0)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Lift the pen: nobody lets the button go over what is not there."""
        self.lift()
        super().hideEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift a pen that the keyboard has put down."""
        if self._button is None:
            self.lift()
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pen_seen = True

    def leaveEvent(self, event: QEvent) -> None:
        self._pen_seen = False
        self.update()

    def _begin(self, at: QPointF, pressure: float, *, erases: bool) -> None:
        self._pen = self._on_paper(at)
        self._put_down(erases=erases, pressure=pressure)

    def _put_down(self, *, erases: bool, pressure: float = 1.0) -> None:
        brush = Brush(self.width_chosen, self.soft, erases)
        if self.paper.untouched:
            self.update()  # the words go
        self._show(self.paper.begin(brush, *self._pen, pressure))
        self.drawn.emit()

    def _lead(self, at: QPointF, pressure: float) -> None:
        self._lead_pen(*self._on_paper(at), pressure)

    def _lead_pen(self, x: float, y: float, pressure: float) -> None:
        before, side = self._pen, self.paper.pixels.shape[0]
        if not self.paper.drawing:
            x, y = min(max(x, 0.0), side), min(max(y, 0.0), side)
        self._pen = x, y
        changed = self.paper.lead(x, y, pressure)
        self._show(changed)
        self._show_pen(before)
        if changed != NOTHING:
            self.drawn.emit()

    def _toggle_pen(self) -> None:
        if self.paper.drawing:
            self._end()
        else:
            self._put_down(erases=self.erases)

    def _end(self) -> None:
        self._button = None
        if self.paper.drawing:
            self._change(self.paper.end(), always=True)

    def _change(self, changed: Box, *, always: bool = False) -> None:
        """Show what has changed, and say that it has come to an end."""
        self._show(changed)
        if always or changed != NOTHING:
            self.drawn.emit()
            self.finished.emit()

    # What is seen

    @property
    def sheet(self) -> QRectF:
        """Where the paper lies in the widget."""
        side = max(min(self.width(), self.height()) - 2 * _MARGIN, 1)
        return QRectF((self.width() - side) / 2, _MARGIN, side, side)

    def _on_paper(self, at: QPointF) -> tuple[float, float]:
        """Return where a point of the widget lies on the paper, in its pixels."""
        sheet, side = self.sheet, self.paper.pixels.shape[0]
        return (at.x() - sheet.x()) / sheet.width() * side, (at.y() - sheet.y()) / sheet.height() * side

    def _in_widget(self, box: tuple[float, float, float, float]) -> QRectF:
        sheet, side = self.sheet, self.paper.pixels.shape[0]
        left, top, right, bottom = (edge / side * sheet.width() for edge in box)
        return QRectF(sheet.x() + left, sheet.y() + top, right - left, bottom - top)

    def _show(self, changed: Box) -> None:
        if changed != NOTHING:
            self.update(self._in_widget(changed).toAlignedRect().adjusted(-2, -2, 2, 2))

    def _ring(self, at: tuple[float, float]) -> QRectF:
        """Return where the tip of the brush is seen."""
        half = self.width_chosen / 2
        return self._in_widget((at[0] - half, at[1] - half, at[0] + half, at[1] + half))

    def _show_pen(self, before: tuple[float, float]) -> None:
        for at in (before, self._pen):
            self.update(self._ring(at).toAlignedRect().adjusted(-3, -3, 3, 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        pixels = self.paper.pixels
        side, sheet = pixels.shape[0], self.sheet
        image = QImage(pixels.data, side, side, side, QImage.Format.Format_Grayscale8)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(sheet, image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color(Tone.ACCENT if self.hasFocus() else Tone.FAINT), 1.5))
            painter.drawRect(sheet)
            if self.paper.untouched:
                painter.setPen(QColor(_HINT))
                painter.drawText(sheet, Qt.AlignmentFlag.AlignCenter, "Draw here")
            if self._pen_seen or self.hasFocus():
                painter.setClipRect(sheet)
                painter.setPen(QPen(QColor(_RING), 1.2))
                painter.drawEllipse(self._ring(self._pen))


_RING, _HINT = "#1463c4", "#6b7484"
"""The colours of the tip of the brush and of the words on an empty paper: it is white in every theme."""
