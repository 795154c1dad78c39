"""Stand cards of one width beside each other, as many as there is room for, in rows of equal height."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

_GAP = 10


class CardGrid(QWidget):
    """Cards in the order of reading; their number in a row follows the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: Sequence[QWidget] = ()
        self._columns, self._least = 1, 200
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)

    @property
    def columns(self) -> int:
        """How many cards stand in a row."""
        return self._columns

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Stand these cards there; others that were there are hidden."""
        if list(cards) == list(self._cards):
            return
        for card in self._cards:
            if card not in cards:
                card.hide()
        self._cards = list(cards)
        self._arrange()

    def set_least_width(self, least: int) -> None:
        """Let no card be narrower, in pixels, unless the whole is."""
        self._least = least
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting != self._columns:
            self._arrange()

    @property
    def _fitting(self) -> int:
        return max(1, (self.width() + _GAP) // (self._least + _GAP))

    def _arrange(self) -> None:
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        while (item := self._grid.itemAt(0)) is not None and (card := item.widget()) is not None:
            self._grid.removeWidget(card)  # an item that is only taken stays, and with it what it remembers
        self._columns = self._fitting
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        # The rest goes below the last row: an aligned layout would be no higher than its hint, and cut text that wraps.
        self._grid.setRowStretch(-(-len(self._cards) // self._columns), 1)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, *divmod(number, self._columns))
            card.show()
