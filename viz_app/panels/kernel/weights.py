"""A kernel as a table of numbers that can be edited and pasted."""

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.data.kernels import Weights
from core.values import Range
from viz_app.frame.levels import levels_for
from viz_app.frame.words.numbers import MINUS, in_cell
from viz_app.paint.colors import bright, codes, table
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.fields.reading import Bounds, UnreadableError

MOST = 7
"""The most rows and columns."""
_BOUNDS = Bounds(-1_000_000, 1_000_000)
_CELL_PADDING = 6
_MARGIN = 8
"""What Qt keeps free left and right of a number together, in pixels."""


class WeightsTable(QTableWidget):
    """Show the rows of a kernel; what is typed or pasted changes them, as soon as it is a number."""

    weights_changed = Signal(object)
    reason_changed = Signal(str)
    """Why what was typed or pasted is no kernel; empty when it is one again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: Weights = ()
        self.setAccessibleName("Numbers of the kernel")
        self.setToolTip("Type a number, or paste a block of them")
        self._numbers = _NumberDelegate(self)
        self.setItemDelegate(self._numbers)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(8)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for scroll in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            scroll(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(self._edited)

    @property
    def weights(self) -> Weights:
        """The rows; where a cell holds no number, the last one that it held."""
        return self._weights

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._numbers.theme = theme
        if self.isVisible():
            self.viewport().update()

    def show_weights(self, weights: Weights, *, again: bool = False) -> None:
        """Show rows; what was typed and is no number stays while the rows stay, unless they are shown ``again``."""
        if weights == self._weights and not again:
            return
        self._weights = weights
        self.blockSignals(True)
        self.setRowCount(len(weights))
        self.setColumnCount(len(weights[0]))
        for row, numbers in enumerate(weights):
            for column, number in enumerate(numbers):
                item = QTableWidgetItem(_written(number))
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.setItem(row, column, item)
        self.blockSignals(False)
        self.updateGeometry()
        self.reason_changed.emit("")

    def resized(self, rows: int, columns: int) -> Weights:
        """Return the kernel with more zeros around it, or fewer numbers; its middle stays in the middle."""
        down, across = _middle(rows) - _middle(len(self._weights)), _middle(columns) - _middle(len(self._weights[0]))
        return tuple(
            tuple(self._number(row - down, column - across) for column in range(columns)) for row in range(rows)
        )

    def sizeHint(self) -> QSize:
        """Return the height of all the rows."""
        height = self.rowCount() * (self.fontMetrics().height() + _CELL_PADDING) + 2 * self.frameWidth() + 2
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().text())
        else:
            super().keyPressEvent(event)

    def _edited(self, item: QTableWidgetItem) -> None:
        try:
            value = float(_BOUNDS.read(item.text()))
        except UnreadableError as error:
            self.reason_changed.emit(str(error))
            return
        changed = [list(row) for row in self._weights]
        changed[item.row()][item.column()] = value
        self._weights = tuple(map(tuple, changed))
        if self._all_numbers():
            self.reason_changed.emit("")
        self.weights_changed.emit(self._weights)

    def _paste(self, text: str) -> None:
        block = parse_block(text)
        if block is None:
            self.reason_changed.emit(
                f"Expected a block of at most {MOST} × {MOST} numbers, with rows of equal length; the clipboard has "
                "something else."
            )
        elif block == ((block[0][0],),) and (item := self.currentItem()) is not None:
            item.setText(_written(block[0][0]))
        else:
            self.show_weights(block, again=True)
            self.weights_changed.emit(block)

    def _all_numbers(self) -> bool:
        cells = (self.item(row, column) for row in range(self.rowCount()) for column in range(self.columnCount()))
        return all(cell is not None and parse_number(cell.text()) is not None for cell in cells)

    def _number(self, row: int, column: int) -> float:
        inside = 0 <= row < len(self._weights) and 0 <= column < len(self._weights[0])
        return self._weights[row][column] if inside else 0.0


class _NumberDelegate(QStyledItemDelegate):
    """Colour numbers as the stage does, and write them as short as their cell needs; the editor has them in full."""

    def __init__(self, table: WeightsTable) -> None:
        super().__init__(table)
        self._table = table
        self.theme = LIGHT

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        number = parse_number(str(index.data()))
        ground, ink = (self.theme.base, self.theme.tones[Tone.WARNING]) if number is None else self._colors(number)
        if number is not None:
            room = (option.rect.width() - _MARGIN) // option.fontMetrics.horizontalAdvance("0")
            option.text = in_cell(number, room) or "…"
        option.backgroundBrush = QBrush(QColor(ground))
        option.palette.setColor(QPalette.ColorRole.Text, QColor(ink))

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        field = NumberField(_BOUNDS, "Number of the kernel", parent)
        field.setFrame(False)
        field.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
        return field

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        assert isinstance(editor, NumberField)
        editor.begin(str(index.data()))

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Give the table what was typed, be it a number or not: the table says what is against it."""
        assert isinstance(editor, NumberField)
        model.setData(index, editor.text())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if self._table.hasFocus() and index == self._table.currentIndex():
            painter.setPen(QPen(self.theme.color(Tone.SELECTED), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))

    def _colors(self, number: float) -> tuple[str, str]:
        """Return the ground of a number and the ink that reads well on it."""
        numbers = [number for row in self._table.weights for number in row]
        levels = levels_for(Range.SIGNED, min(numbers), max(numbers))
        code = codes(np.array([number]), levels)[0]
        dark = bright(self.theme, levels.kind)[code]
        color = QColor.fromRgb(int(table(self.theme, levels.kind)[code])).name()
        return color, self.theme.ink_dark if dark else self.theme.ink_light


def parse_number(text: str) -> float | None:
    """Return the number that a person wrote, or ``None``."""
    try:
        return float(_BOUNDS.read(text))
    except UnreadableError:
        return None


def _written(number: float) -> str:
    return _BOUNDS.write(number).replace("-", MINUS)


def parse_block(text: str) -> Weights | None:
    """Return the rows of a block of numbers from a spreadsheet, a text or NumPy; ``None`` where it is none."""
    lines = text.replace("]", "\n").replace(";", "\n").replace("[", " ").splitlines()
    rows = [_cells(line) for line in lines]
    numbers = [[parse_number(cell) for cell in row] for row in rows if row]
    weights = tuple(tuple(number for number in row if number is not None) for row in numbers)
    whole = all(len(row) == len(found) for row, found in zip(numbers, weights, strict=True))
    if not whole or len({len(row) for row in weights}) != 1:
        return None
    return weights if len(weights) <= MOST and len(weights[0]) <= MOST else None


def _cells(line: str) -> list[str]:
    """Split a line at tabs where it has any, else at spaces, else at commas."""
    line = line.strip(" ,")
    if "\t" in line:
        return [cell for cell in line.split("\t") if cell.strip()]
    return line.replace(",", " ").split()


def _middle(size: int) -> int:
    return (size - 1) // 2
