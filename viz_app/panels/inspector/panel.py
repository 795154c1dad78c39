"""The inspector: one cell, where it came from and what it reaches."""

from html import escape

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.notation import equation, plain, symbol
from core.run.gradcheck import Check
from core.wording import counted
from viz_app.frame.frame import CellDetail, Focus, Frame
from viz_app.frame.words.live import COVERED
from viz_app.frame.words.numbers import number, place
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.inspector.kept import kept_text
from viz_app.panels.inspector.terms import TermsTable, shared
from viz_app.panels.inspector.terms_model import TermsModel
from viz_app.widgets.icons import icon
from viz_app.widgets.texts.code import CodeLabel
from viz_app.widgets.texts.disclosure import Disclosure

_ROOM_FOR_REASON = 30
"""The least height of the panel, in em, at which the reason of a step stays open by itself."""
_CHARACTERS = 5
"""So many characters of a number go before the whole of a heading."""
_CELL_MARGINS = 8
"""The pixels beside a number in the table."""


class _Table(QTableView):
    """A table that says when it has another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class InspectorPanel(QWidget):
    """Tell of the focused cell of a frame; of the step where none is focused."""

    cell_open_requested = Signal(str, object)
    reach_requested = Signal(int)
    gradient_check_requested = Signal(str, object)
    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._checked: Focus | None = None
        self._theme = LIGHT
        self._name, self._value = _label("name"), _label("value")
        self._about, self._live = _label("about"), _label("live")
        self._origin, self._reached, self._kept = _links(), _links(), _links()
        self._source, self._line = CodeLabel("source"), ""
        self._copy = QToolButton(autoRaise=True)
        self._reason = Disclosure("Why this step?")
        self._largest = QCheckBox("Largest first")
        self._model = TermsModel(self)
        self._table = self._make_table()
        self._check = QPushButton("Check the gradient")
        self._check.setToolTip("Compare with the central difference of the loss, in float64")
        self._check_result = _label("check")
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._lay_out()
        self._connect_signals()

    def show_frame(self, frame: Frame) -> None:
        """Tell of the focused cell of a frame."""
        self._frame = frame
        detail = frame.detail
        self._show_source(frame)
        self._reason.set_text(frame.reason)
        self._kept.setText(kept_text(frame))
        if detail is None:
            self._show_step(frame)
        else:
            self._show_cell(frame, detail)
        self._show_terms()
        if detail is None or detail.focus != self._checked:
            self._checked = None
            _empty(self._check_result)

    def show_check(self, check: Check) -> None:
        """Tell how a gradient compares with the central difference."""
        if self._frame is None or self._frame.detail is None:
            return
        self._checked = self._frame.detail.focus
        self._check_result.setText(
            f"gradient {number(check.gradient, 8)}\ndifference {number(check.difference, 8)}\n"
            f"relative error {number(check.error, 2)} (float64)"
        )

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self._model.set_theme(theme)
        self._copy.setIcon(icon("copy", theme))
        if self._frame is not None:
            self.show_frame(self._frame)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._reason.set_needed(_ROOM_FOR_REASON * em)
        self._source.set_text(self._line)
        self._table.verticalHeader().setDefaultSectionSize(round(1.65 * em))
        self._show_terms()

    @property
    def reason(self) -> Disclosure:
        """What tells why the step is there, and can be opened."""
        return self._reason

    @property
    def terms(self) -> TermsTable | None:
        """The table that is shown."""
        return self._model.table

    def _show_step(self, frame: Frame) -> None:
        self._name.setText(frame.title)
        self._value.setText(frame.result.shape_text)
        self._about.setText(frame.equation_text)
        _empty(self._origin, self._reached)
        self._origin.hide()
        self._live.hide()
        self._check.hide()

    def _show_cell(self, frame: Frame, detail: CellDetail) -> None:
        self._name.setText(f"{detail.view.name}{place(detail.focus.index)}")
        unknown = COVERED if detail.covered else "not computed yet"
        self._value.setText(unknown if detail.number is None else number(detail.number, 8))
        self._about.setText(_about(detail))
        self._live.setText(detail.live)
        self._live.setVisible(bool(detail.live))
        self._origin.setText(_origin(frame, detail))
        self._origin.show()
        self._reached.setText(_reached(frame, detail))
        self._check.setVisible(frame.checkable)

    def _show_source(self, frame: Frame) -> None:
        self._line = (frame.detail.source if frame.detail else "") or frame.source
        self._source.set_text(self._line)

    def _show_terms(self) -> None:
        detail = self._frame.detail if self._frame else None
        table = None
        if detail is not None and detail.terms is not None:
            table = TermsTable(detail.terms, detail.term_names, self._largest.isChecked())
        self._model.set_table(table)
        if table is not None:
            self._fit_table(table)
        self._table.setVisible(table is not None)
        self._largest.setVisible(table is not None and table.rows > 1)

    def _fit_table(self, table: TermsTable) -> None:
        """Make the table no higher than its rows."""
        header, line = self._table.horizontalHeader(), self._table.verticalHeader().defaultSectionSize()
        self._table.setMaximumHeight(header.sizeHint().height() + table.rows * line + 8)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Let headings and numbers have the characters that there is room for.

        A column that only numbers the terms is no wider than those; the others are as wide as each other, but where the
        heading of one needs more. Where the headings have no room they are said in short.
        """
        table, header = self._model.table, self._table.horizontalHeader()
        if table is None:
            return
        letter, room = self._table.fontMetrics().horizontalAdvance("0"), self._table.viewport().width()
        counted = letter * len(table.longest_label()) + _CELL_MARGINS
        counted = max(counted, header.minimumSectionSize()) if table.headings[0] == "k" else 0
        least = letter * _CHARACTERS + _CELL_MARGINS
        for short in (False, True):
            self._model.set_short(short)
            named = letter * len(table.longest_label(short=short)) + _CELL_MARGINS
            needed = [max(header.sectionSizeHint(column), least) for column in range(bool(counted), header.count())]
            needed[0] = needed[0] if counted else max(needed[0], named)
            if sum(needed) <= room - counted:
                break
        widths = shared(room - counted, needed, least)
        for column, width in enumerate([counted, *widths] if counted else widths):
            header.resizeSection(column, width)
        self._model.set_characters((min(widths) - _CELL_MARGINS) // letter)

    def _copy_source(self) -> None:
        QGuiApplication.clipboard().setText(self._line)

    def _ask_origin(self) -> None:
        if self._frame is not None and self._frame.detail is not None:
            focus = self._frame.detail.focus
            self.cell_open_requested.emit(focus.key, focus.index)

    def _ask_reach(self, step: str) -> None:
        self.reach_requested.emit(int(step))

    def _ask_step(self, step: str) -> None:
        self.step_requested.emit(int(step))

    def _ask_check(self) -> None:
        if self._frame is not None and self._frame.detail is not None:
            focus = self._frame.detail.focus
            self.gradient_check_requested.emit(focus.key, focus.index)

    def _ask_term(self, index: QModelIndex) -> None:
        """Ask for the input cell that was double-clicked."""
        table = self._model.table
        source = table.source(index.row(), index.column()) if table else None
        if source is not None and self._frame is not None and self._frame.detail is not None:
            origin = self._frame.detail.origin
            assert origin is not None
            self.cell_open_requested.emit(origin.inputs[source.input].key, source.index)

    def _make_table(self) -> _Table:
        table = _Table()
        table.setModel(self._model)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the end of a name tells it from others
        table.setAccessibleName("Where the cell came from")
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setWordWrap(False)
        table.horizontalHeader().setMinimumSectionSize(24)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        for widget in (self._name, self._value, self._about, self._live, self._origin):
            column.addWidget(widget)
        column.addWidget(self._largest, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._table, 1)
        column.addWidget(self._reason)
        source, heading = QHBoxLayout(), QLabel("The same in NumPy")
        heading.setObjectName("about")
        source.addWidget(heading, 1)
        source.addWidget(self._copy)
        column.addLayout(source)
        below: tuple[QWidget, ...] = (self._source, self._reached, self._kept, self._check, self._check_result)
        for part in below:
            column.addWidget(part)
        column.addStretch(0)
        buttons: tuple[QWidget, ...] = (self._copy, self._largest, self._check)
        for button in buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.setToolTip("Copy the NumPy, ready to be pasted and run")
        self._check.hide()

    def _connect_signals(self) -> None:
        self._copy.clicked.connect(self._copy_source)
        self._largest.toggled.connect(self._show_terms)
        self._check.clicked.connect(self._ask_check)
        self._origin.linkActivated.connect(self._ask_origin)
        self._reached.linkActivated.connect(self._ask_reach)
        self._kept.linkActivated.connect(self._ask_step)
        self._table.doubleClicked.connect(self._ask_term)
        self._table.resized.connect(self._fit_columns)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _empty(*labels: QLabel) -> None:
    """Take the text of labels away; one that has none would be painted again."""
    for label in labels:
        if label.text():
            label.clear()


def _links() -> QLabel:
    label = _label("links")
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
    return label


def _about(detail: CellDetail) -> str:
    """Return the shape, and the names of the cell's row and column where they have names."""
    view, index = detail.view, detail.focus.index
    parts = [view.shape_text, view.note] if view.note else [view.shape_text]
    for axis, place_ in enumerate(index):
        if names := view.names(axis, index[0] if len(index) > 2 else 0):
            what = {2: "row", 1: "column"}.get(len(index) - axis, "token") if len(index) > 1 else "place"
            parts.append(f"{what} “{names[place_]}”")
    if detail.hidden:
        parts.append("hidden by the mask")
    return " · ".join(parts)


def _origin(frame: Frame, detail: CellDetail) -> str:
    if detail.origin is not None:
        text = plain(equation(frame.program, detail.origin, frame.options.notation))
        return f'Made by <a href="origin">step {detail.origin.number}</a>: {escape(text)}'
    if detail.focus.key in frame.program.updates and frame.cursor.iteration > 0:
        return f'Made by <a href="origin">the update of iteration {frame.cursor.iteration - 1}</a>'
    return f"{detail.view.value.role.value.capitalize()}: no step made it"


def _reached(frame: Frame, detail: CellDetail) -> str:
    """Return a line for each step that reads the cell: how many cells of its output it reaches."""
    lines = []
    for step, count in detail.reached:
        name = plain(symbol(frame.program, step.output, frame.options.notation))
        lines.append(f'{counted(count, "cell")} of {escape(name)} (<a href="{step.number}">step {step.number}</a>)')
    return "Reaches " + "<br>".join(lines) if lines else "Reaches nothing more"
