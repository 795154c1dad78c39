"""Show the playground, and tell what the mouse does to its points and neurons."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.toy import REACH
from viz_app.frame.told.boundary import nearest_point
from viz_app.paint.painting import paint
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Picture, Relief
from viz_app.picture.plane import Scene, Spot, arrange_playground, rooms_of

_DRAG_FROM = 4
_GRIP = 0.6
"""How near the mouse has to be to the middle of a point, in sizes of text."""
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)

Place = tuple[float, float]


class PlaneView(QWidget):
    """The plane with its points, and the neurons of the network.

    A click beside all points asks for another one, with the left button of the second class, with the right button of
    the first. A point is moved by dragging it, and removed by dragging it out of the plane, or with Delete once it has
    been clicked.
    """

    point_added = Signal(float, float, bool)
    """The place, and whether it is of the second class."""
    point_moved = Signal(int, float, float)
    """The sample and its new place."""
    point_removed = Signal(int)
    neuron_opened = Signal(str, object)
    """The key of a value, and the cell of a neuron."""
    place_hovered = Signal(object, object)
    """The place of the plane under the mouse, ``None`` when it has left, and the sample whose point is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Playground: the plane, its points, and the neurons")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._scene: Scene | None = None
        self._picture = Picture(1, 1, 1, ())
        self._theme, self._em = LIGHT, 13.0
        self._pressed: QPointF | None = None
        self._held: int | None = None
        self._selected: int | None = None
        self._moved_to: Place | None = None

    @property
    def picture(self) -> Picture:
        """What is painted."""
        return self._picture

    @property
    def spot(self) -> Spot:
        """Where the plane is."""
        layers = len(self._scene.plane.layers) if self._scene else 1
        return rooms_of(self.width(), self.height(), self._em, layers).spot

    @property
    def selected(self) -> int | None:
        """The sample whose point was clicked."""
        return self._selected

    def show_scene(self, scene: Scene) -> None:
        """Draw a scene; a point that is being dragged stays under the mouse."""
        self._scene = scene
        self._arrange()

    def let_go(self) -> None:
        """Hold and select no point: they are others now."""
        self._held = self._selected = self._moved_to = self._pressed = None
        self._arrange()

    def select(self, sample: int) -> None:
        """Select a point."""
        self._selected = sample
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self.updateGeometry()
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(round(24 * self._em), round(32 * self._em))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(12 * self._em), round(14 * self._em))

    def _arrange(self) -> None:
        if self._scene is None or self.width() <= 0 or self.height() <= 0:
            return
        scene = replace(self._scene, selected=self._selected)
        if self._held is not None and self._moved_to is not None:
            places = np.array(scene.points.places)
            places[self._held] = self._moved_to
            scene = replace(scene, points=replace(scene.points, places=places))
        self._picture = arrange_playground(scene, self.width(), self.height(), self._em)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.base))
            paint(painter, self._picture, self._theme)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._scene is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        self._pressed = event.position()
        touched = self._point_at(event.position())
        if touched is not None:
            self._held = touched
            self.select(touched)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        place = self._place_at(at)
        if self._held is not None and self._pressed is not None and self._is_drag(at):
            self._moved_to = self._place(at)
            self._arrange()
            self.setCursor(Qt.CursorShape.ClosedHandCursor if place else Qt.CursorShape.ForbiddenCursor)
        elif self._pressed is None:
            self.setCursor(self._shape_at(at))
        self.place_hovered.emit(place, self._point_at(at) if self._held is None else self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, held, at = self._pressed, self._held, event.position()
        dragged = pressed is not None and self._moved_to is not None
        self._pressed = self._held = self._moved_to = None
        if pressed is None:
            return
        if held is not None and dragged:
            self._drop(held, self._place_at(at))
        elif held is None and (at - pressed).manhattanLength() < _DRAG_FROM:
            self._click(at, event.button())

    def leaveEvent(self, event: object) -> None:
        self.place_hovered.emit(None, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVING and self._selected is not None and self._held is None:
            self.point_removed.emit(self._selected)
        else:
            super().keyPressEvent(event)

    def _drop(self, sample: int, place: Place | None) -> None:
        self._arrange()
        if place is None:
            self.point_removed.emit(sample)
        else:
            self.point_moved.emit(sample, *place)

    def _click(self, at: QPointF, button: Qt.MouseButton) -> None:
        place = self._place_at(at)
        if place is not None:
            self.point_added.emit(*place, button is Qt.MouseButton.LeftButton)
            return
        relief = self._neuron_at(at)
        if relief is not None and button is Qt.MouseButton.LeftButton:
            self.neuron_opened.emit(relief.key, relief.cell)

    def _is_drag(self, at: QPointF) -> bool:
        assert self._pressed is not None
        return self._moved_to is not None or (at - self._pressed).manhattanLength() >= _DRAG_FROM

    def _shape_at(self, at: QPointF) -> Qt.CursorShape:
        if self._place_at(at) is not None:
            held = self._point_at(at) is not None
            return Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.CrossCursor
        return Qt.CursorShape.ArrowCursor if self._neuron_at(at) is None else Qt.CursorShape.PointingHandCursor

    def _place(self, at: QPointF) -> Place:
        """Return the place of the plane that is nearest to a point of the widget."""
        x1, x2 = self.spot.to_plane(at.x(), at.y())
        return min(max(x1, -REACH), REACH), min(max(x2, -REACH), REACH)

    def _place_at(self, at: QPointF) -> Place | None:
        return self._place(at) if self.spot.rect.contains(at.x(), at.y()) else None

    def _point_at(self, at: QPointF) -> int | None:
        spot, scene = self.spot, self._scene
        if scene is None or self._place_at(at) is None:
            return None
        within = _GRIP * self._em * 2 * REACH / spot.rect.width
        return nearest_point(scene.points, spot.to_plane(at.x(), at.y()), within)

    def _neuron_at(self, at: QPointF) -> Relief | None:
        reliefs = (element for element in self._picture.elements if isinstance(element, Relief) and element.key)
        return next((relief for relief in reliefs if relief.rect.contains(at.x(), at.y())), None)
