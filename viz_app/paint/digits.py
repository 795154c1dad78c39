"""Write the numbers of cells into them, where they fit."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from viz_app.frame.numbers import in_cell
from viz_app.paint.cells import Cells
from viz_app.paint.colors import bright, codes
from viz_app.paint.raster import unknown
from viz_app.paint.text import font
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap

MOST = 4000
"""More cells than that have no numbers: nobody reads them, and they take time."""
_ADVANCE = 0.62
_LEAST = ((6, 14.0), (5, 11.0), (4, 9.0), (3, 9.0))
"""How many characters a number may have, and the size of type from which on it is worth it."""

_written = lru_cache(maxsize=1 << 16)(in_cell)


def size_of_numbers(width: float, height: float, em: float, ratio: float) -> tuple[int, int] | None:
    """Return the size of type and the characters for cells of a size in pixels; ``None`` where there is no room."""
    most = min(0.5 * height, 1.1 * em)
    for characters, least in _LEAST:
        size = min(most, width / (_ADVANCE * characters + 0.6))
        if size >= least * ratio:
            return int(size), max(characters, min(int(width / size / _ADVANCE - 1), 8))
    return None


def paint_numbers(painter: QPainter, heatmap: Heatmap, theme: Theme, cells: Cells, em: float, ratio: float) -> None:
    """Paint the numbers of the cells that are seen, dark on bright cells and light on dark ones."""
    rows, columns = cells.seen_rows, cells.seen_columns
    fit = size_of_numbers(cells.width, cells.height, em, ratio)
    view = heatmap.map
    if fit is None or len(rows) * len(columns) > MOST or view.array is None:
        return
    size, characters = fit
    part = np.s_[rows.start : rows.stop, columns.start : columns.stop]
    numbers = heatmap.grid.picture(view.array)[part]
    dark_ink = bright(theme, view.levels.kind)[codes(numbers, view.levels)]
    shown = np.ones(numbers.shape, dtype=bool)
    if view.computed is not None:
        shown = ~unknown(heatmap.grid, heatmap.grid.size, view.computed)[part]
    if heatmap.grid.gaps is not None:
        shown &= ~heatmap.grid.gaps[part]
    metrics = QFontMetricsF(font(size, mono=True))
    painter.setFont(font(size, mono=True))
    half = metrics.horizontalAdvance("0") / 2
    lift = metrics.capHeight() / 2
    for ink, chosen in ((theme.ink_dark, shown & dark_ink), (theme.ink_light, shown & ~dark_ink)):
        painter.setPen(QColor(ink))
        places = np.argwhere(chosen).tolist()
        for (row, column), value in zip(places, numbers[chosen].tolist(), strict=True):
            text = _written(value, characters)
            x = cells.frame.x() + (columns.start + column + 0.5) * cells.width - half * len(text)
            y = cells.frame.y() + (rows.start + row + 0.5) * cells.height + lift
            painter.drawText(QPointF(x, y), text)
