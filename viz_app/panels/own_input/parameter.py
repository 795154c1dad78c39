"""A control for one parameter of the preparation of an image."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from core.images.settings import Choice, Parameter
from viz_app.widgets.fields.choice import choice_box
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds

_TICKS = 200


class ParameterControl(QWidget):
    """Shows what holds, and asks for something else; where nothing is chosen, what was found automatically.

    Parameters
    ----------
    name : str
        The field of ``Preparation``.
    parameter : Parameter
        What it may be.
    """

    chosen = Signal(str, object)
    """The field, and what is wanted; ``None`` where it is to be found automatically."""

    def __init__(self, name: str, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._parameter = name, parameter
        self._value: Choice = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.box: QComboBox | None = None
        self.field: NumberField | None = None
        self.slider: QSlider | None = None
        self.check: QCheckBox | None = None
        self.automatic: QToolButton | None = None
        if parameter.choices:
            self.box = self._add_choices()
        elif parameter.limits is not None:
            self.field = self._add_number(parameter.limits)
        else:
            self.check = self._add_check()

    def show_choice(self, value: Choice, found: Choice) -> None:
        """Show what was chosen; ``None`` where it was found, with what was found."""
        self._value = value
        if self.box is not None:
            self._show_choice(self.box, value, found)
        elif self.check is not None:
            self.check.setChecked(bool(value))
        elif self.field is not None:
            shown = found if value is None else value
            if isinstance(shown, int | float):
                self._show_number(shown)
        if self.automatic is not None:
            self.automatic.setChecked(value is None)

    def _show_number(self, number: float) -> None:
        assert self.field is not None
        self.field.blockSignals(True)
        self.field.setValue(number if self._parameter.whole else round(float(number), 4))
        self.field.blockSignals(False)
        if self.slider is not None and not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(self._tick(number))
            self.slider.blockSignals(False)

    def _show_choice(self, box: QComboBox, value: Choice, found: Choice) -> None:
        if self._parameter.automatic:
            named = dict(self._parameter.choices).get(str(found), "")
            box.setItemText(0, f"Automatic: {named}" if named else "Automatic")
        box.setCurrentIndex(max(0, box.findData(value)))

    def _add_choices(self) -> QComboBox:
        box = choice_box(self._parameter.title)
        box.setToolTip(self._parameter.tip)
        if self._parameter.automatic:
            box.addItem("Automatic", None)
        for data, text in self._parameter.choices:
            box.addItem(text, data)
        self._column.addLayout(self._line(box))
        self._column.addWidget(box)
        box.activated.connect(self._choose)
        return box

    def _add_number(self, limits: tuple[float, float]) -> NumberField:
        parameter = self._parameter
        field = narrow(NumberField(Bounds(*limits, whole=parameter.whole), parameter.title))
        field.setToolTip(parameter.tip)
        line = self._line(field)
        below = QHBoxLayout()
        below.setSpacing(6)
        if parameter.automatic:
            self.automatic = QToolButton()
            self.automatic.setCheckable(True)
            self.automatic.setText("Auto")
            self.automatic.setObjectName("small")
            self.automatic.setToolTip(f"{parameter.title}: find it automatically")
            self.automatic.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.automatic.clicked.connect(self._let_it_be_found)
            line.addWidget(self.automatic)
        self._column.addLayout(line)
        self._column.addLayout(below)
        if not parameter.whole:
            self.slider = QSlider(Qt.Orientation.Horizontal)
            self.slider.setRange(0, _TICKS)
            self.slider.setPageStep(_TICKS // 20)
            self.slider.setAccessibleName(parameter.title)
            self.slider.setToolTip(parameter.tip)
            self.slider.valueChanged.connect(self._slide)
            below.addWidget(self.slider, 3)
        below.addWidget(field, 2)
        field.valueChanged.connect(self._type)
        return field

    def _add_check(self) -> QCheckBox:
        check = QCheckBox(self._parameter.title)
        check.setToolTip(self._parameter.tip)
        check.clicked.connect(self._tick_off)
        self._column.addWidget(check)
        return check

    def _line(self, control: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        label = QLabel(self._parameter.title)
        label.setToolTip(self._parameter.tip)
        label.setBuddy(control)
        line.addWidget(label, 1)
        return line

    def _tick(self, number: float) -> int:
        assert self._parameter.limits is not None
        low, high = self._parameter.limits
        return round((number - low) / (high - low) * _TICKS)

    def _choose(self) -> None:
        assert self.box is not None
        self.chosen.emit(self.name, self.box.currentData())

    def _type(self, number: float) -> None:
        self.chosen.emit(self.name, number)

    def _slide(self, tick: int) -> None:
        assert self._parameter.limits is not None
        low, high = self._parameter.limits
        self.chosen.emit(self.name, round(low + tick / _TICKS * (high - low), 4))

    def _tick_off(self, checked: bool) -> None:
        self.chosen.emit(self.name, checked)

    def _let_it_be_found(self) -> None:
        """Find it automatically; to press the button again holds what was found."""
        assert self.field is not None
        assert self.automatic is not None
        self.chosen.emit(self.name, None if self.automatic.isChecked() else self.field.value())
