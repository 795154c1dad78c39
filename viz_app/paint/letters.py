"""Paint a text as a thumbnail: its characters in rows, each in a cell of its own."""

from math import ceil, sqrt

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone

_LETTER = 0.8
"""The size of a letter, as a share of its cell."""


def paint_text(painter: QPainter, text: str, box: QRectF, theme: Theme) -> None:
    """Paint a text into a box, as near to a square of letters as it goes."""
    columns = ceil(sqrt(len(text)))
    rows = ceil(len(text) / columns)
    side = min(box.width() / columns, box.height() / rows)
    left = box.x() + (box.width() - columns * side) / 2
    top = box.y() + (box.height() - rows * side) / 2
    painter.save()
    painter.fillRect(box, QColor(theme.base))
    font = QFont(painter.font())
    font.setPixelSize(max(round(_LETTER * side), 1))
    painter.setFont(font)
    painter.setPen(theme.color(Tone.TEXT))
    for place, letter in enumerate(text):
        row, column = divmod(place, columns)
        cell = QRectF(left + column * side, top + row * side, side, side)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()
