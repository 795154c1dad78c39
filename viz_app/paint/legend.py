"""Paint the colour bar of a map from the very table that colours the map."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from viz_app.frame.levels import Levels, MapKind
from viz_app.frame.words.numbers import number
from viz_app.frame.words.writing import Writing, current_writing
from viz_app.paint.colors import LAST, table
from viz_app.paint.device import device_rect, draw_cells, painting_device_pixels
from viz_app.paint.text import paint_text
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Align, Legend, Rect, Text, Tone
from viz_app.picture.typeset import text_width

_TEXT_SIZE = 0.72


def paint_legend(painter: QPainter, legend: Legend, theme: Theme, em: float) -> None:
    """Paint the bar, and below it the numbers at its ends, and 0 in the middle for signed data."""
    room = legend.rect
    text_height = min(_TEXT_SIZE * em * 1.3, room.height * 0.62)
    bar = Rect(room.x, room.y, room.width, max(room.height - text_height - 2, 3))
    _paint_bar(painter, bar, legend.levels, theme)
    below = Rect(room.x, room.bottom - text_height, room.width, text_height)
    size = text_height / 1.3 / em
    for text in _labels(legend.levels, below, size, em, current_writing()):
        paint_text(painter, text, theme, em)


@lru_cache(maxsize=512)
def _labels(levels: Levels, room: Rect, size: float, em: float, writing: Writing) -> tuple[Text, ...]:
    """Return the numbers, written as they are now, and their places; the 0 goes where there is no room for three."""
    pixel_size = size * em
    low, high = (number(end, 3) for end in (levels.low, levels.high))
    gap = pixel_size * 0.5
    ends = [text_width(written, pixel_size) for written in (low, high)]
    both = room.width - gap
    left = both / 2 if max(ends) <= both / 2 else both * ends[0] / sum(ends)  # the longer one takes what it needs
    labels = [
        (Align.LEFT, low, Rect(room.x, room.y, left, room.height)),
        (Align.RIGHT, high, Rect(room.right - both + left, room.y, both - left, room.height)),
    ]
    zero = text_width("0", pixel_size)
    if levels.kind is MapKind.DIVERGING and max(ends) + gap + zero / 2 <= room.width / 2:
        labels.append((Align.CENTER, "0", Rect(room.center[0] - zero, room.y, 2 * zero, room.height)))
    return tuple(Text(slot, written, size, Tone.MUTED, align) for align, written, slot in labels)


def _paint_bar(painter: QPainter, bar: Rect, levels: Levels, theme: Theme) -> None:
    target = device_rect(painter, bar)
    with painting_device_pixels(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        draw_cells(painter, target, _bar(theme, levels.kind))
        painter.setPen(QColor(theme.tones[Tone.FAINT]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(target.adjusted(0, 0, -1, -1))


@lru_cache(maxsize=16)
def _bar(theme: Theme, kind: MapKind) -> QImage:
    colors = np.ascontiguousarray(table(theme, kind)[: LAST + 1])
    return QImage(colors.data, len(colors), 1, colors.nbytes, QImage.Format.Format_RGB32).copy()
