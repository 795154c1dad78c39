"""The network, layer by layer, with a thumbnail of every value worth one; it follows the current layer."""

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QWidget

from core.program import Program
from viz_app.frame.frame import Frame
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Picture, Rect
from viz_app.picture.network import arrange_network, current_parts
from viz_app.widgets.pictures.canvas import Canvas

_SCROLL_MS = 140
"""So long the way to another layer takes; far away, or where the system wants no animations, it takes no time."""
_MARGIN = 6

Group = tuple[Program, int, object]


class NetworkPanel(QScrollArea):
    """Draw the network of a frame as high as it needs to be; a click on a value asks for it.

    The layer of the current step is kept in view, unless somebody scrolls: then the next layer is followed again. Only
    what is in view, and as much above and below it, is arranged.
    """

    value_requested = Signal(str)
    fold_requested = Signal(str)
    cell_hovered = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._prefetched: tuple[Frame, tuple[int, float], Rect, Picture] | None = None
        self._em = 12.0
        self._arranged = Rect(0, 0, 0, 0)
        self._group: Group | None = None
        self._by_hand = self._live = False
        self.canvas = Canvas("Network: the values of every layer")
        self.canvas.set_zoomable(False)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidget(self.canvas)
        self.setMinimumWidth(200)
        self._scrolling = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._scrolling.setDuration(_SCROLL_MS)
        self._scrolling.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.canvas.value_requested.connect(self.value_requested)
        self.canvas.fold_requested.connect(self.fold_requested)
        self.canvas.cell_hovered.connect(self.cell_hovered)
        self.canvas.resized.connect(self._resized)
        self.verticalScrollBar().valueChanged.connect(self._arrange_more)
        self.verticalScrollBar().actionTriggered.connect(self._leave_to_hand)

    @property
    def scrolling(self) -> bool:
        """Whether it is on the way to a layer."""
        return self._scrolling.state() is QPropertyAnimation.State.Running

    def show_frame(self, frame: Frame) -> None:
        """Draw a frame, and scroll to its layer; not while the network is trained."""
        if not self._live:
            self._show(frame)

    def set_live(self, training: bool) -> None:
        """Draw nothing but what ``show_passing`` is given, while the network is trained."""
        self._live = training

    def show_passing(self, frame: Frame) -> None:
        """Draw a frame whose layers are those of a whole iteration, while the network is trained."""
        if self._live:
            self._show(frame)

    def _show(self, frame: Frame) -> None:
        self._frame = frame
        group = frame.program, frame.cursor.iteration, (frame.phase, frame.cards.of_steps[frame.step.number])
        if group != self._group:
            self._group, self._by_hand = group, False
        self._arrange()
        self._follow()

    def prefetch_frame(self, frame: Frame) -> None:
        """Arrange and paint a frame that is likely to be shown next."""
        if self.canvas.width() > 0:
            size, seen = self._width_and_em(), self._arranged
            self._prefetched = frame, size, seen, arrange_network(frame, *size, seen)
            self.canvas.prefetch_picture(self._prefetched[-1])

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.canvas.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._arrange()
        self._follow()

    def _resized(self) -> None:
        self._arrange()
        self._follow()

    def _arrange(self) -> None:
        if self._frame is None or self.canvas.width() <= 0:
            return
        if not self._covers(self._arranged):
            seen = self._seen()
            self._arranged = seen.inset(0, -seen.height) if seen.height > 0 else seen
        size = self._width_and_em()
        wanted = (self._frame, size, self._arranged)
        if self._prefetched is not None and self._prefetched[:3] == wanted:
            picture = self._prefetched[3]
        else:
            picture = arrange_network(self._frame, *size, self._arranged)
        self.canvas.setFixedHeight(max(round(picture.height), 1))  # it may scroll to another part, which is arranged
        if (self._frame, self._width_and_em(), self._arranged) == wanted:
            self.canvas.show_picture(picture)

    def _arrange_more(self) -> None:
        """Arrange what is scrolled to."""
        if not self._covers(self._arranged):
            self._arrange()

    def _seen(self) -> Rect:
        """Return the part of the picture that is in view."""
        return Rect(0, self.verticalScrollBar().value(), self.canvas.width(), self.viewport().height())

    def _covers(self, part: Rect) -> bool:
        seen = self._seen()
        return part.y <= seen.y and seen.bottom <= part.bottom and part.width == seen.width

    def _leave_to_hand(self) -> None:
        self._scrolling.stop()
        self._by_hand = True

    def _follow(self) -> None:
        """Scroll until the layer of the current step is in view, or the row of what it makes where it is too high."""
        if self._frame is None or self._by_hand or self.canvas.width() <= 0:
            return
        goal = self._goal(current_parts(self._frame, *self._width_and_em()))
        bar, here = self.verticalScrollBar(), self.verticalScrollBar().value()
        self._scrolling.stop()
        if goal == here:
            return
        animated = QApplication.isEffectEnabled(Qt.UIEffect.UI_General) and self.isVisible()
        if not animated or abs(goal - here) > 3 * self.viewport().height():
            bar.setValue(goal)
            return
        self._scrolling.setStartValue(here)
        self._scrolling.setEndValue(goal)
        self._scrolling.start()

    def _goal(self, parts: tuple[Rect, ...]) -> int:
        """Return where the bar must stand for all parts to be in view; the last one counts most."""
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        for part in parts:
            low, high = round(part.bottom) + _MARGIN - room, round(part.y) - _MARGIN
            top = min(max(top, low), high) if low <= high else high
        return min(max(top, 0), self.verticalScrollBar().maximum())

    def _width_and_em(self) -> tuple[int, float]:
        return self.canvas.width(), self._em
