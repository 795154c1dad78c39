"""The list of layers: rows, with the shapes between them; rows are dragged to other places."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.editing import Part
from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.editor.content import Shown
from viz_app.panels.editor.desk import Desk
from viz_app.panels.editor.edge import Edge, shape_words
from viz_app.panels.editor.row import LayerRow
from viz_app.widgets.layouts.deferred import Nearness

_ROW, _EDGE = 5.0, 2.0
"""The room that is kept for a row and for an edge that were never made, in sizes of the text."""
_FIRST = 4
"""So many rows have their widgets from the start."""


class LayerList(QWidget):
    """The layers of a draft, one below the other.

    Rows are kept as long as their layers are there, so that whoever types in one goes on doing so. Rows and edges have
    their widgets while they are near what is seen, or in use.

    Parameters
    ----------
    area : QScrollArea
        What it is scrolled in.
    """

    changed = Signal(int, str, object)
    unreadable = Signal(int, str, str)
    asked = Signal(int, str)
    moved = Signal(int, int)
    """The mark of the layer that was dragged, and how many others come before it now."""
    add_requested = Signal(int, object)
    dragged = Signal(int)
    """How far down the list a row is dragged."""
    filled = Signal(object)
    """The row whose widgets were made."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__()
        self._theme, self._em = LIGHT, 13.0
        self._rows: dict[int, LayerRow] = {}
        self._order: list[int] = []
        self._edges: list[Edge] = []
        self._goal: int | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 4)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._line = QFrame(self)
        self._line.setObjectName("drop")
        self._line.hide()
        self._nearness = Nearness(area, self, self._parts)

    @property
    def rows(self) -> Sequence[LayerRow]:
        """The rows, in order."""
        return [self._rows[mark] for mark in self._order]

    @property
    def edges(self) -> Sequence[Edge]:
        """The edges, in order: one before every row, and one after the last."""
        return self._edges

    @property
    def busy(self) -> bool:
        """Whether widgets are still to be made or dropped."""
        return self._nearness.busy

    def show_desk(self, desk: Desk) -> None:
        """Show the layers of a draft."""
        parts = desk.draft.parts
        marks = [part.mark for part in parts]
        if marks != self._order:
            self._arrange(parts, marks)
        about = zip(parts, desk.report.parts, desk.keeping, strict=True)
        for number, (part, found, keeping) in enumerate(about, 1):
            shown = Shown(number, len(parts), part, found, keeping, desk.unread_of(part.mark))
            self._rows[part.mark].show_layer(shown)
        self._show_edges(desk)
        if not any(row.made for row in self._rows.values()):
            self._fill_first()
        self._nearness.look()

    def row_of(self, widget: QWidget | None) -> LayerRow | None:
        """Return the row that a widget is in."""
        while widget is not None and widget is not self:
            if isinstance(widget, LayerRow):
                return widget
            widget = widget.parentWidget()
        return None

    def forget(self) -> None:
        """Show the last good values instead of what cannot be read."""
        for row in self._rows.values():
            row.forget()

    def clear(self) -> None:
        """Drop all rows and edges; they are made anew when a draft is shown."""
        self._give_up()
        for part in self._parts():
            _discard(part)
        self._rows, self._edges, self._order = {}, [], []

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for row in self._rows.values():
            row.set_theme(theme)
        for edge in self._edges:
            edge.set_theme(theme)

    def set_em(self, em: float) -> None:
        """Take another size of text, in pixels."""
        self._em = em
        for row in self._rows.values():
            row.set_em(em)
        for edge in self._edges:
            edge.set_em(em)

    # Rows and edges

    def _arrange(self, parts: Sequence[Part], marks: list[int]) -> None:
        """Make and drop what has to be, and put all of it in order."""
        self._give_up()
        for mark in [mark for mark in self._rows if mark not in marks]:
            _discard(self._rows.pop(mark))
        for part in parts:
            if part.mark not in self._rows:
                self._rows[part.mark] = self._new_row(part)
        while len(self._edges) <= len(marks):
            self._edges.append(self._new_edge(len(self._edges)))
        while len(self._edges) > len(marks) + 1:
            _discard(self._edges.pop())
        self._order = marks
        self._put_in_order()

    def _put_in_order(self) -> None:
        """Put rows and edges below each other; the keyboard comes by in the same order."""
        for place, widget in enumerate(self._parts()):
            if self._column.indexOf(widget) != place:
                self._column.removeWidget(widget)
                self._column.insertWidget(place, widget)
        self._put_stops_in_order()

    def _put_stops_in_order(self) -> None:
        """Let the keyboard come by what is there from the top to the bottom."""
        stops: list[QWidget] = []
        for part in self._parts():
            if isinstance(part, LayerRow) and part.made is not None:
                stops += part.stops
            elif isinstance(part, Edge) and part.made is not None:
                stops.append(part.add)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _parts(self) -> Sequence[LayerRow | Edge]:
        """Return edges and rows as they stand below each other."""
        if not self._order:
            return []
        below = zip(self.rows, self._edges[1:], strict=True)
        return [self._edges[0], *(part for pair in below for part in pair)]

    def _fill_first(self) -> None:
        """Make the widgets that a person sees first; nothing is laid out yet."""
        for part in self._parts()[: 2 * _FIRST]:
            _ = part.content

    def _take_filled(self) -> None:
        part = self.sender()
        self._put_stops_in_order()
        if isinstance(part, LayerRow):
            handle = part.handle
            handle.dragged.connect(self._drag)
            handle.dropped.connect(self._drop)
            handle.gave_up.connect(self._give_up)
            self.filled.emit(part)

    def _new_row(self, part: Part) -> LayerRow:
        row = LayerRow(part)
        row.set_theme(self._theme)
        row.set_em(self._em)
        row.changed.connect(self.changed)
        row.unreadable.connect(self.unreadable)
        row.asked.connect(self.asked)
        row.filled.connect(self._take_filled)
        row.keep_room(round(_ROW * self._em))
        return row

    def _new_edge(self, place: int) -> Edge:
        edge = Edge(place)
        edge.set_theme(self._theme)
        edge.set_em(self._em)
        edge.add_requested.connect(self.add_requested)
        edge.filled.connect(self._take_filled)
        edge.keep_room(round(_EDGE * self._em))
        return edge

    def _show_edges(self, desk: Desk) -> None:
        given, report = desk.draft.network.input, desk.report
        words, tip = shape_words(given.shape, given.axes)
        self._edges[0].show_shape(f"{words} from the data", tip)
        for edge, found in zip(self._edges[1:], report.parts, strict=True):
            words, tip = shape_words(found.shape, found.axes)
            broken = bool(found.error)
            edge.show_shape("does not fit" if broken else words, found.error or tip, broken=broken)

    # Dragging

    def _drag(self, y: int) -> None:
        """Show where the row that is dragged would be put."""
        here = self.mapFromGlobal(QPoint(0, y)).y()
        dragged = self._dragged()
        others = [row for place, row in enumerate(self.rows) if place != dragged]
        self._goal = sum(row.geometry().center().y() < here for row in others)
        place = self._goal + (self._goal > dragged)
        edge = self._edges[place].geometry()
        self._line.setGeometry(edge.left(), edge.center().y() - 1, edge.width(), 3)
        self._line.show()
        self._line.raise_()
        self.dragged.emit(here)

    def _dragged(self) -> int:
        handle = self.sender()
        return next(place for place, row in enumerate(self.rows) if row.made and row.handle is handle)

    def _drop(self) -> None:
        place, goal = self._dragged(), self._goal
        self._give_up()
        if goal is not None and goal != place:
            self.moved.emit(self._order[place], goal)

    def _give_up(self) -> None:
        self._goal = None
        self._line.hide()


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
