"""Fields for the numbers of one sample, one each, laid out as the network takes them."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from core.values import Array, Value
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.pasted import pasted_cells
from viz_app.widgets.fields.reading import Bounds

_IN_A_COLUMN = 8
"""So many named fields stand below each other before there is another column of them."""
_CELL, _FIELD = 5.0, 9.0
"""The width of a field in an image, and of one with a name, in sizes of its text."""


class NumberCells(QWidget):
    """The numbers of a sample: an image is a grid of fields, a row of numbers has them below each other with names.

    What is typed counts once it is finished; what cannot be taken stays marked with its reason. A row that is copied
    from a spreadsheet fills the fields from the one on that it is pasted into.

    Parameters
    ----------
    value : Value
        The network's input or target, of whatever batch.
    names : sequence of str
        What each number is called.
    bounds : Bounds
        Which numbers are taken.
    em : float
        The size of the text, in pixels.
    """

    changed = Signal()
    """A person has changed a number, or several at once."""
    refused = Signal(str)
    """Why something that was typed is not taken."""
    pasted = Signal(int, object)
    """Several cells have been pasted into the field of that number: a tuple of their text."""

    def __init__(self, value: Value, names: Sequence[str], bounds: Bounds, em: float) -> None:
        super().__init__()
        self._shape, self._bounds, self._silent = value.shape[1:], bounds, False
        self.fields = tuple(NumberField(bounds, name) for name in names)
        for field in self.fields:
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(self)
            field.valueChanged.connect(self._tell)
            field.refused.connect(self.refused)
            field.entered.connect(self._go_on)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        image = value.row_image or (self._shape[-2:] if len(self._shape) > 1 else None)
        if image is None:
            self._lay_out_named(grid, names)
        else:
            self._lay_out_images(grid, image)
        self.set_em(em)

    @property
    def numbers(self) -> Array:
        """The last good number of every field, in the shape of a sample."""
        return np.array([float(field.value()) for field in self.fields]).reshape(self._shape)

    @property
    def reasons(self) -> Iterator[str]:
        """Why what stands in fields cannot be taken."""
        return (field.accessibleDescription() for field in self.fields if field.property("invalid"))

    def show_numbers(self, numbers: Array) -> None:
        """Show other numbers; what was typed and not taken is forgotten, and nobody is told."""
        self.put(0, np.ravel(numbers).tolist())

    def put(self, first: int, numbers: Sequence[float]) -> None:
        """Put numbers into the fields from one on; nobody is told."""
        self._silent = True
        for field, number in zip(self.fields[first:], numbers, strict=False):
            field.forget()
            field.setValue(number)
            field.lineEdit().home(False)  # of what is longer than its field the first digits are seen
        self._silent = False

    def blame(self, reason: str) -> None:
        """Mark all numbers as ones that do not fit together; an empty reason takes that back."""
        for field in self.fields:
            field.blame(reason)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        for field in self.fields:
            field.setFixedWidth(round((_CELL if field.objectName() == "cell" else _FIELD) * em))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to what scrolls, unless a field has the keyboard; take a row that is pasted."""
        if event.type() is QEvent.Type.FocusOut and isinstance(watched, NumberField):
            watched.lineEdit().home(False)
        if event.type() is QEvent.Type.Wheel and isinstance(watched, NumberField) and not watched.hasFocus():
            event.ignore()
            return True
        is_key = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and event.matches(QKeySequence.StandardKey.Paste) and isinstance(watched, NumberField):  # type: ignore[attr-defined]
            cells = pasted_cells(QGuiApplication.clipboard().text())
            if len(cells) > 1:
                self.pasted.emit(self.fields.index(watched), cells)
                return True
        return False

    def _tell(self) -> None:
        if not self._silent:
            self.changed.emit()

    def _go_on(self) -> None:
        """Go to the next field, as in a spreadsheet."""
        self.focusNextPrevChild(True)
        focused = self.focusWidget()
        if isinstance(focused, NumberField):
            focused.selectAll()

    def _lay_out_named(self, grid: QGridLayout, names: Sequence[str]) -> None:
        columns = -(-len(names) // _IN_A_COLUMN)
        rows = -(-len(names) // columns)
        for number, (name, field) in enumerate(zip(names, self.fields, strict=True)):
            column, row = divmod(number, rows)
            label = QLabel(name)
            label.setBuddy(field)
            grid.addWidget(label, row, 2 * column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(field, row, 2 * column + 1)
        grid.setColumnStretch(2 * columns, 1)
        grid.setRowStretch(rows, 1)

    def _lay_out_images(self, grid: QGridLayout, image: tuple[int, ...]) -> None:
        """Lay the fields out as the image that they are; several channels below each other."""
        high, wide = image
        channels = len(self.fields) // prod(image)
        for number, field in enumerate(self.fields):
            channel, place = divmod(number, high * wide)
            row, column = divmod(place, wide)
            field.setObjectName("cell")
            grid.addWidget(field, channel * (high + 1) + row + 1, column)
        for channel in range(channels if channels > 1 else 0):
            label = QLabel(f"Channel {channel}")
            label.setObjectName("hint")
            grid.addWidget(label, channel * (high + 1), 0, 1, wide)
        grid.setColumnStretch(wide, 1)
        grid.setRowStretch(channels * (high + 1) + 1, 1)
