"""Show lines of code: a line that is too long goes on below, further in than it began."""

import re
from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

_LONGEST = 24
"""Words of code that are longer can be broken."""
_BREAKS = re.compile(r"(?<=[.(\[,_])")
_HANGING = 2
"""How much further in a line goes on, in letters."""
_LEAST = 8
"""No row of a line has room for fewer letters, however far in it begins."""

Row = tuple[int, str]
"""How far in it begins, in letters, and what stands there."""


class CodeLabel(QLabel):
    """Some lines of code, as wide as there is room, in letters that are all equally wide.

    Qt's own layout of a page of code takes 20 to 80 ms, which is felt at every step; letters can be counted.

    Parameters
    ----------
    name : str
        What the style sheet calls it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # It cannot be marked, since what would be copied has other breaks.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._rows: dict[int, list[Row]] = {}

    def set_text(self, code: str) -> None:
        """Show other code."""
        self._rows = {}
        self.setText(code)

    def rows(self, width: int) -> list[Row]:
        """Return what stands below each other in a width in pixels."""
        letters = int(width / self._metrics().horizontalAdvance("0"))
        if letters not in self._rows:
            self._rows[letters] = [row for line in self.text().split("\n") for row in _rows(line, letters)]
        return self._rows[letters]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return len(self.rows(width)) * self._spacing()

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics, seen = QPainter(self), self._metrics(), event.rect()
        painter.setPen(self.palette().color(self.foregroundRole()))
        letter, spacing = metrics.horizontalAdvance("0"), self._spacing()
        for number, (indent, text) in enumerate(self.rows(self.width())):
            top = number * spacing
            if top + spacing >= seen.top() and top <= seen.bottom():
                painter.drawText(QPointF(indent * letter, top + metrics.ascent()), text)
        painter.end()

    def _spacing(self) -> int:
        """Return the height of a row."""
        return ceil(1.15 * self._metrics().lineSpacing())

    def _metrics(self) -> QFontMetricsF:
        self.ensurePolished()
        return QFontMetricsF(self.font())


def _rows(line: str, letters: int) -> Iterator[Row]:
    """Yield the rows of a line where there is room for so many letters."""
    code = line.lstrip(" ")
    indent, row = len(line) - len(code), ""
    for piece in _pieces(code):
        room = max(letters - indent, _LEAST)
        if row and len(row) + len(piece.rstrip(" ")) > room:
            yield indent, row.rstrip(" ")
            indent, row = len(line) - len(code) + _HANGING, ""
            room = max(letters - indent, _LEAST)
        row += piece
        while len(row.rstrip(" ")) > room:
            yield indent, row[:room]
            indent, row = len(line) - len(code) + _HANGING, row[room:]
            room = max(letters - indent, _LEAST)
    yield indent, row.rstrip(" ")


def _pieces(code: str) -> Iterator[str]:
    """Yield what is not broken: words with the spaces behind them, and parts of long names and calls."""
    for word in re.findall(r"[^ ]+ *", code):
        yield from _BREAKS.split(word) if len(word.rstrip(" ")) > _LONGEST else (word,)
