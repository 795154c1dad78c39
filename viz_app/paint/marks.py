"""Outline the cells that are lit, so that it shows on every colour."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viz_app.frame.frame import Mark
from viz_app.paint.cells import Cells
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap, Tone

_ORDER = {Mark.REACHED: 0, Mark.FIRST: 1, Mark.SECOND: 2, Mark.SELECTED: 3}
_TONES = {
    Mark.REACHED: Tone.REACHED,
    Mark.FIRST: Tone.FIRST,
    Mark.SECOND: Tone.SECOND,
    Mark.SELECTED: Tone.SELECTED,
}
_MOST_BOXES = 3000


def paint_marks(painter: QPainter, heatmap: Heatmap, theme: Theme, cells: Cells, em: float, ratio: float) -> None:
    """Paint a line in the mark's colour around each block of lit cells, between two lines of the ground's colour."""
    if not heatmap.map.marks:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    thick = min(0.13 * em, min(cells.width, cells.height) / 6)  # large text asks for strong lines, where there is room
    width = round(1.5 * ratio) if heatmap.compact else round(max(2 * ratio, thick))
    for mark, indices in sorted(heatmap.map.marks, key=lambda pair: _ORDER[pair[0]]):
        boxes = [_outside(cells.box(*box), width) for box in heatmap.grid.boxes(indices)[:_MOST_BOXES]]
        _draw(painter, boxes, QColor(theme.base), width + 2 * max(1, round(ratio)))
        _draw(painter, boxes, theme.color(_TONES[mark]), width)


def _outside(box: QRect, width: int) -> QRect:
    """Return the rectangle of a line around a block; a block too thin to be seen gets more room."""
    grow_x, grow_y = (max(0, (2 * width - side + 1) // 2) for side in (box.width(), box.height()))
    half = width // 2
    return box.adjusted(-half - grow_x, -half - grow_y, half + grow_x, half + grow_y)


def _draw(painter: QPainter, boxes: list[QRect], color: QColor, width: int) -> None:
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
    painter.drawRects(boxes)
