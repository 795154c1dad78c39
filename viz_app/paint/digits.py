"""Write the numbers of cells into them, where they fit."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from core.values import Array
from viz_app.frame.words.live import COVERED
from viz_app.frame.words.numbers import characters_needed, in_cell
from viz_app.frame.words.writing import Writing, current_writing
from viz_app.paint.cells import Cells
from viz_app.paint.colors import bright, codes
from viz_app.paint.raster import unknown
from viz_app.paint.text import font
from viz_app.paint.theme import Theme
from viz_app.picture.elements import Heatmap, Tone
from viz_app.picture.legible import ADVANCE, FEWEST, LEAST, MOST, SIDES

_LEAST = ((6, 14.0), (5, 11.0), (4, 9.0), (3, 9.0))
"""How many characters a number may have, and the size of type from which on it is worth it."""
_CHOSEN = 10.0
"""The size of type from which on numbers have as many digits as a person has chosen."""
_LONGEST = 9
_OF_LARGE = 0.22
"""The size of the number in a cell that is much larger than its text would need, in heights of the cell."""
_MOST_WRITTEN = 2 / 3
"""The least share of the numbers of a map that are written, or none is."""
_LEAST_QUESTION = 0.6
"""Smaller question marks, in em, say less than the colour behind them."""

_written = lru_cache(maxsize=1 << 14)(in_cell)


@dataclass(frozen=True)
class Form:
    """What all numbers of a map share: the size of type, the most characters, with and without a sign, the writing."""

    size: float
    characters: int
    unsigned: int
    writing: Writing = Writing()

    def write(self, value: float) -> str:
        """Write a number; those without a sign have no more digits than the others."""
        return _written(value, self.characters if value < 0 else self.unsigned, self.writing)


def form_of_numbers(numbers: Array, width: float, height: float, em: float, zoom: float = 1.0) -> Form | None:
    """Return the form for the numbers of cells of a size; ``None`` where there is no room.

    Where a smaller size of type lets more cells show their number, it is taken. What is magnified has more digits
    first, and larger ones where it has them all.

    Parameters
    ----------
    numbers : ndarray
        All that share the form.
    width, height, em : float
        The size of a cell and of text, magnified, in pixels of the picture: so a picture that is painted twice as
        large shows the same.
    zoom : float
        How much of the size is magnified.
    """
    tallest = min(0.5 * height, max(1.1 * em, _OF_LARGE * height))

    def size_for(characters: int) -> float:
        return min(tallest, width / (ADVANCE * characters + SIDES))

    writing = current_writing()
    negative = bool((numbers < 0).any())
    chosen = _LONGEST if writing.digits is None else writing.digits + 1 + writing.comma + negative
    least = _LEAST if writing.digits is None else ((chosen, _CHOSEN), *_LEAST)
    characters = next((count for count, size in least if size_for(count) >= size and count <= chosen), None)
    if characters is None:
        return None
    plain_size = min(size_for(characters), 1.1 * em / zoom)
    characters = max(characters, min(int(width / plain_size / ADVANCE - 1), _LONGEST))
    wanted = max(int(characters_needed(np.abs(numbers)).max(initial=1)), 3) + negative
    smaller = (more for more in range(wanted, characters, -1) if size_for(more) >= LEAST)
    characters = next(smaller, characters)
    return Form(size_for(characters), characters, characters - negative, writing)


def paint_numbers(
    painter: QPainter, heatmap: Heatmap, theme: Theme, cells: Cells, em: float, scale: float, zoom: float = 1.0
) -> None:
    """Paint the numbers of the cells that are seen, dark on bright cells and light on dark ones.

    ``scale`` is how many pixels of the device a pixel of the picture is, ``zoom`` how much of that is magnified.
    """
    rows, columns = cells.seen_rows, cells.seen_columns
    view = heatmap.map
    width, height = (zoom * side / count for side, count in zip(
        (heatmap.rect.width, heatmap.rect.height), heatmap.grid.size[::-1], strict=True))  # fmt: skip
    if view.array is None or len(rows) * len(columns) > MOST or height < 2 * LEAST:
        return
    _paint_questions(painter, heatmap, theme, cells, em * scale)
    everything = heatmap.grid.picture(view.array)
    part = np.s_[rows.start : rows.stop, columns.start : columns.stop]
    numbers = everything[part]
    shown = _shown(heatmap)
    shared = everything if everything.size <= MOST else numbers  # the form stays while the view moves
    counted = shown if everything.size <= MOST else shown[part]
    form = form_of_numbers(shared[counted], width, height, em * zoom, zoom)
    if form is None or _is_sparse(shared[counted], form):
        return
    dark_ink = bright(theme, view.levels.kind)[codes(numbers, view.levels)]
    shown = shown[part]
    if view.computed is not None:
        shown = shown & ~unknown(heatmap.grid, heatmap.grid.size, view.computed)[part]
    type_ = font(int(form.size * scale / zoom), mono=True)
    metrics = QFontMetricsF(type_)
    painter.setFont(type_)
    half = metrics.horizontalAdvance("0") / 2
    lift = metrics.capHeight() / 2
    for ink, chosen in ((theme.ink_dark, shown & dark_ink), (theme.ink_light, shown & ~dark_ink)):
        painter.setPen(QColor(ink))
        places = np.argwhere(chosen).tolist()
        for (row, column), value in zip(places, numbers[chosen].tolist(), strict=True):
            text = form.write(value)
            x = cells.frame.x() + (columns.start + column + 0.5) * cells.width - half * len(text)
            y = cells.frame.y() + (rows.start + row + 0.5) * cells.height + lift
            painter.drawText(QPointF(x, y), text)


def _is_sparse(numbers: Array, form: Form) -> bool:
    """Tell whether many numbers have no digit in a form: those that have would look like all there is.

    Where there is room for as many characters as a stage counts on, every number that can be is written.
    """
    if form.characters >= FEWEST:
        return False
    sizes = np.abs(numbers)
    least = 0.5 * 10.0 ** (1 - form.unsigned + form.writing.comma)  # it is rounded up to a digit
    written = (characters_needed(sizes) <= form.unsigned) | ((sizes >= least) & (sizes < 1))
    return numbers.size > 1 and float(written.mean()) < _MOST_WRITTEN


def _shown(heatmap: Heatmap) -> NDArray[np.bool_]:
    """Return which cells of a picture stand for a number: none of its gaps, and none that a mask has hidden."""
    grid, view = heatmap.grid, heatmap.map
    shown: NDArray[np.bool_] = np.broadcast_to(np.True_, grid.size) if grid.gaps is None else ~grid.gaps
    if view.hidden is not None:
        hidden = np.broadcast_to(view.hidden, view.shape).astype(np.float32)
        shown = shown & (grid.picture(hidden) == 0)
    covered = _covered(heatmap)
    return shown if covered is None else shown & ~covered


def _covered(heatmap: Heatmap) -> NDArray[np.bool_] | None:
    """Return which cells of a picture a quiz covers, of those that are computed; ``None`` where none is."""
    grid, view = heatmap.grid, heatmap.map
    if view.covered is None:
        return None
    covered: NDArray[np.bool_] = grid.picture(view.covered.astype(np.float32)) != 0
    if grid.gaps is not None:
        covered = covered & ~grid.gaps
    return covered if view.computed is None else covered & ~unknown(grid, grid.size, view.computed)


def _paint_questions(painter: QPainter, heatmap: Heatmap, theme: Theme, cells: Cells, em: float) -> None:
    """Paint a question mark into every covered cell that has room for one; ``em`` is in pixels of the device."""
    covered, size = _covered(heatmap), min(0.62 * cells.height, 0.8 * cells.width, 1.3 * em)
    if covered is None or size < _LEAST_QUESTION * em:
        return
    rows, columns = cells.seen_rows, cells.seen_columns
    painter.setFont(font(int(size), mono=True))
    painter.setPen(theme.color(Tone.ACCENT))
    for row, column in np.argwhere(covered[rows.start : rows.stop, columns.start : columns.stop]).tolist():
        box = cells.box(rows.start + row, columns.start + column, 1, 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, COVERED)
