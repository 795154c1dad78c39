"""A heading that opens and closes the paragraph below it."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

_ROUNDS = 4
"""So many turns it takes until everything around has been laid out anew."""


class Disclosure(QWidget):
    """A paragraph that is opened and closed by its heading, and stays as a person left it.

    Where what it stands in is lower than it needs, it closes by itself, and opens again when there is room; whoever
    opens it all the same has it open.

    Parameters
    ----------
    title : str
        The heading.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = self._insisted = False
        self._needed, self._room = 0.0, True
        self._rounds = 0
        self._revealing = QTimer(self)
        self._revealing.setSingleShot(True)
        self._revealing.setInterval(0)
        self._revealing.timeout.connect(self._bring_into_view)
        self._button = QToolButton()
        self._button.setObjectName("disclosure")
        self._button.setText(title)
        self._button.setAutoRaise(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._paragraph = QLabel()
        self._paragraph.setObjectName("paragraph")
        self._paragraph.setTextFormat(Qt.TextFormat.PlainText)
        self._paragraph.setWordWrap(True)
        self._paragraph.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._paragraph.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._paragraph)
        self._button.clicked.connect(self.toggle)
        self._arrange()

    @property
    def is_open(self) -> bool:
        """Whether the paragraph is to be seen."""
        return self._wanted and (self._room or self._insisted)

    def set_text(self, text: str) -> None:
        """Show another paragraph, open or closed as it was."""
        if text != self._paragraph.text():
            self._paragraph.setText(text)

    def set_needed(self, height: float) -> None:
        """Say how high what it stands in has to be, in pixels, for it to stay open by itself."""
        self._needed = height
        self._look_for_room()

    def toggle(self) -> None:
        """Open the paragraph, or close it."""
        self.set_open(not self.is_open)

    def set_open(self, wanted: bool) -> None:
        """Open or close the paragraph."""
        self._wanted = self._insisted = wanted
        self._arrange()
        if wanted:
            self._rounds = _ROUNDS
            self._revealing.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for above in self._above():
            above.installEventFilter(self)
        self._look_for_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._look_for_room()
        return super().eventFilter(watched, event)

    def _above(self) -> tuple[QWidget, ...]:
        """Return the panel that it stands in, and what that scrolls in."""
        panel = self.parentWidget()
        outer = panel.parentWidget() if panel else None
        return tuple(widget for widget in (panel, outer) if widget is not None)

    def _look_for_room(self) -> None:
        room = min((widget.height() for widget in self._above()), default=0) >= self._needed
        if room != self._room:
            self._room, self._insisted = room, False
            self._arrange()

    def _bring_into_view(self) -> None:
        """Scroll what it stands in, as little as shows the paragraph, or as much of it as there is room for."""
        self._rounds -= 1
        if self._rounds:
            self._revealing.start()
        area = self._area()
        inside = area.widget() if area else None
        if area is None or inside is None:
            return
        top, bar = self.mapTo(inside, QPoint(0, 0)).y(), area.verticalScrollBar()
        bar.setValue(min(max(bar.value(), top + self.height() - area.viewport().height()), top))

    def _area(self) -> QScrollArea | None:
        """Return what it scrolls in."""
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, QScrollArea):
            widget = widget.parentWidget()
        return widget

    def _arrange(self) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if self.is_open else Qt.ArrowType.RightArrow)
        self._paragraph.setVisible(self.is_open)
