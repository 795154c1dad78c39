"""The fields of a layer: each is read as it is typed, and says why it cannot be."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from core.editing import Field
from core.layers.fields import Choice, Flag, Sizes, Subset, Whole, Written
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds, UnreadableError


class FieldBox(QWidget):
    """A field with its name before it.

    Parameters
    ----------
    field : Field
        What it is for.
    owner : str
        Whose field it is, for screen readers.
    """

    changed = Signal(object)
    """The value that a person has put into it."""
    unreadable = Signal(str)
    """Why what is typed cannot be read, in one sentence."""

    def __init__(self, field: Field, owner: str) -> None:
        super().__init__()
        self.field = field
        self.setObjectName("field")
        self._control = _control(field)
        self._control.changed.connect(self.changed)
        self._control.unreadable.connect(self.unreadable)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if not isinstance(field.entry, Flag):
            label = QLabel(field.title)
            label.setObjectName("about")
            row.addWidget(label)
        row.addWidget(self._control)
        self.set_owner(owner)

    @property
    def control(self) -> QWidget:
        """What is typed into, or clicked."""
        return self._control

    @property
    def stops(self) -> Sequence[QWidget]:
        """What the keyboard comes by, in order."""
        return self._control.boxes if isinstance(self._control, SubsetField) else (self._control,)

    def set_owner(self, owner: str) -> None:
        """Say whose field it is, to screen readers."""
        self._control.setAccessibleName(f"{self.field.title} of {owner}")

    def show_value(self, value: Any) -> None:
        """Show a value; the one that is being typed is left alone."""
        self._control.blockSignals(True)
        self._control.show_value(value)
        self._control.blockSignals(False)

    def forget(self) -> None:
        """Show the last good value instead of what cannot be read."""
        self._control.blockSignals(True)
        self._control.forget()
        self._control.blockSignals(False)


class WholeField(NumberField):
    """A whole number, read as it is typed."""

    changed = Signal(object)
    unreadable = Signal(str)

    def __init__(self, entry: Whole) -> None:
        super().__init__(Bounds(entry.least, entry.most, whole=True))
        self.lineEdit().textEdited.connect(self._read)
        self.valueChanged.connect(self.changed)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_value(self, value: int) -> None:
        """Show a number; the one that holds leaves what is being typed alone."""
        self.setValue(value)

    def forget(self) -> None:
        """Show the last good number; whoever asked for it knows that it can be read again."""
        super().forget()
        self.blame("")
        self.changed.emit(self.value())

    def _read(self, text: str) -> None:
        try:
            number = self._bounds.read(text)
        except UnreadableError as error:
            self.blame(str(error))
            self.unreadable.emit(str(error))
            return
        self._refusal = ""
        self.blame("")
        self._value = number
        self.changed.emit(number)


class TextField(QLineEdit):
    """What is written as a text, read as it is typed."""

    changed = Signal(object)
    unreadable = Signal(str)

    def __init__(self, entry: Written) -> None:
        super().__init__()
        self._entry = entry
        self._value: Any = None
        self.setPlaceholderText(entry.none)
        hint = f"{entry.hint[:1].upper()}{entry.hint[1:]}"
        self.setToolTip(hint)
        self._hint = hint
        self._letters = 9 if isinstance(entry, Sizes) else 24
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._read)
        self.editingFinished.connect(self._finish)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        text = max(self._letters * metrics.averageCharWidth(), metrics.horizontalAdvance(self.placeholderText()))
        return QSize(text + 2 * metrics.height(), super().sizeHint().height())

    def show_value(self, value: Any) -> None:
        """Show a value; the one that holds leaves what is being typed alone."""
        if value != self._value:
            self._value = value
            self._mark("")
            self.setText(self._entry.write(value))
            self.setCursorPosition(0)

    def forget(self) -> None:
        """Show the last good value."""
        self._mark("")
        self.setText(self._entry.write(self._value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Esc what cannot be read."""
        if event.key() == Qt.Key.Key_Escape and self.property("invalid"):
            self.forget()
            self.changed.emit(self._value)
        else:
            super().keyPressEvent(event)

    def _read(self, text: str) -> None:
        try:
            value = self._entry.read(text)
        except ValueError as error:
            self._mark(str(error))
            self.unreadable.emit(str(error))
            return
        self._mark("")
        self._value = value
        self.changed.emit(value)

    def _finish(self) -> None:
        """Write what was read as everybody does."""
        if not self.property("invalid"):
            self.setText(self._entry.write(self._value))

    def _mark(self, reason: str) -> None:
        self.setToolTip(reason or self._hint)
        self.setAccessibleDescription(reason)
        if bool(self.property("invalid")) != bool(reason):
            self.setProperty("invalid", bool(reason))
            self.style().unpolish(self)
            self.style().polish(self)


class ChoiceField(QComboBox):
    """One of several."""

    changed = Signal(object)
    unreadable = Signal(str)

    def __init__(self, entry: Choice) -> None:
        super().__init__()
        self._values = [value for value, _ in entry.entries]
        for _, text in entry.entries:
            self.addItem(text)
        self.activated.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show a choice."""
        self.setCurrentIndex(self._values.index(value))

    def forget(self) -> None:
        """Do nothing: there is always a choice."""

    def _tell(self, place: int) -> None:
        self.changed.emit(self._values[place])


class FlagField(QCheckBox):
    """Yes or no."""

    changed = Signal(object)
    unreadable = Signal(str)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.clicked.connect(self._tell)

    def show_value(self, value: bool) -> None:
        """Show yes or no."""
        self.setChecked(value)

    def forget(self) -> None:
        """Do nothing: it is always yes or no."""

    def _tell(self) -> None:
        self.changed.emit(self.isChecked())


class SubsetField(QWidget):
    """Any of several names."""

    changed = Signal(object)
    unreadable = Signal(str)

    def __init__(self, entry: Subset) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._boxes = {name: QCheckBox(name.replace("_", " ")) for name in entry.names}
        for box in self._boxes.values():
            row.addWidget(box)
            box.clicked.connect(self._tell)

    @property
    def boxes(self) -> Sequence[QCheckBox]:
        """A box for every name."""
        return tuple(self._boxes.values())

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for member, box in self._boxes.items():
            box.setAccessibleName(f"{member}: {name}")

    def show_value(self, value: frozenset[str]) -> None:
        """Show which are chosen."""
        for name, box in self._boxes.items():
            box.setChecked(name in value)

    def forget(self) -> None:
        """Do nothing: it can always be read."""

    def _tell(self) -> None:
        self.changed.emit(frozenset(name for name, box in self._boxes.items() if box.isChecked()))


Control = WholeField | TextField | ChoiceField | FlagField | SubsetField


def _control(field: Field) -> Control:
    match field.entry:
        case Whole() as entry:
            return WholeField(entry)
        case Choice() as entry:
            return ChoiceField(entry)
        case Subset() as entry:
            return SubsetField(entry)
        case Written() as entry:
            return TextField(entry)
    return FlagField(field.title)
