"""What is in a row of the editor: the name of the layer, its fields, its parameters, and why it does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.editing import Keeping, Part, PartReport
from core.wording import counted
from viz_app.paint.theme import Theme
from viz_app.panels.editor.fields import FieldBox
from viz_app.panels.editor.handle import Handle
from viz_app.widgets.icons import icon
from viz_app.widgets.layouts.flow import FlowLayout

BUTTONS = {
    "up": ("move-up", "Move up (Alt+Up)"),
    "down": ("move-down", "Move down (Alt+Down)"),
    "duplicate": ("copy", "Duplicate (Ctrl+D)"),
    "remove": ("remove", "Remove (Ctrl+Del)"),
}
"""What can be done to a layer: the icon, and what a person is told."""

_ICON = 1.25
"""The size of icons, in sizes of the text."""


@dataclass(frozen=True)
class Shown:
    """A layer as it is, at its place from 1 among so many, and what of it cannot be read."""

    number: int
    count: int
    part: Part
    found: PartReport
    keeping: Keeping | None
    unread: str = ""

    @property
    def title(self) -> str:
        """Its number and its name."""
        return f"{self.number} · {self.found.name}"

    @property
    def error(self) -> str:
        """Why it cannot be taken as it is; nothing where it can."""
        return self.unread or (f"Does not fit. {self.found.error}" if self.found.error else "")


class LayerContent(QWidget):
    """The widgets of a layer.

    Parameters
    ----------
    part : Part
        The layer.
    """

    changed = Signal(str, object)
    """The field and its value."""
    unreadable = Signal(str, str)
    """The field and why it cannot be read."""
    asked = Signal(str)
    """The name in ``BUTTONS`` of what is to be done to the layer."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.handle = Handle()
        self.title = _label("layerTitle")
        self.about = _label("about")
        self.keeping = _label("keeping")
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

    def show_layer(self, shown: Shown) -> None:
        """Show a layer."""
        self.title.setText(shown.title)
        self.about.setText(_counted(shown.found.count))
        self.keeping.setText(f"· {shown.keeping}" if shown.keeping else "")
        self.keeping.setVisible(shown.keeping is not None)
        mark(self.keeping, "anew", shown.keeping is Keeping.NONE)
        self.error.setText(shown.error)
        self.error.setVisible(bool(shown.error))
        self.handle.setAccessibleName(f"Layer {shown.number}, {shown.found.name}")
        for name, box in self.boxes.items():
            box.set_owner(f"layer {shown.number}")
            box.show_value(shown.part.values[name])
        self.buttons["up"].setEnabled(shown.number > 1)
        self.buttons["down"].setEnabled(shown.number < shown.count)
        self.buttons["remove"].setEnabled(shown.count > 1)

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
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        fields.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(fields)
        fields.setVisible(bool(self.boxes))  # in its place: before, it would be a window of its own
        if self._by_file:
            column.addWidget(_label("about", "What is inside comes by file."))
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
        self.asked.emit(self.sender().property("does"))

    def _tell_change(self, value: object) -> None:
        self.changed.emit(self._sender_name(), value)

    def _tell_unreadable(self, reason: str) -> None:
        self.unreadable.emit(self._sender_name(), reason)

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


def _label(name: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    return label


def _counted(count: int | None) -> str:
    if count is None:
        return "parameters not known yet"
    if count == 0:
        return "no parameters"
    return counted(count, "parameter")
