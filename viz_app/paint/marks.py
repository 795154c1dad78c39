"""Outline the cells that are lit, so that it shows on every colour."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from viz_app.frame.frame import Mark
from viz_app.paint.cells import Cells
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap, Tone

_ORDER = {Mark.REACHED: 0, Mark.FIRST: 1, Mark.SECOND: 2, Mark.PARTNER: 3, Mark.SELECTED: 4}
_TONES = {
    Mark.REACHED: Tone.REACHED,
    Mark.FIRST: Tone.FIRST,
    Mark.SECOND: Tone.SECOND,
    Mark.PARTNER: Tone.SELECTED,
    Mark.SELECTED: Tone.SELECTED,
}
_MOST_BOXES = 3000
_INSIDE_FROM = 7
"""Blocks have their lines inside from so many pixels on; thinner ones would be nothing but lines."""


def paint_marks(painter: QPainter, heatmap: Heatmap, theme: Theme, cells: Cells, em: float, ratio: float) -> None:
    """Paint a line in the mark's colour around each block of lit cells, beside one in the ground's colour.

    The lines lie inside the block, so that no neighbour is covered; only those of a block that is too thin to show
    anything between them lie around it.
    """
    if not heatmap.map.marks:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    base, thin = QColor(theme.base), max(1, round(ratio))
    for mark, indices in sorted(heatmap.map.marks, key=lambda pair: _ORDER[pair[0]]):
        color = theme.color(_TONES[mark])
        for box in (cells.box(*box) for box in heatmap.grid.boxes(indices)[:_MOST_BOXES]):
            side = min(box.width(), box.height())
            wide = round(1.5 * ratio) if heatmap.compact else _width(side, cells, em, ratio)
            if side >= _INSIDE_FROM * ratio:
                _frame(painter, box, color, wide)
                _frame(painter, _inset(box, wide), base, thin)
            else:
                around = _inset(_grown(box, 2 * wide - 2 * thin), -wide - thin)
                _frame(painter, around, base, wide + 2 * thin)
                _frame(painter, _inset(around, thin), color, wide)


def _width(side: int, cells: Cells, em: float, ratio: float) -> int:
    """Return how wide a line is: large text asks for strong lines, where there is room beside the numbers."""
    return round(max(2 * ratio, min(0.13 * em, min(cells.width, cells.height, side) / 12)))


def _grown(box: QRect, least: int) -> QRect:
    """Return a block with more room where it is too thin to be seen."""
    across, down = (max(0, (least - side + 1) // 2) for side in (box.width(), box.height()))
    return box.adjusted(-across, -down, across, down)


def _inset(box: QRect, by: int) -> QRect:
    return box.adjusted(by, by, -by, -by)


def _frame(painter: QPainter, box: QRect, color: QColor, width: int) -> None:
    """Paint a line of a width along the inside of a rectangle."""
    if 2 * width >= min(box.width(), box.height()):
        painter.fillRect(box, color)
        return
    inner = _inset(box, width)
    painter.fillRect(QRect(box.x(), box.y(), box.width(), width), color)
    painter.fillRect(QRect(box.x(), inner.y() + inner.height(), box.width(), width), color)
    painter.fillRect(QRect(box.x(), inner.y(), width, inner.height()), color)
    painter.fillRect(QRect(inner.x() + inner.width(), inner.y(), width, inner.height()), color)
