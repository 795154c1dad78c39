"""Give a table of terms to Qt's views: rows are asked for when they are shown."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viz_app.paint.theme import LIGHT, Theme
from viz_app.panels.inspector.terms import TermsTable
from viz_app.picture.elements import Tone

_Place = QModelIndex | QPersistentModelIndex
WIDEST, NARROWEST = 7, 3
"""The most characters of a number in a wide column, and in the narrowest."""
_TONES = (Tone.FIRST, Tone.SECOND)


class TermsModel(QAbstractTableModel):
    """The rows of a TermsTable; the factors have the colours that highlight their cells on the stage."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: TermsTable | None = None
        self._theme = LIGHT
        self._characters, self._short = WIDEST, False

    @property
    def table(self) -> TermsTable | None:
        """What is shown."""
        return self._table

    def set_table(self, table: TermsTable | None) -> None:
        """Show another table, or none."""
        if table is self._table:
            return
        self.beginResetModel()
        self._table = table
        self.endResetModel()

    def set_short(self, short: bool) -> None:
        """Say the headings and the names of cells in short, or in full."""
        if short != self._short:
            self._short = short
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [Qt.ItemDataRole.DisplayRole])

    def set_characters(self, characters: int) -> None:
        """Write numbers with so many characters at most."""
        characters = max(min(characters, WIDEST), NARROWEST)
        if characters != self._characters:
            self._characters = characters
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DisplayRole])

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme

    def rowCount(self, parent: _Place = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self._table is None else self._table.rows

    def columnCount(self, parent: _Place = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self._table is None else len(self._table.headings)

    def data(self, index: _Place, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._table.text(index.row(), index.column(), self._characters, short=self._short)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._table.full(index.row(), index.column()) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self._color(index.column()) if role == Qt.ItemDataRole.ForegroundRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None or orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._table.short_headings if self._short else self._table.headings)[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._table.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self._color(section) if role == Qt.ItemDataRole.ForegroundRole else None

    def _color(self, column: int) -> Any:
        which = self._table.input_of(column) if self._table else None
        return None if which is None else self._theme.color(_TONES[min(which, 1)])
