"""Parts of a long list, which have their widgets only while they are near what is seen.

Qt styles every widget that there is whenever the theme or the size of the text changes, seen or not.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget
from shiboken6 import delete

from viz_app.paint.theme import LIGHT, Theme

_AT_ONCE = 2
"""So many parts are made in one turn of the event loop."""
_BEYOND = 6
"""How far outside of what is seen parts are made, in lines of text."""


class Content(Protocol):
    """What can be in a part of a list; it is a widget."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""


C = TypeVar("C", bound=Content)


class Deferred(QFrame, Generic[C]):
    """A part of a list: its content is made when it is asked for, and can be dropped and made again.

    Without content it keeps the room that it had, and paints ``words``. Subclasses say how the content is made.

    Parameters
    ----------
    margins : tuple of int
        What is free to the left, above, to the right and below of the content, in pixels.
    """

    filled = Signal()
    """The content was made."""

    def __init__(self, margins: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.words = ""
        """What it says without its content, in one line."""
        self._made: C | None = None
        self._theme, self._em = LIGHT, 13.0
        self._room = QSpacerItem(0, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*margins)
        self._column.addItem(self._room)

    @property
    def content(self) -> C:
        """The content; it is made where it is not there."""
        if self._made is None:
            self._made = made = self.make_content()
            assert isinstance(made, QWidget)
            made.set_theme(self._theme)
            made.set_em(self._em)
            self._keep(0)
            self._column.addWidget(made)
            made.show()
            self.filled.emit()
        return self._made

    @property
    def made(self) -> C | None:
        """The content, where it is there."""
        return self._made

    def keep_room(self, height: int) -> None:
        """Keep so much room free for the content, in pixels, while it is not there."""
        if self._made is None and height != self._room.sizeHint().height():
            self._keep(height)

    def empty(self) -> None:
        """Drop the content at once, unless it must stay; whoever has it knows what it shows."""
        made = self._made
        if made is None or self.must_stay():
            return
        assert isinstance(made, QWidget)
        height = made.height()
        self._made = None
        delete(made)
        self._keep(height)
        self.update()

    def make_content(self) -> C:
        """Return the content, which shows all that is known."""
        raise NotImplementedError

    def must_stay(self) -> bool:
        """Tell whether the content has the keyboard, or a menu that is open."""
        return self._has(QApplication.focusWidget()) or self._has(QApplication.activePopupWidget())

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        if self._made is not None:
            self._made.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels; as many lines are kept free as before."""
        self.keep_room(round(self._room.sizeHint().height() * em / self._em))
        self._em = em
        if self._made is not None:
            self._made.set_em(em)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._made is None:
            with QPainter(self) as painter:
                painter.drawText(self._column.contentsRect(), Qt.AlignmentFlag.AlignLeft, self.words)

    def _keep(self, height: int) -> None:
        self._room.changeSize(0, height, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._column.invalidate()

    def _has(self, widget: QWidget | None) -> bool:
        """Tell whether a widget is in it, or belongs to one that is."""
        while widget is not None and widget is not self:
            widget = widget.parentWidget()
        return widget is not None


class Nearness(QObject):
    """Gives the parts of a list their content while they are near what is seen, and takes it from them later.

    Parameters
    ----------
    area : QScrollArea
        What the list is scrolled in.
    whole : QWidget
        The list.
    parts : callable
        Returns the parts, from the top to the bottom. The first and the last two always have their content: there the
        keyboard comes into the list.
    """

    def __init__(self, area: QScrollArea, whole: QWidget, parts: Callable[[], Sequence[Deferred[Any]]]) -> None:
        super().__init__(area)
        self._area, self._parts = area, parts
        self._held: tuple[Deferred[Any], int, int] | None = None
        """A part that is seen, how far down it is, and how far the list was scrolled then."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        area.verticalScrollBar().valueChanged.connect(self.look)
        area.viewport().installEventFilter(self)
        whole.installEventFilter(self)

    @property
    def busy(self) -> bool:
        """Whether there is something left to do when nothing else is."""
        return self._timer.isActive()

    def look(self) -> None:
        """See which parts are near, once Qt has put them where they belong."""
        self._timer.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.look()
        return False

    def _go_on(self) -> None:
        if not self._area.isVisible():
            return
        self._hold()
        parts = self._parts()
        margin = _BEYOND * self._area.fontMetrics().height()
        ends = {*parts[:2], *parts[-2:]}
        missing = [part for part in parts if part.made is None and (part in ends or self._distance(part) <= margin)]
        missing.sort(key=self._distance)
        if missing:
            self._fill(missing[:_AT_ONCE])
            self.look()
        elif self._empty_far(parts, ends, margin):
            self.look()

    def _empty_far(self, parts: Sequence[Deferred[Any]], ends: set[Deferred[Any]], margin: int) -> bool:
        """Empty what is more than a page away, unless something is being dragged or clicked; tell whether any was."""
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return False
        far = self._area.viewport().height() + margin
        made = [part for part in parts if part.made is not None and part not in ends and self._distance(part) > far]
        for part in made:
            part.empty()
        return any(part.made is None for part in made)

    def _fill(self, missing: Sequence[Deferred[Any]]) -> None:
        """Fill parts; what is seen stays where it is though a part above it gets another height."""
        bar = self._area.verticalScrollBar()
        seen = next((part for part in self._parts() if not self._distance(part) and part not in missing), None)
        self._held = (seen, self._top(seen), bar.value()) if seen is not None else None
        for part in missing:
            _ = part.content
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # so that heights are known
        self._hold()

    def _hold(self) -> None:
        """Put what is seen back where it was, unless somebody has scrolled since; Qt lays some of it out late."""
        bar = self._area.verticalScrollBar()
        if self._held is None or self._held[0] not in self._parts() or self._held[2] != bar.value():
            return
        seen, top, value = self._held
        bar.setValue(value + self._top(seen) - top)
        self._held = seen, top, bar.value()

    def _top(self, part: Deferred[Any]) -> int:
        return part.mapTo(self._area.viewport(), QPoint(0, 0)).y()

    def _distance(self, part: Deferred[Any]) -> int:
        """Return how far a part is from what is seen, in pixels; 0 for one that is."""
        top = self._top(part)
        return max(top - self._area.viewport().height(), -(top + part.height()), 0)
