"""Choose fonts, and make text fit its rectangle."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter

from viz_app.paint.theme import Theme
from viz_app.picture.elements import Align, Text
from viz_app.picture.legible import LEAST

_SIDES = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_ON_A_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine
_LINE = {align: side | _ON_A_LINE for align, side in _SIDES.items()}
_PARAGRAPH = {align: side | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap for align, side in _SIDES.items()}


@lru_cache(maxsize=64)  # Qt keeps the glyphs of every font that is there
def font(pixel_size: int, bold: bool = False, mono: bool = False) -> QFont:
    """Return the application's font, or its companion with figures of one width."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if mono else QFont()
    made.setPixelSize(max(pixel_size, 1))
    made.setBold(bold)
    return made


@lru_cache(maxsize=4096)
def fitted(text: str, width: float, pixel_size: int, bold: bool = False, mono: bool = False) -> tuple[str, int]:
    """Return a line of text and the size at which it fits a width; cut only where it would get too small to read."""
    needed = QFontMetricsF(font(pixel_size, bold, mono)).horizontalAdvance(text)
    if needed <= max(width, 0.0):
        return text, pixel_size
    size = max(min(LEAST, pixel_size), int(pixel_size * width / needed))
    metrics = QFontMetricsF(font(size, bold, mono))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width + 0.5), size


def paint_text(painter: QPainter, text: Text, theme: Theme, em: float) -> None:
    """Paint text in its rectangle, smaller where it would not fit."""
    painter.setPen(theme.color(text.tone))
    room = text.rect
    target = QRectF(room.x, room.y, room.width, room.height)
    wanted = max(1, round(text.size * em))
    if text.wrap:
        painter.setFont(font(_wrapped_size(text.text, room.width, room.height, wanted, text.bold), text.bold))
        painter.drawText(target, _PARAGRAPH[text.align], text.text)
        return
    tallest = min(wanted, max(LEAST, int(room.height / 1.15))) if room.height else wanted
    line, size = fitted(text.text, room.width, tallest, text.bold, text.mono)
    painter.setFont(font(size, text.bold, text.mono))
    painter.drawText(target, _LINE[text.align], line)


@lru_cache(maxsize=1024)
def _wrapped_size(text: str, width: float, height: float, pixel_size: int, bold: bool) -> int:
    """Return the largest size, up to the wanted one, at which a paragraph fits."""
    for size in range(pixel_size, LEAST, -1):
        room = QRectF(0, 0, width, 1e6)
        needed = QFontMetricsF(font(size, bold)).boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        if needed.height() <= height + 1 and needed.width() <= width + 1:
            return size
    return min(LEAST, pixel_size)
