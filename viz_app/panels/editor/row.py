"""A layer of the list: its name, its fields, its parameters, and why it does not fit."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.editing import Keeping, Part, PartReport
from core.wording import counted
from viz_app.paint.theme import Theme
from viz_app.panels.editor.fields import FieldBox
from viz_app.widgets.flow import FlowLayout
from viz_app.widgets.icons import icon

BUTTONS = {
    "up": ("move-up", "Move up (Alt+Up)"),
    "down": ("move-down", "Move down (Alt+Down)"),
    "duplicate": ("copy", "Duplicate (Ctrl+D)"),
    "remove": ("remove", "Remove (Ctrl+Del)"),
}
"""What can be done to a layer: the icon, and what a person is told."""

_ICON = 1.25
"""The size of icons, in sizes of the text."""


class Handle(QToolButton):
    """Where a row is taken hold of, to drag it; it has the keyboard for the row."""

    dragged = Signal(int)
    """Where the mouse is, down the screen."""
    dropped = Signal()
    gave_up = Signal()

    def __init__(self) -> None:
        super().__init__(autoRaise=True)
        self.setObjectName("small")
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip("Drag to another place; Alt+Up and Alt+Down move it, too")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._from: QPoint | None = None
        self._dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        here = event.globalPosition().toPoint()
        if self._dragging or (here - self._from).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.dragged.emit(here.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go(self.dropped if self._dragging else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._let_go(self.gave_up)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go(self.gave_up if self._dragging else None)
        super().focusOutEvent(event)

    def _let_go(self, signal: object) -> None:
        self._from, self._dragging = None, False
        if signal is not None:
            signal.emit()  # type: ignore[attr-defined]


class LayerRow(QFrame):
    """A layer of a draft.

    Parameters
    ----------
    part : Part
        The layer; the row stays its row whatever becomes of it.
    """

    changed = Signal(int, str, object)
    """The mark of the layer, the field and its value."""
    unreadable = Signal(int, str, str)
    """The mark of the layer, the field and why it cannot be read."""
    asked = Signal(int, str)
    """The mark of the layer, and the name in ``BUTTONS`` of what is to be done to it."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.mark = part.mark
        self._shown: tuple[object, ...] = ()
        self.setObjectName("layer")
        self.handle = Handle()
        self.title = QLabel()
        self.title.setObjectName("layerTitle")
        self.about = QLabel()
        self.about.setObjectName("about")
        self.keeping = QLabel()
        self.keeping.setObjectName("keeping")
        self.error = QLabel(wordWrap=True)
        self.error.setObjectName("reason")
        self.error.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._by_file = any(field.entry is None for field in part.fields)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        self.boxes = {field.name: FieldBox(field, "the layer") for field in part.fields if field.entry is not None}
        for box in self.boxes.values():
            box.changed.connect(self._tell_change)
            box.unreadable.connect(self._tell_unreadable)
        self._lay_out()

    def show_part(
        self, number: int, count: int, part: Part, found: PartReport, keeping: Keeping | None, unread: str = ""
    ) -> None:
        """Show a layer as it is, at its place from 1 among so many, and what of it cannot be read."""
        shown = number, count, part, found, keeping, unread
        if shown == self._shown:
            return
        self._shown = shown
        self.title.setText(f"{number} · {found.name}")
        self.about.setText(_counted(found.count))
        self.keeping.setText(f"· {keeping}" if keeping else "")
        self.keeping.setVisible(keeping is not None)
        mark(self.keeping, "anew", keeping is Keeping.NONE)
        error = unread or (f"Does not fit. {found.error}" if found.error else "")
        self.error.setText(error)
        self.error.setVisible(bool(error))
        self.handle.setAccessibleName(f"Layer {number}, {found.name}")
        for name, box in self.boxes.items():
            box.set_owner(f"layer {number}")
            box.show_value(part.values[name])
        self.buttons["up"].setEnabled(number > 1)
        self.buttons["down"].setEnabled(number < count)
        self.buttons["remove"].setEnabled(count > 1)
        mark(self, "broken", bool(error))

    @property
    def stops(self) -> Sequence[QWidget]:
        """What the keyboard comes by, in order."""
        fields = [stop for box in self.boxes.values() for stop in box.stops]
        return [self.handle, *fields, *self.buttons.values()]

    def forget(self) -> None:
        """Show the last good values instead of what cannot be read."""
        for box in self.boxes.values():
            box.forget()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.handle.setIcon(icon("grip", theme))
        for name, button in self.buttons.items():
            button.setIcon(icon(BUTTONS[name][0], theme))

    def set_em(self, em: float) -> None:
        """Draw icons as large as the text."""
        size = QSize(round(_ICON * em), round(_ICON * em))
        for button in (self.handle, *self.buttons.values()):
            button.setIconSize(size)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.handle)
        head.addWidget(self.title)
        head.addSpacing(6)
        head.addWidget(self.about)
        head.addWidget(self.keeping)
        head.addStretch(1)
        for button in self.buttons.values():
            head.addWidget(button)
        fields = QWidget()
        flow = FlowLayout(16, 4, fields)
        for box in self.boxes.values():
            flow.addWidget(box)
        fields.setVisible(bool(self.boxes))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        fields.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(fields)
        if self._by_file:
            inside = QLabel("What is inside comes by file.")
            inside.setObjectName("about")
            column.addWidget(inside)
        column.addWidget(self.error)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setObjectName("small")
        button.setProperty("does", name)
        button.setToolTip(BUTTONS[name][1])
        button.setAccessibleName(BUTTONS[name][1])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._ask)
        return button

    def _ask(self) -> None:
        self.asked.emit(self.mark, self.sender().property("does"))

    def _tell_change(self, value: object) -> None:
        self.changed.emit(self.mark, self._sender_name(), value)

    def _tell_unreadable(self, reason: str) -> None:
        self.unreadable.emit(self.mark, self._sender_name(), reason)

    def _sender_name(self) -> str:
        box = self.sender()
        assert isinstance(box, FieldBox)
        return box.field.name


def mark(widget: QWidget, name: str, wanted: bool) -> None:
    """Set a property that the style sheet asks for."""
    if bool(widget.property(name)) != wanted:
        widget.setProperty(name, wanted)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _counted(count: int | None) -> str:
    if count is None:
        return "parameters not known yet"
    if count == 0:
        return "no parameters"
    return counted(count, "parameter")
