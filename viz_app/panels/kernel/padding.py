"""How much padding: a rule, one amount for all sides, or an amount for each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from core.layers.convolution import PaddingRule, padding_amounts
from core.ops.windows.geometry import NO_PADDING, Padding
from viz_app.panels.kernel.pair import show_number
from viz_app.widgets.fields.number_field import NumberField, whole_field

_MOST = 99
_MODES = (("same", "Same size"), ("valid", "None"), ("one", "One amount"), ("sides", "Each side"))
_SIDES = (("↑", "above"), ("↓", "below"), ("←", "left"), ("→", "right"))


class PaddingField(QWidget):
    """The amounts that a rule asks for; the choice of the rule (``mode``) is laid out by the owner."""

    changed = Signal(object)
    """The rule, as a convolutional layer takes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._amounts: Padding = NO_PADDING
        self.mode = QComboBox()
        self.mode.setAccessibleName("Padding")
        self.mode.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for data, text in _MODES:
            self.mode.addItem(text, data)
        self._one = whole_field("Padding on every side", 0, _MOST)
        self._sides = tuple(whole_field(f"Padding {name}", 0, _MOST) for _, name in _SIDES)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(self._one, 0, 0, 1, 4)
        self._arrows = tuple(QLabel(arrow) for arrow, _ in _SIDES)
        for place, (box, arrow) in enumerate(zip(self._sides, self._arrows, strict=True)):
            arrow.setBuddy(box)
            grid.addWidget(arrow, 1 + place // 2, 2 * (place % 2))
            grid.addWidget(box, 1 + place // 2, 2 * (place % 2) + 1)
            box.valueChanged.connect(self._ask_sides)
        self._one.valueChanged.connect(self._ask_one)
        self.mode.activated.connect(self._ask_mode)

    @property
    def boxes(self) -> tuple[QComboBox | NumberField, ...]:
        """The choice and every field."""
        return (self.mode, self._one, *self._sides)

    def show_rule(self, rule: PaddingRule, amounts: Padding) -> None:
        """Show a rule, and the amounts that it comes to."""
        self._amounts = amounts if isinstance(rule, str) else padding_amounts(rule)
        mode = rule if isinstance(rule, str) else "one" if isinstance(rule, int) else "sides"
        self.mode.setCurrentIndex(self.mode.findData(mode))
        self.setVisible(not isinstance(rule, str))
        self._one.setVisible(mode == "one")
        show_number(self._one, max(self._amounts))
        for box, arrow, amount in zip(self._sides, self._arrows, self._amounts, strict=True):
            box.setVisible(mode == "sides")
            arrow.setVisible(mode == "sides")
            show_number(box, amount)

    def _ask_mode(self) -> None:
        """Ask for another rule; amounts begin with what the last rule came to."""
        mode = self.mode.currentData()
        self.changed.emit({"one": max(self._amounts), "sides": self._amounts}.get(mode, mode))

    def _ask_one(self, amount: int) -> None:
        self.changed.emit(amount)

    def _ask_sides(self) -> None:
        self.changed.emit(tuple(box.value() for box in self._sides))
