"""Show a sample as it enters the network, with its numbers."""

from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from core.values import Array, Index, Value
from viz_app.frame.words.numbers import number
from viz_app.picture.sample import arrange_sample
from viz_app.widgets.pictures.canvas import Canvas

_NOTCH = 1.25
_EDGE = 2
"""The line around it, in pixels."""


class InputView(Canvas):
    """A sample as large as fits; the wheel, or + and −, magnify it until its numbers can be read."""

    described = Signal(str)
    """The cell that the mouse is on, with its number; nothing when it leaves."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._value: Value | None = None
        self._numbers: Array | None = None
        self._em = 13.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resized.connect(self._arrange)
        self.cell_hovered.connect(self._describe)

    @property
    def numbers(self) -> Array | None:
        """What is shown."""
        return self._numbers

    def show_numbers(self, value: Value, numbers: Array) -> None:
        """Show a sample: ``value`` is the network's input, of whatever batch."""
        self._value, self._numbers = value, numbers
        self._arrange()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        factors = {Qt.Key.Key_Plus: _NOTCH, Qt.Key.Key_Equal: _NOTCH, Qt.Key.Key_Minus: 1 / _NOTCH}
        if event.key() in factors:
            self.zoom_by(factors[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_0:
            self.reset_view()
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        if self._value is not None and self._numbers is not None and min(self.width(), self.height()) > 2:
            picture = arrange_sample(self._value, self._numbers, (self.width(), self.height()), self._em)
            rows, columns = picture.heatmaps[0].grid.size
            self.setMaximumHeight(ceil(self.width() * rows / columns) + _EDGE)
            self.show_picture(picture)

    def _describe(self, key: str, index: Index | None) -> None:
        if index is None or self._numbers is None or self._value is None:
            self.described.emit("")
            return
        place = index[1:]
        columns = self._value.row_image[1] if self._value.row_image else 0
        where = divmod(place[0], columns) if columns else place[-2:]
        named = f"row {where[0]}, column {where[1]}" if len(where) == 2 else f"{key}[{where[0]}]"
        self.described.emit(f"{named}: {number(float(self._numbers[place]))}")
