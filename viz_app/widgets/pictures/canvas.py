"""Show a picture in a widget: zoom, pan, and tell which cell the mouse is on."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.values import Index
from viz_app.paint.difference import difference
from viz_app.paint.painting import paint
from viz_app.paint.rulers import paint_rulers
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Heatmap, Panel, Picture, Rect
from viz_app.widgets.pictures.prefetch import Look, PrefetchedPicture
from viz_app.widgets.pictures.view import View, fitted

_DRAG_FROM = 4
_NOTCH = 1.25
"""How much a notch of the wheel magnifies."""
_LARGEST_PREFETCHED = 8192
"""Of a larger widget only a part is seen: its image would take much memory."""
_MOST_PARTS = 6
"""So many parts of a picture are painted again each by itself, more of them as one."""


@dataclass(frozen=True)
class Target:
    """What the mouse is on: a cell of a value, a button for the value (``is_button``), a choice, or a block to fold."""

    key: str
    index: Index | None
    is_button: bool
    choice: tuple[str, int] | None = None
    fold: str | None = None


def target_at(picture: Picture, x: float, y: float) -> Target | None:
    """Return what lies at a point of a picture; ``None`` where there is nothing to click."""
    for element in picture.elements:
        if isinstance(element, Panel) and element.choice and element.rect.contains(x, y):
            return Target("", None, is_button=True, choice=element.choice)
    for element in reversed(picture.elements):
        if isinstance(element, Panel) and element.fold is not None and element.rect.contains(x, y):
            return Target("", None, is_button=True, fold=element.fold)
        if isinstance(element, Heatmap) and element.rect.contains(x, y):
            rows, columns = element.grid.size
            row = int((y - element.rect.y) / element.rect.height * rows)
            column = int((x - element.rect.x) / element.rect.width * columns)
            index = element.grid.index_at(min(row, rows - 1), min(column, columns - 1))
            return Target(element.map.key, index, element.compact)
        if isinstance(element, Panel) and element.key and element.rect.contains(x, y):
            return Target(element.key, None, is_button=True)
    return None


def _is_pinch(event: QNativeGestureEvent) -> bool:
    return event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture


class Canvas(QWidget):
    """A widget that shows a picture.

    The wheel magnifies about the mouse; the picture is moved by dragging; a double click beside the maps shows all.
    The numbers of rows and columns stay at the edge of what is magnified.
    A click with Ctrl or Shift asks what a cell reaches.

    Parameters
    ----------
    name : str
        What a screen reader calls it.
    parent : QWidget or None
        Qt's parent.
    """

    cell_hovered = Signal(str, object)
    """The key of a value and a cell's index, or ``None`` when the mouse leaves it."""
    cell_clicked = Signal(str, object, bool)
    """The key, the index, and whether the cells that it reaches are asked for."""
    cell_opened = Signal(str, object)
    """The key and the index of a cell that is clicked twice."""
    value_requested = Signal(str)
    """The key of a value whose thumbnail or button is clicked."""
    choice_requested = Signal(str, int)
    fold_requested = Signal(str)
    """The field of the view options that a click sets, and its value."""
    resized = Signal(int, int)
    """The new width and height."""

    def __init__(self, name: str = "Picture", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._picture = Picture(1, 1, 1, ())
        self._making: Callable[[], Picture] | None = None
        self._theme = LIGHT
        self._view = fitted((1, 1), (1, 1))
        self._hovered: Target | None = None
        self._pressed: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self._zoomable = True
        self._prefetched = PrefetchedPicture()

    @property
    def picture(self) -> Picture:
        """The picture that is shown."""
        self._make()
        return self._picture

    @property
    def view(self) -> View:
        """What part of the picture is seen."""
        self._make()
        return self._view

    def show_picture(self, picture: Picture) -> None:
        """Show a picture; a magnified view stays where the picture has the size of the one before."""
        view = self._view_of(picture)
        parts = difference(self._picture, picture) if view == self._view else None
        self._picture, self._view, self._making = picture, view, None
        self.update(self._region(parts, view))

    def show_made(self, make: Callable[[], Picture]) -> None:
        """Show a picture that is made when it is painted: of several that are asked for before that, the last one."""
        self._making = make
        self.update()

    def prefetch_picture(self, picture: Picture) -> None:
        """Paint a picture that is likely to be shown next off the screen: then showing it takes no time."""
        if max(self.width(), self.height()) > _LARGEST_PREFETCHED:
            return
        self._make()
        view = self._view_of(picture)
        look = self._look(picture, view)
        region = self._region(self._prefetched.difference(look), view)

        def paint_region(painter: QPainter) -> None:
            self._paint(painter, picture, view, region)

        self._prefetched.paint(look, paint_region)

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_zoomable(self, zoomable: bool) -> None:
        """Let the wheel magnify, or leave it to the area that the widget scrolls in."""
        self._zoomable = zoomable
        if not zoomable:
            self.reset_view()

    def key_at(self, at: QPoint) -> str:
        """Return the key of the value whose map or button lies at a point of the widget; nothing where none does."""
        target = self._target(QPointF(at))
        return "" if target is None else target.key

    def reset_view(self) -> None:
        """Show the whole picture."""
        self._set_view(fitted(self._view.picture, (self.width(), self.height())))

    def zoom_by(self, factor: float) -> None:
        """Magnify about the middle."""
        self._set_view(self._view.magnified(factor, self.width() / 2, self.height() / 2))

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._make()
        prefetched = self._prefetched.image(self._look(self._picture, self._view))
        with QPainter(self) as painter:
            if prefetched is None:
                self._paint(painter, self._picture, self._view, event.region())
            else:
                painter.drawImage(0, 0, prefetched)

    def _make(self) -> None:
        """Make the picture that is shown, where that has not been done."""
        if self._making is not None:
            make, self._making = self._making, None
            picture = make()
            self._picture, self._view = picture, self._view_of(picture)

    def _paint(self, painter: QPainter, picture: Picture, view: View, region: QRegion) -> None:
        """Paint the parts of a picture in turn: clipped to a region of many, Qt scales images a pixel differently."""
        for box in region:  # type: ignore[attr-defined]  # not in the stubs of PySide6
            left, top = view.to_picture(box.x(), box.y())
            part = Rect(left, top, box.width() / view.scale, box.height() / view.scale)
            painter.resetTransform()
            painter.setClipRect(box)
            painter.fillRect(box, QColor(self._theme.base))
            painter.translate(*view.origin)
            painter.scale(view.scale, view.scale)
            paint(painter, picture, self._theme, part, view.zoom)
            if view.zoomed:
                self._paint_rulers(painter, picture, view)

    def _paint_rulers(self, painter: QPainter, picture: Picture, view: View) -> None:
        def place(rect: Rect) -> Rect:
            left, top = view.to_widget(rect.x, rect.y)
            return Rect(left, top, rect.width * view.scale, rect.height * view.scale)

        painter.resetTransform()
        room = Rect(0, 0, self.width(), self.height())
        paint_rulers(painter, picture, self._theme, place, room, picture.em * view.scale / view.zoom)

    def _look(self, picture: Picture, view: View) -> Look:
        return picture, view, self._theme, self.devicePixelRatioF()

    def _view_of(self, picture: Picture) -> View:
        """Return how a picture will be seen: as now where it has the size of the one that is shown, else whole."""
        size = (picture.width, picture.height)
        if size == (self._picture.width, self._picture.height):
            return self._view
        return fitted(size, (self.width(), self.height()))

    def _region(self, parts: tuple[Rect, ...] | None, view: View) -> QRegion:
        """Return where parts of a picture lie in the widget, without what lies outside; ``None`` is all of it."""
        if parts is None or view.zoomed:  # numbers at the edge change with what is beside them
            return QRegion(self.rect())
        region = QRegion()
        for part in parts:
            start, end = view.to_widget(part.x, part.y), view.to_widget(part.right, part.bottom)
            region += QRectF(QPointF(*start), QPointF(*end)).toAlignedRect()
        region &= self.rect()
        return region if region.rectCount() <= _MOST_PARTS else QRegion(region.boundingRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view = fitted(self._view.picture, (self.width(), self.height()))
        self.resized.emit(self.width(), self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if not self._zoomable or not notches or (notches < 0 and not self._view.zoomed):
            event.ignore()
            return
        at = event.position()
        self._set_view(self._view.magnified(_NOTCH**notches, at.x(), at.y()))
        self._hover(at)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self._zoomable and _is_pinch(event):
            at = event.position()
            self._set_view(self._view.magnified(1 + event.value(), at.x(), at.y()))
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        elif event.button() is Qt.MouseButton.MiddleButton and self._view.zoomed:
            self._dragged_from = event.position()
            self._show_cursor()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragged_from is None and self._starts_drag(at):
            self._dragged_from = self._pressed
            self._show_cursor()
        if self._dragged_from is not None:
            moved = at - self._dragged_from
            self._dragged_from = at
            self._set_view(self._view.moved(moved.x(), moved.y()))
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, dragged = self._pressed, self._dragged_from is not None
        self._pressed = self._dragged_from = None
        if dragged:
            self._show_cursor()
        elif pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            target = self._target(pressed)
            if target is not None and target == self._target(event.position()):
                self._click(target, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        target = self._target(event.position())
        if target is None:
            self.reset_view()
        elif not target.is_button:
            self.cell_opened.emit(target.key, target.index)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(None)

    def _starts_drag(self, at: QPointF) -> bool:
        far = self._pressed is not None and (at - self._pressed).manhattanLength() > _DRAG_FROM
        return far and self._view.zoomed

    def _click(self, target: Target, modifiers: Qt.KeyboardModifier) -> None:
        if target.choice is not None:
            self.choice_requested.emit(*target.choice)
            return
        if target.fold is not None:
            self.fold_requested.emit(target.fold)
            return
        if target.is_button:
            self.value_requested.emit(target.key)
            return
        reach = bool(modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
        self.cell_clicked.emit(target.key, target.index, reach)

    def _target(self, at: QPointF) -> Target | None:
        return target_at(self._picture, *self._view.to_picture(at.x(), at.y()))

    def _hover(self, at: QPointF) -> None:
        self._set_hovered(self._target(at))

    def _set_hovered(self, target: Target | None) -> None:
        before, self._hovered = self._hovered, target
        if target == before:
            return
        self._show_cursor()
        if target is not None and target.index is not None:
            self.cell_hovered.emit(target.key, target.index)
        elif before is not None and before.index is not None:
            self.cell_hovered.emit(before.key, None)

    def _show_cursor(self) -> None:
        if self._dragged_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._hovered is not None and self._hovered.is_button:
            shape = Qt.CursorShape.PointingHandCursor
        elif self._hovered is not None:
            shape = Qt.CursorShape.CrossCursor
        else:
            shape = Qt.CursorShape.OpenHandCursor if self._view.zoomed else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def _set_view(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.update()
