"""Choose how exported pictures look."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QGridLayout, QHBoxLayout, QLabel, QWidget

from core.notation import Notation
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import LARGEST, MOST_PIXELS, SCALES, SHEETS, SMALLEST, TEXTS, THEME_NAMES, Look, Sheet
from viz_app.frame.parts import Part
from viz_app.frame.words.writing import DIGITS, Writing
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds

_FREE = "free"
_COLUMNS = 3


class LookForm(QWidget):
    """Show a look with a control for each of its choices, and hold what is chosen.

    Parameters
    ----------
    look : Look
        What it begins with.
    """

    changed = Signal()
    """Another look is chosen."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.sizes, self.themes, self.colors, self.digits, self.notations = (QComboBox() for _ in range(5))
        self.width_field = NumberField(Bounds(SMALLEST[0], LARGEST[0], whole=True), "Width in pixels")
        self.height_field = NumberField(Bounds(SMALLEST[1], LARGEST[1], whole=True), "Height in pixels")
        self.scale = NumberField(Bounds(*SCALES), "How many times as many pixels the picture has")
        self.text = NumberField(Bounds(*TEXTS), "How much larger the text is than usual, for the back row")
        self.comma, self.clear = QCheckBox("Decimal comma"), QCheckBox("Leave out the ground")
        self.parts = {part: QCheckBox(part.capitalize()) for part in Part}
        self._fill()
        self._show(look)
        self._lay_out()
        self._wire()
        self._show_size()

    @property
    def look(self) -> Look:
        """What is chosen."""
        return replace(
            self._look,
            size=(int(self.width_field.value()), int(self.height_field.value())),
            theme_name=self.themes.currentData(),
            scale=float(self.scale.value()),
            transparent=self.clear.isChecked(),
            colors=ColorMap(self.colors.currentData()),
            writing=Writing(self.digits.currentData(), self.comma.isChecked()),
            notation=Notation(self.notations.currentData()),
            parts=frozenset(part for part, box in self.parts.items() if box.isChecked()),
            text=float(self.text.value()),
        )

    def problem(self, *, vector: bool) -> str | None:
        """Return in a sentence why no picture can look like this; mostly nothing."""
        look = self.look
        if not look.parts:
            return "Expected at least one part of a picture; choose one."
        width, height = look.pixels
        if width * height > MOST_PIXELS and not vector:
            most = MOST_PIXELS // 1_000_000
            return f"Expected a picture of at most {most} million pixels; got {width} x {height}."
        return None

    def show_transparent(self, possible: bool) -> None:
        """Offer to leave out the ground, where a format can."""
        self._form.setRowVisible(self.clear, possible)

    def _fill(self) -> None:
        for sheet in SHEETS.values():
            self.sizes.addItem(sheet.title, sheet)
        self.sizes.addItem("Another size", _FREE)
        for name in THEME_NAMES:
            self.themes.addItem(name.capitalize(), name)
        for one in ColorMap:
            self.colors.addItem(one.called, one.value)
        self.digits.addItem("As many as there is room for", None)
        for count in DIGITS:
            self.digits.addItem(f"At most {count}", count)
        self.notations.addItem("net and out", Notation.NET_OUT.value)
        self.notations.addItem("z and a", Notation.Z_A.value)

    def _show(self, look: Look) -> None:
        chosen = Sheet("", look.size).size
        known = next((place for place, one in enumerate(SHEETS.values()) if one.size == chosen), len(SHEETS))
        self.sizes.setCurrentIndex(known)
        self.width_field.setValue(look.size[0])
        self.height_field.setValue(look.size[1])
        for box, data in (
            (self.themes, look.theme_name),
            (self.colors, look.colors.value),
            (self.digits, look.writing.digits),
            (self.notations, look.notation.value),
        ):
            box.setCurrentIndex(box.findData(data))
        self.scale.setValue(look.scale)
        self.text.setValue(look.text)
        self.comma.setChecked(look.writing.comma)
        self.clear.setChecked(look.transparent)
        for part, tick in self.parts.items():
            tick.setChecked(part in look.parts)

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._free, parts = QWidget(), QWidget()
        row, grid = QHBoxLayout(self._free), QGridLayout(parts)
        for field in (self.width_field, QLabel("×"), self.height_field):
            row.addWidget(field)
        row.setContentsMargins(0, 0, 0, 0)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, box in enumerate(self.parts.values()):
            grid.addWidget(box, place // _COLUMNS, place % _COLUMNS)
        for text, widget in (
            ("&Size", self.sizes),
            ("", self._free),
            ("Scale of &pixels", self.scale),
            ("Size of &text", self.text),
            ("T&heme", self.themes),
            ("C&olours of numbers", self.colors),
            ("&Digits", self.digits),
            ("", self.comma),
            ("&Notation", self.notations),
            ("Parts", parts),
            ("", self.clear),
        ):
            self._form.addRow(text, widget)

    def _wire(self) -> None:
        self.sizes.currentIndexChanged.connect(self._take_sheet)
        for box in (self.themes, self.colors, self.digits, self.notations):
            box.currentIndexChanged.connect(self.changed)
        for field in (self.width_field, self.height_field, self.scale, self.text):
            field.valueChanged.connect(self.changed)
        for check in (self.comma, self.clear, *self.parts.values()):
            check.toggled.connect(self.changed)

    def _take_sheet(self) -> None:
        """Take a size that has a name, with its size of text."""
        sheet = self.sizes.currentData()
        if isinstance(sheet, Sheet):
            self.blockSignals(True)
            self.width_field.setValue(sheet.size[0])
            self.height_field.setValue(sheet.size[1])
            self.text.setValue(sheet.text)
            self.blockSignals(False)
        self._show_size()
        self.changed.emit()

    def _show_size(self) -> None:
        self._form.setRowVisible(self._free, self.sizes.currentData() == _FREE)
