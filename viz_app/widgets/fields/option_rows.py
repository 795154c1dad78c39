"""Rows of a form: a name, and a number, a switched number, a switch or a text beside it."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds, Number


class Form(QGridLayout):
    """Rows below each other: what is asked for on the left, its control on the right; headings go across."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(4)
        self.setColumnStretch(0, 3)
        self.setColumnStretch(1, 2)
        self._labels: dict[QWidget, QLabel] = {}

    def add_heading(self, text: str) -> QLabel:
        """Begin a part of the form."""
        label = QLabel(text)
        label.setObjectName("heading")
        self.addWidget(label, self.rowCount(), 0, 1, 2)
        return label

    def add_row(self, left: QWidget, right: QWidget | None = None) -> None:
        """Add a row; without a control on the right, the left one goes across."""
        row = self.rowCount()
        if right is None:
            self.addWidget(left, row, 0, 1, 2)
            return
        self.addWidget(left, row, 0)
        self.addWidget(right, row, 1)

    def add_number(self, text: str, bounds: Bounds, tip: str) -> NumberField:
        """Add a number with its name."""
        field = narrow(NumberField(bounds, tip))
        label = QLabel(text)
        label.setToolTip(tip)
        label.setBuddy(field)
        _shrink(label)
        self._labels[field] = label
        self.add_row(label, field)
        return field

    def show_number(self, field: NumberField, shown: bool) -> None:
        """Show a number and its name, or hide both."""
        field.setVisible(shown)
        self._labels[field].setVisible(shown)

    def add_switched(self, text: str, bounds: Bounds, usual: Number, tip: str) -> "SwitchedNumber":
        """Add a number that holds only while its switch is on."""
        switched = SwitchedNumber(text, bounds, usual, tip)
        self.add_row(switched.switch, switched.field)
        return switched

    def add_switch(self, text: str, tip: str) -> QCheckBox:
        """Add a switch."""
        switch = QCheckBox(text)
        switch.setToolTip(tip)
        switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        _shrink(switch)
        self.add_row(switch)
        return switch

    def add_text(self, text: str, examples: tuple[str, ...], tip: str) -> QComboBox:
        """Add a text that is typed, or chosen among examples."""
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(examples)
        box.setToolTip(tip)
        box.setAccessibleName(text)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        _shrink(box)
        self.add_row(QLabel(text))
        self.add_row(box)
        return box


class SwitchedNumber(QObject):
    """A number that holds only while its switch is on.

    Parameters
    ----------
    text : str
        What the switch is called.
    bounds : Bounds
        Which numbers are taken.
    usual : int or float
        The number at first.
    tip : str
        What it is for.
    """

    changed = Signal(object)
    """The number, or ``None`` where it is switched off."""

    def __init__(self, text: str, bounds: Bounds, usual: Number, tip: str) -> None:
        self.switch, self.field = QCheckBox(text), narrow(NumberField(bounds, tip))
        super().__init__(self.field)
        self.field.setValue(usual)
        self.field.setEnabled(False)
        self.switch.setToolTip(tip)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        _shrink(self.switch)
        self.switch.toggled.connect(self._ask)
        self.field.valueChanged.connect(self._ask)

    @property
    def number(self) -> Number | None:
        """The number that holds."""
        return self.field.value() if self.switch.isChecked() else None

    def show_number(self, number: Number | None) -> None:
        """Show what holds, and ask for nothing."""
        for control in (self.switch, self.field):
            control.blockSignals(True)
        self.switch.setChecked(number is not None)
        self.field.setEnabled(number is not None)
        if number is not None:
            self.field.setValue(number)
        for control in (self.switch, self.field):
            control.blockSignals(False)

    def _ask(self) -> None:
        self.field.setEnabled(self.switch.isChecked())
        self.changed.emit(self.number)


def _shrink(widget: QWidget) -> None:
    """Let a name give way: the control beside it has what it needs."""
    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
