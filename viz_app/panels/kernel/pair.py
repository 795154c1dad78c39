"""Two whole numbers, one for rows and one for columns."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.values import Shape
from viz_app.widgets.fields.number_field import NumberField, whole_field


class PairField(QWidget):
    """Number fields for rows and columns beside each other.

    Parameters
    ----------
    name : str
        What the numbers are, for tips and screen readers.
    least, most : int
        The smallest and the largest number that can be typed.
    """

    changed = Signal(object)
    """Both numbers."""

    def __init__(self, name: str, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._boxes = tuple(whole_field(f"{name}, {way}", least, most) for way in ("rows", "columns"))
        for box in self._boxes:
            row.addWidget(box, 1)
            box.valueChanged.connect(self._ask)

    @property
    def boxes(self) -> tuple[NumberField, ...]:
        """The two fields."""
        return self._boxes

    def show_sizes(self, sizes: int | Shape) -> None:
        """Show one number for both, or two."""
        rows, columns = (sizes, sizes) if isinstance(sizes, int) else sizes
        for box, size in zip(self._boxes, (rows, columns), strict=True):
            show_number(box, size)

    def _ask(self) -> None:
        self.changed.emit(tuple(box.value() for box in self._boxes))


def show_number(box: NumberField, value: int) -> None:
    """Set a number without asking for anything."""
    box.blockSignals(True)
    box.setValue(value)
    box.blockSignals(False)
