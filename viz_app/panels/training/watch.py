"""What is watched from step to step, and where the run halts."""

from collections.abc import Iterable, Sequence
from math import prod

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.notation import Notation, plain, symbol
from core.program import Program
from core.run.breakpoints import AtNorm, AtNumber, AtStep, Breakpoint, Side
from viz_app.frame.frame import Focus, Frame
from viz_app.frame.told.watch import Watch, Watched
from viz_app.frame.words.numbers import in_cell, number
from viz_app.paint.theme import LIGHT, Theme
from viz_app.picture.elements import Tone
from viz_app.widgets.fields.number_field import NumberField, narrow
from viz_app.widgets.fields.reading import Bounds

_NUMBERS = Bounds(-1e30, 1e30)
_HEADINGS = "", "now", "before", "change"
_DIGITS = 9
"""The most characters of a number."""
_CELL_MARGINS = 8
_ITEM = Qt.ItemDataRole.UserRole


class WatchPanel(QWidget):
    """Watch numbers and set breakpoints: those of the focused cell, or of what the step has made."""

    title = "Watch"
    watch_requested = Signal(object)
    unwatch_requested = Signal(object)
    """A ``Watch``."""
    value_requested = Signal(str)
    breakpoint_requested = Signal(object)
    breakpoint_removed = Signal(object)
    """A ``Breakpoint``."""
    breakpoint_switched = Signal(object, bool)
    """A ``Breakpoint``, and whether it is on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._program: Program | None = None
        self._notation = Notation.NET_OUT
        self._theme = LIGHT
        self._target: Watch | None = None
        self._watched: tuple[Watched, ...] = ()
        self._watch = QPushButton("Watch")
        self._table = _Table()
        self._kind = QComboBox()
        self._number = narrow(NumberField(_NUMBERS, "The number to halt at"))
        self._add = QPushButton("Halt")
        self._list = _List()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._connect_signals()

    def show_frame(self, frame: Frame) -> None:
        """Offer to watch, or to halt at, the focused cell of a frame or what its step has made."""
        self._program, self._notation = frame.program, frame.options.notation
        focus = frame.detail.focus if frame.detail else None
        target = _target(frame, focus)
        if target != self._target:
            self._target = target
            self._watch.setText(f"Watch {self._name(target)}")
            self._offer(frame, target)

    def show_watched(self, watched: Sequence[Watched]) -> None:
        """Show the numbers of all that is watched."""
        self._watched = tuple(watched)
        self._table.setVisible(bool(watched))
        self._table.setRowCount(len(watched))
        since = {one.since for one in watched}
        (only,) = since if len(since) == 1 else (None,)
        heading = f"it. {only}" if only is not None else _HEADINGS[2]
        self._table.setHorizontalHeaderLabels([_HEADINGS[0], _HEADINGS[1], heading, _HEADINGS[3]])
        self._table.fit()
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        """Write the numbers with as many digits as there is room for."""
        for row, one in enumerate(self._watched):
            self._put(row, 0, self._name(one.watch), one)
        self._table.resizeColumnToContents(0)
        for row, one in enumerate(self._watched):
            for column, part in enumerate((one.now, one.before, one.change), 1):
                text = "–" if part is None else in_cell(part, min(self._table.characters(column), _DIGITS)) or "…"
                item = self._put(row, column, text, one)
                item.setToolTip("" if part is None else self._tip(column, part, one))
                changed = column == 3 and part is not None and part != 0
                tone = Tone.ACCENT if changed else Tone.TEXT if part is not None else Tone.FAINT
                item.setForeground(self._theme.color(tone))

    def _tip(self, column: int, part: float, one: Watched) -> str:
        since = f" in iteration {one.since:,}" if one.since is not None and column == 2 else ""
        return f"{number(part, 8)}{since}"

    def show_breakpoints(self, breakpoints: Iterable[tuple[Breakpoint, bool]]) -> None:
        """Show where the run halts, and whether it does."""
        self._list.blockSignals(True)
        self._list.clear()
        for one, on in breakpoints:
            fits = self._program is not None and one.fits(self._program)
            text = one.text(self._program, self._notation) if self._program and fits else "not in this network"
            item = QListWidgetItem(text)
            item.setData(_ITEM, one)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            item.setToolTip(f"Halts {text}. Delete removes it.")
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._list.setVisible(self._list.count() > 0)
        self._list.updateGeometry()

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._table.verticalHeader().setDefaultSectionSize(round(1.7 * em))
        self._table.fit()

    def set_theme(self, theme: Theme) -> None:
        """Write what has changed in the colours of a theme."""
        self._theme = theme
        self._write()

    @property
    def target(self) -> Watch | None:
        """What the place suggests to watch."""
        return self._target

    @property
    def choices(self) -> tuple[str, ...]:
        """Where the run can be told to halt."""
        return tuple(self._kind.itemText(place) for place in range(self._kind.count()))

    def _offer(self, frame: Frame, target: Watch) -> None:
        """Offer the breakpoints that a place suggests; the kind that was chosen stays."""
        chosen, name = self._kind.currentIndex(), self._name(target)
        self._kind.clear()
        self._kind.addItem(f"at the step of {self._name(Watch(target.key))}")
        for side in Side:
            self._kind.addItem(f"where {name} is {side}")
        if target.index is None:
            for place, side in enumerate(Side, 1):
                self._kind.setItemText(place, f"where a cell of {name} is {side}")
        if frame.program.gradients:
            self._kind.addItem("where the norm of all gradients is above")
            if self._parameter(target.key):
                self._kind.addItem(f"where the norm of {self._name(Watch(target.key))} is above")
        self._kind.setCurrentIndex(max(min(chosen, self._kind.count() - 1), 0))
        self._show_number()

    def _parameter(self, key: str) -> str | None:
        """Return the parameter that a value is the gradient of."""
        assert self._program is not None
        return next((name for name, gradient in self._program.gradients.items() if gradient == key), None)

    def _made(self) -> Breakpoint | None:
        """Return what has been chosen."""
        target, number = self._target, float(self._number.value())
        if target is None:
            return None
        match self._kind.currentIndex():
            case 0:
                return AtStep(target.key)
            case 1 | 2 as side:
                return AtNumber(target.key, target.index, list(Side)[side - 1], number)
            case 3:
                return AtNorm(number)
        return AtNorm(number, self._parameter(target.key))

    def _ask(self) -> None:
        """Ask for the breakpoint, or say beside the number why it cannot be."""
        try:
            made = self._made()
        except ValueError as error:
            self._number.refuse(self._number.text(), str(error))
            return
        if made is not None:
            self.breakpoint_requested.emit(made)

    def _show_number(self) -> None:
        self._number.setVisible(self._kind.currentIndex() > 0)

    def _name(self, watch: Watch) -> str:
        """Return what a person calls what is watched: ``w₁[2, 3]``, or ``‖w₁‖`` for the norm of all cells."""
        program = self._program
        if program is None or watch.key not in program.values:
            return watch.key
        name = plain(symbol(program, program.values[watch.key], self._notation))
        if watch.index is None:
            return name
        return f"{name}[{', '.join(map(str, watch.index))}]" if watch.index else name

    def _put(self, row: int, column: int, text: str, one: Watched) -> QTableWidgetItem:
        item = self._table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self._table.setItem(row, column, item)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if column:
            item.setTextAlignment(right)
        elif one.watch.index is None and self._has_many(one.watch.key):
            text = f"‖{text}‖"
            item.setToolTip("The norm: the square root of the sum of the squares of all cells. Delete stops watching.")
        else:
            item.setToolTip("Double-click goes to its step; Delete stops watching.")
        if item.text() != text:
            item.setText(text)
        return item

    def _has_many(self, key: str) -> bool:
        """Tell whether a value has more than one cell; the forward pass alone may not have it."""
        value = None if self._program is None else self._program.values.get(key)
        return value is not None and prod(value.shape) > 1

    def _lay_out(self) -> None:
        for control in (self._watch, self._add):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._watch.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._kind.setAccessibleName("Where the run halts")
        self._kind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        about = QLabel("Playing and training halt where a number is NaN or infinite, and")
        about.setObjectName("about")
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        column.addWidget(self._watch)
        column.addWidget(self._table)
        column.addWidget(about)
        column.addWidget(self._list)
        row = QGridLayout()
        row.setSpacing(6)
        row.addWidget(self._kind, 0, 0, 1, 2)
        row.addWidget(self._number, 1, 0)
        row.addWidget(self._add, 1, 1)
        row.setColumnStretch(0, 1)
        column.addLayout(row)
        column.addStretch(1)
        self._table.hide()
        self._list.hide()

    def _connect_signals(self) -> None:
        self._watch.clicked.connect(self._ask_watch)
        self._add.clicked.connect(self._ask)
        self._kind.currentIndexChanged.connect(self._show_number)
        self._list.itemChanged.connect(self._ask_switch)
        self._list.deleted.connect(self._ask_removal)
        self._table.deleted.connect(self._ask_unwatch)
        self._table.cellDoubleClicked.connect(self._ask_value)

    def _ask_watch(self) -> None:
        if self._target is not None:
            self.watch_requested.emit(self._target)

    def _ask_unwatch(self, row: int) -> None:
        self.unwatch_requested.emit(self._watched[row].watch)

    def _ask_value(self, row: int) -> None:
        self.value_requested.emit(self._watched[row].watch.key)

    def _ask_switch(self, item: QListWidgetItem) -> None:
        self.breakpoint_switched.emit(item.data(_ITEM), item.checkState() is Qt.CheckState.Checked)

    def _ask_removal(self, row: int) -> None:
        self.breakpoint_removed.emit(self._list.item(row).data(_ITEM))


class _Removing:
    """What a table and a list have in common in which Delete removes the current row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        assert isinstance(self, _Table | _List)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.deleted.emit(self.currentRow())
        else:
            super().keyPressEvent(event)  # type: ignore[misc]  # that of the table or the list


class _Table(_Removing, QTableWidget):
    """A table as high as its rows, in which Delete removes one."""

    deleted = Signal(int)

    def __init__(self) -> None:
        super().__init__(0, len(_HEADINGS))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Watched numbers")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def characters(self, column: int) -> int:
        """Return how many characters a column has room for."""
        return (self.columnWidth(column) - _CELL_MARGINS) // max(self.fontMetrics().horizontalAdvance("0"), 1)

    def fit(self) -> None:
        """Be as high as the rows."""
        rows = self.rowCount() * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 4)


class _List(_Removing, QListWidget):
    """A list as high as its lines, in which Delete removes one."""

    deleted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Breakpoints")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        rows = sum(self.sizeHintForRow(row) for row in range(self.count()))
        return QSize(100, rows + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())


def _target(frame: Frame, focus: Focus | None) -> Watch:
    """Return what a place suggests to watch: the focused cell, or what the step has made."""
    if focus is not None and focus.key in frame.program.values:
        return Watch(focus.key, focus.index)
    return Watch(frame.step.output.key)
